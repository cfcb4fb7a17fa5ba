"""Samples that a sampler keeps moving, for as long as training lasts."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor


class Chains:
    """The replay buffer of an energy-based model: persistent chains (Du & Mordatch 2019, 1903.08689, sec. 3.2).

    `start(n)` draws n fresh samples (n, ...) as noise. A chain that is taken up begins anew with probability
    `restart`. Each process keeps chains of its own.

    Raises ValueError if there is no room or `restart` is no probability.
    """

    def __init__(self, start: Callable[[int], Tensor], size: int = 10_000, restart: float = 0.05) -> None:
        if size < 1 or not 0 <= restart <= 1:
            raise ValueError(f"chains need a size of at least 1 and restart in [0, 1], got {size} and {restart}")
        self.start, self.restart, self.samples = start, restart, start(size)

    def take(self, n: int) -> tuple[Tensor, Tensor]:
        """Where n chains stand (n, ...), some begun anew, and their places (n,) in the buffer.

        Raises ValueError for more than there are.
        """
        if n > len(self.samples):
            raise ValueError(f"there are {len(self.samples)} chains, and {n} are asked for; keep more of them")
        device = self.samples.device
        place = torch.randperm(len(self.samples), device=device)[:n]  # none twice: `put` could keep either
        fresh = torch.rand(n, *[1] * (self.samples.dim() - 1), device=device) < self.restart
        return torch.where(fresh, self.start(n), self.samples[place]), place

    def draw(self, n: int) -> Tensor:
        """n chains (n, ...) as they stand, any number of them."""
        return self.samples[torch.randint(len(self.samples), (n,), device=self.samples.device)]

    def put(self, place: Tensor, samples: Tensor) -> None:
        """Where those chains stand now."""
        self.samples[place] = samples.detach()

    def state_dict(self) -> dict[str, Any]:
        return {"samples": self.samples}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.samples.copy_(state["samples"])
