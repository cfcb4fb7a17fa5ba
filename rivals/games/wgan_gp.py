"""Wasserstein GAN with gradient penalty."""

from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.penalties import chord, gradient_penalty
from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class WGANGP:
    """Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, 1704.00028, Algorithm 1)."""

    generator: Player
    critic: Player
    prior: Prior  # n -> (n, latent)
    critic_steps: int = 5  # n_critic
    penalty_weight: float = 10.0  # lambda

    def play_round(self, feed: Feed) -> Facts:
        facts: Facts = {}
        for _ in range(self.critic_steps):
            real = next(feed)
            facts = self.critic.descend(self.critic_loss, real, self.prior(len(real)), chord(real))
        return facts | self.generator.descend(self.generator_loss, self.prior(feed.batch))

    def critic_loss(self, real: Tensor, z: Tensor, t: Tensor) -> tuple[Tensor, Facts]:
        D, fake = self.critic, self.generator(z)
        distance = D(real).mean() - D(fake).mean()
        penalty = gradient_penalty(D, real, fake, t=t)
        return self.penalty_weight * penalty - distance, {"distance": distance, "penalty": penalty}

    def generator_loss(self, z: Tensor) -> tuple[Tensor, Facts]:
        return -self.critic(self.generator(z)).mean(), {}
