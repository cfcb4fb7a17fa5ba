"""How two clouds of points differ, cell by cell of a grid."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from rivals.metrics.modes import as_array

CELLS = 400
"""Of the grid over the real points: 20 a side in two dimensions."""


@dataclass(frozen=True)
class GridDivergences:
    """Kullback-Leibler divergences of cell counts, in nats."""

    forward: float
    """KL(real || generated): large where real mass is missed."""
    reverse: float
    """KL(generated || real): large where mass lies that should not."""


def grid_divergences(
    real: np.ndarray | Tensor, fake: np.ndarray | Tensor, *, cells: int = CELLS, prior: float = 0.5
) -> GridDivergences:
    """KL both ways between points (n, d) and (m, d), d at most 3, from their counts in cells of one size.

    The grid spans the real points; what lies outside has a cell of its own. Each cell counts `prior` more than it
    holds (Krichevsky and Trofimov 1981), so that an empty one costs much rather than everything. Two samples of one
    distribution differ by about (cells that hold any) / n, so compare with real against real.

    Raises ValueError for shapes that do not fit, and for real points that are not finite; generated ones that are not
    lie outside the grid.
    """
    r, g = as_array(real), as_array(fake)
    if r.ndim != 2 or g.ndim != 2 or r.shape[1:] != g.shape[1:] or not 1 <= r.shape[1] <= 3 or not r.size * g.size:
        raise ValueError(f"points must be (n, d) and (m, d), d from 1 to 3; found {r.shape} and {g.shape}")
    if not np.isfinite(r).all():
        raise ValueError("real: points must be finite, and some are nan or infinite")
    low, high = r.min(0), r.max(0)
    side = round(cells ** (1 / r.shape[1]))
    p, q = (shares(points, low, high, side, prior) for points in (r, g))
    return GridDivergences(float((p * np.log(p / q)).sum()), float((q * np.log(q / p)).sum()))


def shares(points: np.ndarray, low: np.ndarray, high: np.ndarray, side: int, prior: float) -> np.ndarray:
    """The share of the points (n, d) in each cell of the box, and last of those outside it, all above 0."""
    width = np.where(high > low, high - low, 1.0)
    inside = ((points >= low) & (points <= high)).all(1)
    place = np.minimum((points[inside] - low) / width * side, side - 1).astype(np.int64)
    number = np.ravel_multi_index(tuple(place.T), (side,) * points.shape[1])
    counts = np.append(np.bincount(number, minlength=side ** points.shape[1]), (~inside).sum()) + prior
    return counts / counts.sum()
