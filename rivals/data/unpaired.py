"""Two sets side by side with nothing that pairs them: for CycleGAN and for domain adaptation."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from rivals.feed import Field, Source, bits

SEED = 0x5EC0
"""Tells the choice from the second set apart from what either set does with the same draw."""


class Side(Source, Protocol):
    """A source that can also be shown to people."""

    def restore(self, samples: Tensor) -> np.ndarray: ...
    def describe(self) -> str: ...


class Unpaired:
    """Samples of `first` by index and of `second` by chance, under two names; one epoch goes through the larger.

    The labels of `first` are kept as "label" (a labelled source domain); those of `second` are not given.
    Raises ValueError for two equal names, and where samples of one set don't have the shape of the other's.
    """

    def __init__(self, first: Side, second: Side, *, names: tuple[str, str] = ("source", "target")) -> None:
        self.first, self.second, self.names = first, second, names
        (self._first_field, one), (self._second_field, other) = (
            next(iter(first.spec.items())),
            next(iter(second.spec.items())),
        )
        if names[0] == names[1] or "label" in names:
            raise ValueError(f"the two sets need two names other than 'label', found {names[0]!r} and {names[1]!r}")
        if one.shape != other.shape:
            raise ValueError(
                f"samples of the two sets have different shapes, {one.shape} and {other.shape}; "
                "load both with the same size and channels"
            )

    @property
    def spec(self) -> Mapping[str, Field]:
        spec = {
            self.names[0]: self.first.spec[self._first_field],
            self.names[1]: self.second.spec[self._second_field],
        }
        return spec | ({"label": self.first.spec["label"]} if "label" in self.first.spec else {})

    def __len__(self) -> int:
        return max(len(self.first), len(self.second))

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        """first[index mod its length] and second[a function of draw], both (n, ...); `draw` (n,) int64."""
        word = bits(draw.cpu().numpy().view(np.uint64), SEED)
        other = torch.from_numpy((word.view(np.uint64) % np.uint64(len(self.second))).astype(np.int64))
        one = self.first.batch(index % len(self.first), draw)
        two = self.second.batch(other, torch.from_numpy(bits(word.view(np.uint64), SEED)))
        samples = {self.names[0]: one[self._first_field], self.names[1]: two[self._second_field]}
        return samples | ({"label": one["label"]} if "label" in one else {})

    def restore(self, samples: Tensor) -> np.ndarray:
        """Samples in the data units of the second set, which is what a generator learns to make."""
        return self.second.restore(samples)

    def describe(self) -> str:
        return f"{self.names[0]}: {self.first.describe()}; {self.names[1]}: {self.second.describe()}"
