"""AC-GAN: a discriminator that also says what it sees."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import AdversarialLoss, non_saturating
from rivals.losses.penalties import answers_and_penalty
from rivals.losses.recognition import wrong_label
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.priors import Prior
from rivals.parts.schedules import Schedule, constant
from rivals.parts.seen import SeenConditions
from rivals.play import Facts, Player


@dataclass
class ACGAN:
    """Auxiliary classifier GAN (Odena et al. 2017, 1610.09585, eq. 2 and 3).

    Both players want samples to be recognised (L_C); they are at odds about which is real (L_S). `fake_weight` is that
    of made samples in what the discriminator learns to recognise: 1 in the paper, which teaches it to recognise what
    does not yet look like anything; with 0 only real samples teach. With R1 and R2 of weight gamma on the logit of L_S.
    Fed with (sample, condition).
    """

    generator: Player  # (code, condition) -> sample
    discriminator: Player  # sample -> realism (n,), class logits (n, k)
    prior: Prior  # n -> (n, latent)
    seen: SeenConditions
    loss: AdversarialLoss = non_saturating  # L_S
    mistake: Callable[[Tensor, Tensor], Tensor] = wrong_label  # -L_C: (class logits, condition) -> scalar
    class_weight: float = 1.0
    fake_weight: float = 1.0
    penalty_weight: float = 0.0  # gamma
    penalty_schedule: Schedule = constant  # a factor on gamma, by the discriminator's steps
    augment: AdaptiveAugment | None = None  # the view within the discriminator's network whose strength adapts

    def play_round(self, feed: Feed) -> Facts:
        real, condition = next(feed)
        self.seen.add(condition)
        factor = torch.tensor(self.penalty_schedule(self.discriminator.steps))
        facts = self.discriminator.descend(self.discriminator_loss, real, condition, self.prior(len(real)), factor)
        if self.augment:
            self.augment.adapt(facts[f"{self.discriminator.name}/sign"], len(real) * feed.world)
        real, condition = next(feed)
        return facts | self.generator.descend(self.generator_loss, real, condition, self.prior(len(real)))

    def discriminator_loss(
        self, real: Tensor, condition: Tensor, z: Tensor, factor: Tensor | float = 1.0
    ) -> tuple[Tensor, Facts]:
        D, fake = self.discriminator, self.generator(z, condition)
        (real_logits, real_class), r1 = answers_and_penalty(D, real, wanted=self.penalty_weight > 0)
        (fake_logits, fake_class), r2 = answers_and_penalty(D, fake, wanted=self.penalty_weight > 0)
        value = self.loss.discriminator(real=real_logits, fake=fake_logits)
        real_mistake, fake_mistake = self.mistake(real_class, condition), self.mistake(fake_class, condition)
        facts = {"real": real_logits.mean(), "fake": fake_logits.mean(), "r1": r1, "r2": r2}
        facts |= {"real_mistake": real_mistake, "fake_mistake": fake_mistake}
        facts["sign"] = self.loss.sureness(real=real_logits, fake=fake_logits)
        mistakes = self.class_weight * (real_mistake + self.fake_weight * fake_mistake)
        return value + mistakes + self.penalty_weight * factor * (r1 + r2), facts

    def generator_loss(self, real: Tensor, condition: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        fake_logits, fake_class = self.discriminator(self.generator(z, condition))
        real_logits = self.discriminator(real)[0] if self.loss.real_matters else None
        value, mistake = self.loss.generator(real=real_logits, fake=fake_logits), self.mistake(fake_class, condition)
        return value + self.class_weight * mistake, {"mistake": mistake}
