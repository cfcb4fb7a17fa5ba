"""A discriminator that generates alone, as before GANs: its negatives are what it takes for real itself."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.energies import contrastive
from rivals.losses.penalties import Judge
from rivals.parts.chains import Chains
from rivals.play import Facts, Player


@dataclass(frozen=True)
class Climb:
    """Searches argmax_x D(x): gradient ascent from where x stands, with noise Langevin dynamics (1903.08689, eq. 1).

    Samples of exp(D(x) / temperature) come out for noise^2 = 2 * rate * temperature. The gradient of a sample is cut at
    `longest` in norm, and x is kept within [low, high].
    """

    steps: int = 20  # K
    rate: float = 0.1
    noise: float = 0.05
    longest: float = float("inf")
    low: float = -float("inf")
    high: float = float("inf")

    def __call__(self, D: Judge, x: Tensor) -> Tensor:
        for _ in range(self.steps):
            x = x + self.rate * self.uphill(D, x) + self.noise * torch.randn_like(x)
            x = x.clamp(self.low, self.high)
        return x

    def uphill(self, D: Judge, x: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            slope = torch.autograd.grad(D(x).sum(), x)[0]
        return torch.renorm(slope, p=2, dim=0, maxnorm=self.longest) if self.longest < float("inf") else slope


@dataclass
class EnergyModel:
    """An energy-based model with energy -D(x), trained on its own samples (1903.08689, Algorithm 1).

    D is raised on positives and lowered on the negatives that climbing from the replay buffer finds. `logit_weight`
    keeps logits near zero (alpha); `blur` is the noise added to positives, so that thin data has a slope to climb.
    """

    discriminator: Player
    chains: Chains
    climb: Callable[[Judge, Tensor], Tensor] = Climb()
    logit_weight: float = 0.1  # alpha
    blur: float = 0.0

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        start, place = self.chains.take(len(real))
        negative = self.climb(self.discriminator, start)
        self.chains.put(place, negative)
        return self.discriminator.descend(self.discriminator_loss, real + self.blur * torch.randn_like(real), negative)

    def discriminator_loss(self, real: Tensor, negative: Tensor) -> tuple[Tensor, Facts]:
        real_logits, fake_logits = self.discriminator(real), self.discriminator(negative)
        value = contrastive(real=real_logits, fake=fake_logits, weight=self.logit_weight)
        return value, {"real": real_logits.mean(), "fake": fake_logits.mean()}

    def sample(self, n: int, climbs: int = 1) -> Tensor:
        """n samples (n, ...): chains from the replay buffer, climbed on by the averaged discriminator."""
        x = self.chains.draw(n)
        for _ in range(climbs):
            x = self.climb(self.discriminator.sampler, x)
        return x
