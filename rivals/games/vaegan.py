"""VAE-GAN: a variational auto-encoder whose decoder is a generator, and whose likeness is the discriminator's."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import AdversarialLoss, minimax
from rivals.losses.evidence import gaussian_kl
from rivals.parts.priors import Prior
from rivals.play import Facts, Player, descend_together, gather


@dataclass
class VAEGAN:
    """Autoencoding beyond pixels using a learned similarity metric (Larsen et al. 2015, 1512.09300, Algorithm 1).

    Three players move at once from one shared forward pass. The discriminator's network gives a hidden layer and
    logits, and two samples are alike where their hidden layers are: p(Dis_l(x) | z) is normal (eq. 7).
    A `gan_weight` of 0 is the paper's VAE_Dis_l: the discriminator's likeness, without its verdict.

    Differs from the paper: reconstructions and samples together weigh as much in L_GAN as real samples do. Likeness is
    in units of the hidden layer's root mean square on real samples, or a discriminator could shrink it.
    """

    encoder: Player  # Enc: x, noise (n, 1, latent) -> mean, log variance, codes
    generator: Player  # Dec
    discriminator: Player  # Dis: x -> features, logits
    prior: Prior  # n -> (n, latent)
    loss: AdversarialLoss = minimax
    reconstruction_weight: float = 1e-3  # gamma
    gan_weight: float = 1.0
    scale: float = 1.0  # standard deviation of p(Dis_l(x) | z)

    def play_round(self, feed: Feed) -> Facts:
        x = next(feed)
        movers = (self.encoder, self.generator, self.discriminator)
        return descend_together(movers, self.losses, x, self.prior(len(x))[:, None], self.prior(len(x)))

    def losses(self, x: Tensor, noise: Tensor, z_p: Tensor) -> tuple[tuple[Tensor, ...], Facts]:
        mean, log_variance, z = self.encoder(x, noise)
        like, real = self.discriminator(x)
        like_returned, returned = self.discriminator(self.generator(z[:, 0]))
        _, sampled = self.discriminator(self.generator(z_p))
        fake = torch.cat([returned, sampled])
        L_prior = gaussian_kl(mean, log_variance).mean()
        variance = self.scale**2 * gather(like).square().mean()
        L_llike = 0.5 * (like - like_returned).square().sum(1).mean() / variance  # but for a constant
        L_dec = self.reconstruction_weight * L_llike + self.gan_weight * self.loss.generator(real=real, fake=fake)
        L_dis = self.loss.discriminator(real=real, fake=fake)
        E, D = self.encoder.name, self.discriminator.name
        facts = {f"{E}/divergence": L_prior, f"{E}/unlike": L_llike}
        judged = {f"{D}/real": real.mean(), f"{D}/fake": fake.mean()}
        return (L_prior + L_llike, L_dec, L_dis), facts | judged
