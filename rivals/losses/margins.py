"""The loss-sensitive GAN's objective and its margin (Qi 2017, 1701.06264). Not the least-squares GAN."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Margin = Callable[[Tensor, Tensor], Tensor]
"""Delta(x, x'): how far apart a real and a generated sample are, one number a pair: two (n, ...) -> (n,)."""


@dataclass(frozen=True)
class LpMargin:
    """scale * (mean |x - x'|^power)^(1/power): the l1 distance unless told otherwise (1701.06264).

    Differs from the paper: a mean over what a sample holds, not a sum, so that the scale does not depend on its size.
    """

    scale: float = 1.0
    power: float = 1.0

    def __call__(self, real: Tensor, fake: Tensor) -> Tensor:
        apart = (real - fake).abs().flatten(1)
        return self.scale * (apart.mean(1) if self.power == 1 else apart.pow(self.power).mean(1).pow(1 / self.power))


def loss_sensitive(
    *, real: Tensor, fake: Tensor, margin: Tensor, weight: float = 1.0, real_weight: float = 1.0
) -> Tensor:
    """real_weight * E L(x) + weight * E (Delta(x, G(z)) + L(x) - L(G(z)))+, L = -logit (1701.06264, Algorithm 1).

    Pairs each real logit (n,) with the fake one at its place and with the margin (n,) between the two samples.
    """
    return -real_weight * real.mean() + weight * torch.relu(margin - real + fake).mean()
