"""R3GAN: the relativistic paired game with both zero-centred penalties."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import relativistic
from rivals.losses.penalties import half_square, logits_and_gradient
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.priors import Prior
from rivals.parts.schedules import Schedule, constant
from rivals.play import Facts, Player


@dataclass
class R3GAN:
    """The GAN is dead; long live the GAN (Huang et al. 2025, 2501.05441, eq. 2 to 4)."""

    generator: Player
    discriminator: Player
    prior: Prior  # n -> (n, latent)
    penalty_weight: float = 1.0  # gamma
    penalty_schedule: Schedule = constant  # a factor on gamma, by the discriminator's steps
    augment: AdaptiveAugment | None = None  # the view within the discriminator's network whose strength adapts

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        factor = torch.tensor(self.penalty_schedule(self.discriminator.steps))
        facts = self.discriminator.descend(self.discriminator_loss, real, self.prior(len(real)), factor)
        if self.augment:
            self.augment.adapt(facts[f"{self.discriminator.name}/sign"], len(real) * feed.world)
        return facts | self.generator.descend(self.generator_loss, next(feed), self.prior(len(real)))

    def discriminator_loss(self, real: Tensor, z: Tensor, factor: Tensor | float = 1.0) -> tuple[Tensor, Facts]:
        D, fake = self.discriminator, self.generator(z)
        real_logits, real_slope = logits_and_gradient(D, real)
        fake_logits, fake_slope = logits_and_gradient(D, fake)
        value = relativistic.discriminator(real=real_logits, fake=fake_logits)
        r1, r2 = half_square(real_slope), half_square(fake_slope)
        facts = {"real": real_logits.mean(), "fake": fake_logits.mean(), "r1": r1, "r2": r2}
        facts["sign"] = relativistic.sureness(real=real_logits, fake=fake_logits)
        return value + self.penalty_weight * factor * (r1 + r2), facts

    def generator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        D = self.discriminator
        return relativistic.generator(real=D(real), fake=D(self.generator(z))), {}
