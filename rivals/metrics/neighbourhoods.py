"""How far two sets of features lie inside each other's nearest-neighbour balls."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.metrics.features import Features, blocks, both, centred, squares


@dataclass(frozen=True)
class PrecisionRecall:
    """Shares in [0, 1]."""

    precision: float
    """Generated samples within the support of the real ones: are they good?"""
    recall: float
    """Real samples within the support of the generated ones: are they all reached?"""


@dataclass(frozen=True)
class DensityCoverage:
    """Both are near 1 for a perfect generator; density may exceed it."""

    density: float
    """Real balls that a generated sample lies in, over k: unlike precision, an outlier's wide ball counts once."""
    coverage: float
    """Share of real samples whose ball holds a generated one; of two equal distributions about 1 - 2^-k."""


def precision_recall(real: Features, fake: Features, k: int = 3) -> PrecisionRecall:
    """Improved precision and recall (Kynkäänniemi et al. 2019, 1904.06991) of features (n, d) and (m, d).

    A support is the union of balls around the samples of a set, each as wide as to the k-th nearest other one.
    Raises ValueError for features that differ in width, are not finite, or no more than k.
    """
    r, g = centred(*both(real, fake, fewest=neighbours(k) + 1))
    real_radii, fake_radii = squared_radii(r, k), squared_radii(g, k)
    inside = torch.zeros(len(g), dtype=torch.bool, device=g.device)
    reached = 0.0
    for part in blocks(r, g):
        distances = squares(r[part], g)
        inside |= (distances <= real_radii[part, None]).any(0)
        reached += float((distances <= fake_radii).any(1).sum())
    return PrecisionRecall(float(inside.sum()) / len(g), reached / len(r))


def neighbours(k: int) -> int:
    """k itself. Raises ValueError below 1."""
    if k < 1:
        raise ValueError(f"k counts neighbours and must be 1 or more, found {k}")
    return k


def density_coverage(real: Features, fake: Features, k: int = 5) -> DensityCoverage:
    """Density and coverage (Naeem et al. 2020, 2002.09797) of features (n, d) and (m, d).

    Raises ValueError for features that differ in width, are not finite, or no more than k.
    """
    r, g = centred(*both(real, fake, fewest=neighbours(k) + 1))
    radii = squared_radii(r, k)
    hits = covered = 0.0
    for part in blocks(r, g):
        within = squares(r[part], g) < radii[part, None]
        hits += float(within.sum())
        covered += float(within.any(1).sum())
    return DensityCoverage(hits / (k * len(g)), covered / len(r))


def squared_radii(x: Tensor, k: int) -> Tensor:
    """The squared distance (n,) from each row of (n, d) to the k-th nearest other one."""
    nearest = [squares(x[part], x).topk(k + 1, largest=False).values.amax(1) for part in blocks(x, x)]
    return torch.cat(nearest)
