"""The endless, resumable stream of batches: its whole state is the number of batches given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from rivals.loop import seed_of

AHEAD = 64
"""Batches whose order is worked out at once: for one alone the calls would cost more than the arithmetic."""


@dataclass(frozen=True)
class Field:
    """One field of a source: what a sample of it looks like."""

    shape: tuple[int, ...]
    low: float = -float("inf")
    high: float = float("inf")
    kind: str = "points"
    """What a person sees in it: points, picture, label, text, …"""
    words: tuple[str, ...] = ()
    """The names of a label's classes, of tags, or of tokens, in the order of their numbers."""
    examples: tuple[str, ...] = ()
    """Some values in words that the data has, for people: combinations of tags, captions."""


class Source(Protocol):
    """Where samples come from: fields, a length, and batches by index."""

    index_sha256: str
    """A digest of what the samples are made from."""

    @property
    def spec(self) -> Mapping[str, Field]: ...
    def __len__(self) -> int: ...
    def describe(self) -> str:
        """One line for people."""
        ...

    def restore(self, samples: Tensor) -> np.ndarray:
        """From the range of the networks to the units of the data."""
        ...

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        """The samples at `index` (n,) int64, on the source's device.

        `draw` (n,) int64 holds random bits, a function of (seed, position): what a source randomises, such as flips.
        """
        ...


class Feed:
    """Batches of a source, for ever, in an order that is a function of (seed, position).

    Each epoch is a fresh permutation of the samples. Rank r of w takes the r-th of w equal parts of every
    global batch, so several processes see together what one would see.
    `next(feed)` is a tensor for one field, a tuple for several.

    Raises ValueError if the source lacks a field, or is none, and for an empty batch.
    """

    def __init__(
        self, source: Source, batch: int, *, fields: tuple[str, ...] = (), seed: int = 0, rank: int = 0, world: int = 1
    ) -> None:
        if not hasattr(source, "spec"):
            raise ValueError(
                f"a feed reads a source, and {type(source).__name__} is none; make one with rivals.data.load.load(...)"
            )
        if batch < 1:
            raise ValueError(f"a batch needs one sample or more, found {batch}")
        self.source, self.batch, self.seed, self.rank, self.world = source, batch, seed, rank, world
        self.fields = fields or tuple(source.spec)[:1]
        self.given = 0
        self._ahead: tuple[int, np.ndarray, np.ndarray] = (0, np.empty((0, batch)), np.empty((0, batch)))
        missing = [field for field in self.fields if field not in source.spec]
        if missing:
            raise ValueError(f"this game needs {' and '.join(self.fields)}, and the data has {', '.join(source.spec)}")

    def __iter__(self) -> "Feed":
        return self

    def __next__(self) -> Any:
        index, draw = self._order()
        samples = self.source.batch(torch.from_numpy(index), torch.from_numpy(draw))
        self.given += 1
        picked = tuple(samples[field] for field in self.fields)
        return picked[0] if len(picked) == 1 else picked

    def _order(self) -> tuple[np.ndarray, np.ndarray]:
        """Which samples the next batch holds, and their random bits, (batch,) both; worked out many batches ahead."""
        start, indices, draws = self._ahead
        if not start <= self.given < start + len(indices):
            start = self.given
            batches = (start + np.arange(AHEAD, dtype=np.uint64)) * self.world + self.rank
            position = (batches[:, None] * self.batch + np.arange(self.batch, dtype=np.uint64)).ravel()
            indices = shuffled(position, len(self.source), self.seed).reshape(AHEAD, self.batch)
            draws = bits(position, seed_of(self.seed, 1)).reshape(AHEAD, self.batch)
            self._ahead = start, indices, draws
        return indices[self.given - start], draws[self.given - start]

    def state_dict(self) -> dict[str, int]:
        return {"given": self.given}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        self.given = int(state["given"])


def sent(x: Tensor, device: torch.device) -> Tensor:
    """A tensor of the processor's on a device, without waiting for what a GPU is busy with."""
    if device.type != "cuda" or x.is_cuda:
        return x.to(device)
    return x.pin_memory().to(device, non_blocking=True)


def shuffled(position: np.ndarray, size: int, seed: int) -> np.ndarray:
    """The sample that stands at each position (n,) uint64 of an endless stream of permutations of `size` samples.

    An eight-round Feistel network over the smallest even number of bits that holds `size`, walked until it lands
    inside: a permutation of any size without memory of its own.
    """
    epoch, place = np.divmod(position.astype(np.uint64), np.uint64(size))
    half = np.uint64(max(1, (max(size - 1, 1).bit_length() + 1) // 2))
    mask = (np.uint64(1) << half) - np.uint64(1)
    outside = np.ones(len(place), bool)
    while outside.any():
        left, right = place[outside] >> half, place[outside] & mask
        for turn in range(8):
            key = bits(right | epoch[outside] << np.uint64(32), seed_of(seed, 2, turn)).view(np.uint64)
            left, right = right, left ^ (key & mask)
        place[outside] = left << half | right
        outside = place >= size
    return place.astype(np.int64)


def bits(number: np.ndarray, seed: int) -> np.ndarray:
    """64 random bits for each number (n,) uint64, as int64: the splitmix64 hash."""
    word = number.astype(np.uint64) ^ np.uint64(seed)
    with np.errstate(over="ignore"):
        word = word + np.uint64(0x9E3779B97F4A7C15)
        word = (word ^ word >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ word >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return (word ^ word >> np.uint64(31)).view(np.int64)
