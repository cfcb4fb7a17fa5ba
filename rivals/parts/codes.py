"""Codes whose parts have a meaning: noise, categories and continuous ones (1606.03657, sec. 4)."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import one_hot


@dataclass(frozen=True)
class Codes:
    """A prior n -> (n, latent) of noise in [-1, 1), then each category as one-hot, then continuous codes in [-1, 1).

    What Q reads off a sample has logits for each category, the means of the continuous codes and, with `learned_sd`,
    the logarithms of their standard deviations, which are 1 otherwise.

    Raises ValueError where nothing has a name, or a category has less than two values.
    """

    noise: int
    categories: tuple[int, ...] = (10,)
    continuous: int = 2
    learned_sd: bool = False
    device: str | torch.device = "cpu"

    def __post_init__(self) -> None:
        if min(self.categories, default=2) < 2:
            raise ValueError(f"a category needs two values or more, found {min(self.categories)}")
        if self.noise < 0 or not self.named:
            raise ValueError(f"codes need noise of 0 or more and one named part, found {self.noise} and {self.named}")

    @property
    def named(self) -> int:
        """Dimensions that have a meaning (c)."""
        return sum(self.categories) + self.continuous

    @property
    def latent(self) -> int:
        """Dimensions in all (z and c)."""
        return self.noise + self.named

    @property
    def reading(self) -> int:
        """Numbers that Q gives for a sample."""
        return self.named + self.continuous * self.learned_sd

    @property
    def places(self) -> list[slice]:
        """Where each category stands in a code."""
        ends = [self.noise + sum(self.categories[: k + 1]) for k in range(len(self.categories))]
        return [slice(end - size, end) for end, size in zip(ends, self.categories, strict=True)]

    @property
    def numbers(self) -> range:
        """Where the continuous codes stand."""
        return range(self.latent - self.continuous, self.latent)

    def __call__(self, n: int) -> Tensor:
        noise = torch.rand(n, self.noise, device=self.device) * 2 - 1
        drawn = [torch.randint(size, (n,), device=self.device) for size in self.categories]
        values = torch.rand(n, self.continuous, device=self.device) * 2 - 1
        return torch.cat([noise, *(one_hot(c, k) for c, k in zip(drawn, self.categories, strict=True)), values], 1)

    def parts(self, z: Tensor) -> tuple[list[Tensor], Tensor]:
        """The named parts of codes (n, latent): categories (n, k) each, and continuous ones (n, continuous)."""
        *categories, values = z[:, self.noise :].split([*self.categories, self.continuous], 1)
        return categories, values

    def read(self, reading: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
        """Q's reading (n, reading) as logits of each category, and means and log deviations of the continuous ones."""
        *logits, mean, rest = reading.split([*self.categories, self.continuous, self.reading - self.named], 1)
        return logits, mean, rest if self.learned_sd else torch.zeros_like(mean)

    def expected(self, reading: Tensor) -> Tensor:
        """The mean code (n, latent) under a reading: no noise, probabilities for one-hot categories, means."""
        logits, mean, _ = self.read(reading)
        return torch.cat([mean.new_zeros(len(mean), self.noise), *(each.softmax(1) for each in logits), mean], 1)
