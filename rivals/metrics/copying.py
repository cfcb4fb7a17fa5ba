"""Has a generator learned its training samples by heart?"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.metrics.features import Features, as_tensor, blocks, squares

FEWEST = 20
"""Generated and held-out samples below which a cell of the space says nothing."""


@dataclass(frozen=True)
class DataCopying:
    """Below -3: the samples lie closer to the training data than new data does, so it copies; above 3, it underfits."""

    z: float
    """Mann-Whitney's statistic as a standard normal one, over all cells; nan without a cell of enough."""
    closer: float
    """Chance that a generated sample lies closer to the training samples than a held-out one does; 0.5 is fair."""


def data_copying(train: Features, held_out: Features, fake: Features, cells: int = 5) -> DataCopying:
    """The test of data copying (Meehan, Chaudhuri and Dasgupta 2020, 2004.05675) on (n, d), (m, d) and (l, d).

    Distances to the nearest training sample are ranked, generated against held-out ones, within each of `cells`
    parts of the space (k-means on the training samples), and the parts' statistics weighed by their share of the
    held-out samples: a dense part, where all lies near, is not ranked against a sparse one. Differs from the paper,
    which takes their weighted mean: that is divided by its deviation, so that it is standard normal too (Stouffer).

    Raises ValueError for features that differ in width or are not finite.
    """
    t, p, q = (as_tensor(each, name) for each, name in ((train, "train"), (held_out, "held_out"), (fake, "fake")))
    if len({x.shape[1] for x in (t, p, q)}) > 1:
        raise ValueError(f"features must be of one width, found {t.shape[1]}, {p.shape[1]} and {q.shape[1]}")
    kind, mean = torch.promote_types(torch.promote_types(t.dtype, p.dtype), q.dtype), t.mean(0)
    t, p, q = ((x - mean).to(kind) for x in (t, p, q))
    centres = k_means(t, min(cells, len(t)))
    real, made = (to_nearest(x, t) for x in (p, q))
    real_cell, made_cell = (squares(x, centres).argmin(1) for x in (p, q))
    z, closer, weight, squared = 0.0, 0.0, 0, 0
    for cell in range(len(centres)):
        ours, theirs = made[made_cell == cell], real[real_cell == cell]
        if min(len(ours), len(theirs)) >= FEWEST:
            share = chance_below(ours, theirs)
            z += len(theirs) * _standard(share, len(ours), len(theirs))
            closer += len(theirs) * share
            weight, squared = weight + len(theirs), squared + len(theirs) ** 2
    return DataCopying(z / math.sqrt(squared), closer / weight) if weight else DataCopying(math.nan, math.nan)


def chance_below(a: Tensor, b: Tensor) -> float:
    """P(a < b) + P(a = b) / 2 over all pairs of (n,) and (m,): Mann-Whitney's U over n m."""
    order = b.sort().values
    below = torch.searchsorted(order, a, right=False) + torch.searchsorted(order, a, right=True)
    return 1 - float(below.double().mean()) / (2 * len(b))


def to_nearest(x: Tensor, train: Tensor) -> Tensor:
    """The squared distance (n,) from each row of (n, d) to the nearest of (m, d)."""
    return torch.cat([squares(x[part], train).amin(1) for part in blocks(x, train)])


def k_means(x: Tensor, k: int, steps: int = 20) -> Tensor:
    """Lloyd's centres (k, d) of (n, d), begun at samples evenly from the set; an empty cell keeps its centre."""
    centres = x[torch.linspace(0, len(x) - 1, k).long()]
    for _ in range(steps):
        cell = torch.cat([squares(x[part], centres).argmin(1) for part in blocks(x, centres)])
        counts = cell.bincount(minlength=k)
        sums = torch.zeros_like(centres).index_add_(0, cell, x)
        centres = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], centres)
    return centres


def _standard(share: float, n: int, m: int) -> float:
    """U / (n m) as a standard normal statistic: high where the first lot lies above."""
    return (0.5 - share) * math.sqrt(12 * n * m / (n + m + 1))
