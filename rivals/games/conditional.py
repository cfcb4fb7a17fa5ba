"""A generator that is told what to make, against a discriminator that knows what was asked for."""

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
class ConditionalGAN:
    """Conditional GAN (Mirza & Osindero 2014, 1411.1784, eq. 2), matching-aware (Reed et al. 2016, 1605.05396, Alg. 1).

    One logit says whether a sample is real and is what was asked for. `wrong_weight` is the share of real samples under
    the condition of another among what the discriminator is to reject: 1/2 in GAN-CLS, 0 in the conditional GAN. Where
    the other's condition is the same there is nothing to reject, and the fake stands in. Any value function, with R1
    and R2 of weight gamma (2501.05441, eq. 3 and 4). Fed with (sample, condition).
    """

    generator: Player  # (code, condition) -> sample
    discriminator: Player  # (sample, condition) -> logits (n,)
    prior: Prior  # n -> (n, latent)
    seen: SeenConditions
    loss: AdversarialLoss = relativistic
    wrong_weight: float = 0.5
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
        D, penalised = self.discriminator, self.penalty_weight > 0
        fake = self.generator(z, condition)
        (real_logits,), r1 = answers_and_penalty(lambda x: (D(x, condition),), real, wanted=penalised)
        (fake_logits,), r2 = answers_and_penalty(lambda x: (D(x, condition),), fake, wanted=penalised)
        facts = {"real": real_logits.mean(), "fake": fake_logits.mean(), "r1": r1, "r2": r2}
        facts["sign"] = self.loss.sureness(real=real_logits, fake=fake_logits)
        value = (1 - self.wrong_weight) * self.loss.discriminator(real=real_logits, fake=fake_logits)
        if self.wrong_weight:
            wrong_logits = torch.where(differ(others, condition), D(real, others), fake_logits)
            value = value + self.wrong_weight * self.loss.discriminator(real=real_logits, fake=wrong_logits)
            facts["wrong"] = wrong_logits.mean()
        return value + self.penalty_weight * factor * (r1 + r2), facts

    def generator_loss(self, real: Tensor, condition: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        D, fake = self.discriminator, self.generator(z, condition)
        real_logits = D(real, condition) if self.loss.real_matters else None
        return self.loss.generator(real=real_logits, fake=D(fake, condition)), {}
