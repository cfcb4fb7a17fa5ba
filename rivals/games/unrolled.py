"""Unrolled GAN: the generator looks ahead at how the discriminator would answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import functional_call

from rivals.feed import Feed
from rivals.losses.adversarial import AdversarialLoss, non_saturating
from rivals.parts.priors import Prior
from rivals.play import Facts, Player, gather

Weights = dict[str, Tensor]


@dataclass
class UnrolledGAN:
    """Unrolled generative adversarial networks (Metz et al. 2016, 1611.02163, eq. 8 to 11).

    The generator lowers its loss against the discriminator as it would stand after `look_ahead` gradient steps on the
    same batch, and its gradient runs through those steps. The discriminator itself moves by one ordinary step.
    Looking ahead changes no buffer of the discriminator.
    """

    generator: Player
    discriminator: Player
    prior: Prior  # n -> (n, latent)
    loss: AdversarialLoss = non_saturating
    look_ahead: int = 5  # K
    look_ahead_rate: float = 0.1  # eta, of the plain gradient steps

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        z = self.prior(len(real))
        facts = self.generator.descend(self.generator_loss, real, z)
        return self.discriminator.descend(self.discriminator_loss, real, z) | facts

    def discriminator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        D = self.discriminator
        real_logits, fake_logits = D(real), D(self.generator(z))
        value = self.loss.discriminator(real=real_logits, fake=fake_logits)
        return value, {"real": real_logits.mean(), "fake": fake_logits.mean()}

    def generator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        fake = self.generator(z)
        weights: Weights = dict(self.discriminator.network.named_parameters())
        for _ in range(self.look_ahead):  # eq. 9
            slopes = torch.func.grad(self.ahead)(weights, real, fake)
            means = {name: gather(slope[None]).mean(0) for name, slope in slopes.items()}  # over ranks
            weights = {name: weights[name] - self.look_ahead_rate * slope for name, slope in means.items()}
        return self.loss.generator(real=self.judge(weights, real), fake=self.judge(weights, fake)), {}

    def ahead(self, weights: Weights, real: Tensor, fake: Tensor) -> Tensor:
        return self.loss.discriminator(real=self.judge(weights, real), fake=self.judge(weights, fake))

    def judge(self, weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
        network = self.discriminator.network
        buffers = {name: buffer.clone() for name, buffer in network.named_buffers()}
        return functional_call(network, {**weights, **buffers}, (x,))
