"""The conditions of the training data, as far as they have come by."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


class SeenConditions:
    """The first conditions (m, ...) that a training meets, to draw from: they come as often as in the data.

    Holds `start` (m, ...) until then, and keeps its size and device. A full pool stays as it is, so that samples of one
    seed are asked for the same things all through a training. Each process keeps one of its own.

    Raises ValueError if there is no room.
    """

    def __init__(self, start: Tensor) -> None:
        if not len(start):
            raise ValueError("the pool of conditions needs room for at least one")
        self.pool, self.count = start.clone(), 0

    def add(self, conditions: Tensor) -> None:
        """Takes in a batch (n, ...), as far as there is room."""
        new = conditions[: len(self.pool) - self.count]
        if len(new):
            self.pool[self.count : self.count + len(new)] = new
            self.count += len(new)

    def draw(self, n: int) -> Tensor:
        """n conditions (n, ...), of those seen; before there are any, of those that it began with."""
        return self.pool[torch.randint(self.count or len(self.pool), (n,), device=self.pool.device)]

    def state_dict(self) -> dict[str, Any]:
        return {"pool": self.pool, "count": self.count}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.pool.copy_(state["pool"])
        self.count = int(state["count"])


def differ(one: Tensor, other: Tensor) -> Tensor:
    """Which of two batches of conditions (n, ...) are not the same, (n,) bool."""
    apart = one != other
    return apart.flatten(1).any(1) if apart.dim() > 1 else apart
