"""The facts of the rounds since the last log point."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass
class NotFinite(ArithmeticError):
    """A fact that is no finite number, the first of its rounds."""

    key: str
    round: int
    value: float


class Window:
    """Gathers the scalar facts of rounds on their device, and moves all of them off it at once when they are read."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, int, Tensor | float]] = []

    def add(self, round: int, facts: Mapping[str, Any]) -> None:
        """Keeps the facts of a round that are single numbers."""
        for key, value in facts.items():
            if isinstance(value, int | float) or (isinstance(value, Tensor) and value.dim() == 0):
                self._entries.append((key, round, value))

    def check(self) -> None:
        """Raises NotFinite for the first round with a fact that is not finite, its losses before other facts."""
        self._values()

    def means(self) -> dict[str, float]:
        """The mean of each fact over its rounds, and begins anew. Raises NotFinite as `check` does."""
        gathered: dict[str, list[float]] = {}
        for (key, _, _), value in zip(self._entries, self._values(), strict=True):
            gathered.setdefault(key, []).append(value)
        self._entries = []
        return {key: sum(values) / len(values) for key, values in gathered.items()}

    def _values(self) -> list[float]:
        tensors = [value.float() for _, _, value in self._entries if isinstance(value, Tensor)]
        moved = iter(torch.stack(tensors).tolist() if tensors else ())
        values = [next(moved) if isinstance(value, Tensor) else float(value) for _, _, value in self._entries]
        bad = [
            NotFinite(key, round, value)
            for (key, round, _), value in zip(self._entries, values, strict=True)
            if not math.isfinite(value)
        ]
        if bad:
            raise min(bad, key=lambda each: (each.round, not each.key.endswith("/loss")))
        return values
