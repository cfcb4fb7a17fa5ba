"""A discriminator that says two things apart: whether a sample is real, and whether it is what was asked for."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import AdversarialLoss, relativistic
from rivals.losses.penalties import answers_and_penalty
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.priors import Prior
from rivals.parts.schedules import Schedule, constant
from rivals.parts.seen import SeenConditions, differ
from rivals.play import Facts, Player


@dataclass
class TwoHeadedGAN:
    """The joint conditional and unconditional game of StackGAN++ (Zhang et al. 2017, 1710.10916, sec. 3.3, one scale).

    The head of the match rejects fakes under their own condition and, `wrong_weight` of it, real samples under that of
    another; where that is the same there is nothing to reject, and the fake stands in. R1 and R2 of weight gamma hold
    the sum of both heads. Fed with (sample, condition).
    """

    generator: Player  # (code, condition) -> sample
    discriminator: Player  # (sample, condition) -> realism (n,), match (n,)
    prior: Prior  # n -> (n, latent)
    seen: SeenConditions
    loss: AdversarialLoss = relativistic
    wrong_weight: float = 0.5
    match_weight: float = 1.0
    penalty_weight: float = 1.0  # gamma
    penalty_schedule: Schedule = constant  # a factor on gamma, by the discriminator's steps
    augment: AdaptiveAugment | None = None  # the view within the discriminator's network whose strength adapts

    def play_round(self, feed: Feed) -> Facts:
        real, condition = next(feed)
        other, others = next(feed)  # what was asked for there is wrong here
        self.seen.add(condition)
        factor = torch.tensor(self.penalty_schedule(self.discriminator.steps))
        z = self.prior(len(real))
        facts = self.discriminator.descend(self.discriminator_loss, real, condition, others, z, factor)
        if self.augment:
            self.augment.adapt(facts[f"{self.discriminator.name}/sign"], len(real) * feed.world)
        return facts | self.generator.descend(self.generator_loss, other, others, self.prior(len(other)))

    def discriminator_loss(
        self, real: Tensor, condition: Tensor, others: Tensor, z: Tensor, factor: Tensor | float = 1.0
    ) -> tuple[Tensor, Facts]:
        fake, penalised = self.generator(z, condition), self.penalty_weight > 0
        (_, real_is, real_fits), r1 = answers_and_penalty(lambda x: self.heard(x, condition), real, wanted=penalised)
        (_, fake_is, fake_fits), r2 = answers_and_penalty(lambda x: self.heard(x, condition), fake, wanted=penalised)
        wrong_fits = torch.where(differ(others, condition), self.discriminator(real, others)[1], fake_fits)
        realism = self.loss.discriminator(real=real_is, fake=fake_is)
        match = (1 - self.wrong_weight) * self.loss.discriminator(real=real_fits, fake=fake_fits)
        match = match + self.wrong_weight * self.loss.discriminator(real=real_fits, fake=wrong_fits)
        facts = {"real": real_is.mean(), "fake": fake_is.mean()}
        facts["sign"] = self.loss.sureness(real=real_is, fake=fake_is)
        facts |= {"match": real_fits.mean(), "mismatch": wrong_fits.mean(), "r1": r1, "r2": r2}
        return realism + self.match_weight * match + self.penalty_weight * factor * (r1 + r2), facts

    def heard(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The sum of the heads, and each of them."""
        realism, match = self.discriminator(x, condition)
        return realism + self.match_weight * match, realism, match

    def generator_loss(self, real: Tensor, condition: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        fake = self.generator(z, condition)
        (real_is, real_fits), (fake_is, fake_fits) = (self.discriminator(x, condition) for x in (real, fake))
        realism = self.loss.generator(real=real_is, fake=fake_is)
        match = self.loss.generator(real=real_fits, fake=fake_fits)
        return realism + self.match_weight * match, {"realism": realism, "match": match}
