"""The two-player game of 2014 under any value function, with what the field has added against its finickiness."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import AdversarialLoss, non_saturating
from rivals.losses.penalties import Penalty
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.history import FakeHistory, PastPlayers
from rivals.parts.labels import mislabelled, swap_labels
from rivals.parts.lecam import LeCam
from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class GAN:
    """Generative adversarial nets (Goodfellow et al. 2014, 1406.2661, Algorithm 1), the value function a field.

    With `penalty_every` above 1 the penalty comes in a move of its own after every so many of the discriminator's, that
    many times as heavy (lazily: 1912.04958, app. B). `history` shows past fakes among the present ones, `label_noise`
    takes a share of the samples for the other kind, `past` holds former discriminators that the generator must fool as
    well, `lecam` keeps logits near their averages, `augment` is the view within the discriminator's network whose
    strength adapts.
    """

    generator: Player
    discriminator: Player
    prior: Prior  # n -> (n, latent)
    loss: AdversarialLoss = non_saturating
    discriminator_steps: int = 1  # k
    penalty: Penalty | None = None
    penalty_every: int = 1
    history: FakeHistory | None = None
    label_noise: float = 0.0
    past: PastPlayers | None = None
    lecam: LeCam | None = None
    lecam_weight: float = 0.3
    augment: AdaptiveAugment | None = None

    def play_round(self, feed: Feed) -> Facts:
        facts: Facts = {}
        for step in range(self.discriminator_steps):
            real, fake = self.drawn(feed)
            batch = (real, self.shown(fake), self.noise(real), self.swapped(real))
            facts |= self.discriminator.descend(self.discriminator_loss, *batch)
            self.remember(facts, len(real) * feed.world)
            if self.lazily(step):
                real, fake = self.drawn(feed)
                facts |= self.discriminator.descend(self.penalty_loss, real, fake, self.noise(real))
        real = next(feed) if self.loss.real_matters else None
        return facts | self.generator.descend(self.generator_loss, real, self.prior(feed.batch))

    def drawn(self, feed: Feed) -> tuple[Tensor, Tensor]:
        return next(feed), self.generator(self.prior(feed.batch))

    def shown(self, fake: Tensor) -> Tensor:
        return self.history.swap(fake) if self.history else fake

    def noise(self, real: Tensor) -> Tensor | None:
        return torch.rand_like(real) if self.penalty else None  # what the penalty looks around with

    def swapped(self, real: Tensor) -> Tensor | None:
        return mislabelled(real, self.label_noise) if self.label_noise else None

    def lazily(self, step: int) -> bool:
        """Whether the penalty comes after this of the discriminator's moves, by itself."""
        moves = self.generator.steps * self.discriminator_steps + step
        return self.penalty is not None and self.penalty_every > 1 and moves % self.penalty_every == 0

    def remember(self, facts: Facts, samples: int) -> None:
        name = self.discriminator.name
        if self.past is not None:  # empty at first, and then false
            self.past.update()
        if self.lecam:
            self.lecam.update(real=facts[f"{name}/real"], fake=facts[f"{name}/fake"])
        if self.augment:
            self.augment.adapt(facts[f"{name}/sign"], samples)

    def discriminator_loss(
        self, real: Tensor, fake: Tensor, noise: Tensor | None, swapped: Tensor | None = None
    ) -> tuple[Tensor, Facts]:
        D = self.discriminator
        real_logits, fake_logits = D(real), D(fake)
        taken = (real_logits, fake_logits) if swapped is None else swap_labels(real_logits, fake_logits, swapped)
        value = self.loss.discriminator(real=taken[0], fake=taken[1])
        facts = {"real": real_logits.mean(), "fake": fake_logits.mean()}
        facts["sign"] = self.loss.sureness(real=real_logits, fake=fake_logits)
        if self.lecam:
            value = value + self.lecam_weight * self.lecam.penalty(real=real_logits, fake=fake_logits)
        if self.penalty and self.penalty_every == 1 and noise is not None:
            facts["penalty"] = self.penalty(D, real, fake, noise)
            value = value + facts["penalty"]
        return value, facts

    def penalty_loss(self, real: Tensor, fake: Tensor, noise: Tensor) -> tuple[Tensor, Facts]:
        assert self.penalty is not None
        penalty = self.penalty(self.discriminator, real, fake, noise)
        return self.penalty_every * penalty, {"penalty": penalty}

    def generator_loss(self, real: Tensor | None, z: Tensor) -> tuple[Tensor, Facts]:
        fake = self.generator(z)
        opponents = (self.discriminator, *(self.past or ()))
        values = [self.loss.generator(real=None if real is None else D(real), fake=D(fake)) for D in opponents]
        return torch.stack(values).mean(), {}
