"""Codes that lower what is asked of them, by gradient descent."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Objective = Callable[[Tensor], Tensor]
"""Codes (n, latent) -> what each of them is to lower (n,)."""


@dataclass(frozen=True)
class Descent:
    """How long and how fast codes descend. Raises ValueError for no step, or a rate that is not above zero."""

    steps: int = 200
    rate: float = 0.3
    """Adam's learning rate at first; it falls to nothing on a cosine."""

    def __post_init__(self) -> None:
        if self.steps < 1 or not 0 < self.rate < math.inf:
            raise ValueError(f"a descent needs at least 1 step and a rate above 0; found {self.steps} and {self.rate}")


def lowered(objective: Objective, start: Tensor, descent: Descent) -> tuple[Tensor, Tensor]:
    """The best codes (n, latent) met on the way down from `start` by Adam, itself included, and their values (n,).

    Each row goes its own way: nothing of it hangs on the others as long as `objective` keeps them apart.
    """
    codes = start.detach().clone().requires_grad_(True)
    optimizer = torch.optim.Adam([codes], lr=descent.rate)
    best, least = codes.detach().clone(), codes.new_full((len(codes),), math.inf)
    for step in range(descent.steps + 1):
        value = objective(codes)
        better = value.detach() < least
        best[better], least[better] = codes.detach()[better], value.detach()[better]
        if step < descent.steps:
            (codes.grad,) = torch.autograd.grad(value.sum(), codes)
            optimizer.param_groups[0]["lr"] = descent.rate * (0.5 + 0.5 * math.cos(math.pi * step / descent.steps))
            optimizer.step()
    return best, least
