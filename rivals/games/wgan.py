"""Wasserstein GAN with clipped weights."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import wasserstein
from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class WGAN:
    """Wasserstein GAN (Arjovsky et al. 2017, 1701.07875, Algorithm 1)."""

    generator: Player
    critic: Player
    prior: Prior  # n -> (n, latent)
    critic_steps: int = 5  # n_critic
    clip: float = 0.01  # c

    def play_round(self, feed: Feed) -> Facts:
        facts: Facts = {}
        for _ in range(self.critic_steps):
            real = next(feed)
            facts = self.critic.descend(self.critic_loss, real, self.prior(len(real)))
            for weight in self.critic.parameters:
                weight.clamp_(-self.clip, self.clip)
        facts[f"{self.critic.name}/clipped"] = self.share_at_bound()
        return facts | self.generator.descend(self.generator_loss, self.prior(feed.batch))

    def share_at_bound(self) -> Tensor:
        """The share of the critic's weights that clipping holds: none, and the critic is not Lipschitz by it."""
        weights = self.critic.parameters
        held = torch.stack([(weight.abs() >= self.clip).sum() for weight in weights]).sum()
        return held / sum(weight.numel() for weight in weights)

    def critic_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        D = self.critic
        value = wasserstein.discriminator(real=D(real), fake=D(self.generator(z)))
        return value, {"distance": -value}

    def generator_loss(self, z: Tensor) -> tuple[Tensor, Facts]:
        fake = self.critic(self.generator(z))
        return wasserstein.generator(real=fake, fake=fake), {}
