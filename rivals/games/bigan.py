"""BiGAN and ALI: an encoder learned beside the generator, from a discriminator of samples together with their codes."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

from rivals.feed import Feed
from rivals.losses.adversarial import non_saturating
from rivals.parts.priors import Prior
from rivals.play import Facts, Player, descend_together


@dataclass
class BiGAN:
    """Bidirectional GAN (Donahue et al. 2016, 1605.09782, eq. 3); adversarially learned inference (1606.00704, eq. 1).

    D tells (x, E(x)) from (G(z), z). E and G move together, each lowering D's loss with its labels swapped (sec. 3.4),
    so that at the end each inverts the other. The encoder is given noise beside the samples: ALI's draws its code with
    it, BiGAN's ignores it.
    """

    generator: Player
    encoder: Player  # x, noise (n, latent) -> (n, latent)
    discriminator: Player  # x, z -> (n,), high on encoded pairs
    prior: Prior  # n -> (n, latent)

    def play_round(self, feed: Feed) -> Facts:
        real, z = next(feed), self.prior(feed.batch)
        noise = torch.randn_like(z)
        facts = self.discriminator.descend(self.discriminator_loss, real, z, noise)
        return facts | descend_together((self.generator, self.encoder), self.coders_losses, real, z, noise)

    def discriminator_loss(self, real: Tensor, z: Tensor, noise: Tensor) -> tuple[Tensor, Facts]:
        encoded = self.discriminator(real, self.encoder(real, noise))
        generated = self.discriminator(self.generator(z), z)
        facts = {"real": encoded.mean(), "fake": generated.mean()}
        return non_saturating.discriminator(real=encoded, fake=generated), facts

    def coders_losses(self, real: Tensor, z: Tensor, noise: Tensor) -> tuple[tuple[Tensor, Tensor], Facts]:
        encoded = self.discriminator(real, self.encoder(real, noise))
        generated = self.discriminator(self.generator(z), z)
        return (softplus(-generated).mean(), softplus(encoded).mean()), {}  # labels swapped
