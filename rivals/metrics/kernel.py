"""The kernel distance of two sets of features."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rivals.metrics.features import Features, both


@dataclass(frozen=True)
class KernelDistance:
    """An unbiased squared maximum mean discrepancy; it may fall below 0 where the two sets are alike."""

    mean: float
    """Over the subsets."""
    sd: float
    """Between the subsets; nan of a single one."""


def kernel_distance(
    real: Features, fake: Features, *, subsets: int = 50, size: int = 1000, seed: int = 0
) -> KernelDistance:
    """MMD^2 of (n, d) and (m, d) under the kernel (x.y / d + 1)^3 (KID, Bińkowski et al. 2018, 1801.01401).

    The mean over `subsets` draws of `size` of each, without repeats inside a draw; where there are no more than
    `size` of both, all of them once.

    Raises ValueError for features that differ in width, are not finite or fewer than 2, and for a size below 2.
    """
    if size < 2 or subsets < 1:
        raise ValueError(f"size must be at least 2 and subsets at least 1, found {size} and {subsets}")
    r, g = (x.double() for x in both(real, fake))
    take = min(size, len(r)), min(size, len(g))
    draws = np.random.default_rng(seed)
    if max(len(r), len(g)) <= size:
        return KernelDistance(float(unbiased_mmd(r, g)), math.nan)
    picks = (
        [torch.from_numpy(draws.permutation(len(x))[:k]) for x, k in zip((r, g), take, strict=True)]
        for _ in range(subsets)
    )
    values = torch.stack([unbiased_mmd(r[i.to(r.device)], g[j.to(g.device)]) for i, j in picks])
    return KernelDistance(float(values.mean()), float(values.std()) if subsets > 1 else math.nan)


def unbiased_mmd(x: Tensor, y: Tensor) -> Tensor:
    """Squared maximum mean discrepancy of (n, d) and (m, d), no sample compared with itself
    (Gretton et al. 2012, JMLR 13, eq. 3)."""
    within = [(k.sum() - k.trace()) / (len(k) * (len(k) - 1)) for k in (cubic(x, x), cubic(y, y))]
    return within[0] + within[1] - 2 * cubic(x, y).mean()


def cubic(x: Tensor, y: Tensor) -> Tensor:
    """The kernel (x.y / d + 1)^3, (n, m)."""
    return (x @ y.T / x.shape[1] + 1) ** 3
