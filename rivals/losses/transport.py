"""Wasserstein-1: the least work that moves one distribution onto another, mass times distance.

The plane needs SciPy (extra: metrics). Arjovsky et al. 2017, 1701.07875, eq. 1.
"""

from types import ModuleType

import torch
from torch import Tensor


def wasserstein_on_line(p: Tensor, q: Tensor, spacing: float) -> Tensor:
    """Of probabilities on the same cells (n,) of a line: the area between the distribution functions."""
    return spacing * (p - q).cumsum(0).abs().sum()


def wasserstein_of_numbers(a: Tensor, b: Tensor) -> Tensor:
    """Of samples (n,) and (m,): the area between the quantile functions; sorted pairs where n = m."""
    a, b = a.sort().values, b.sort().values
    ends = torch.cat([torch.arange(1, len(x) + 1, dtype=torch.float64, device=a.device) / len(x) for x in (a, b)])
    ends = ends.sort().values
    shares = ends.diff(prepend=ends.new_zeros(1))
    middles = ends - shares / 2
    at_a, at_b = ((middles * len(x)).long().clamp(max=len(x) - 1) for x in (a, b))
    return (shares * (a[at_a] - b[at_b]).abs()).sum()


def wasserstein_of_points(a: Tensor, b: Tensor, *, power: float = 1.0) -> float:
    """The distance of order `power` of samples (n, d), as many of each, exactly; n of a few thousand at most.

    Equal weights make optimal transport a matching, which SciPy finds in O(n^3) (Crouse 2016).

    Raises ValueError if there are not as many of each.
    """
    if a.shape != b.shape:
        raise ValueError(f"as many points of each are needed, found shapes {tuple(a.shape)} and {tuple(b.shape)}")
    exactly = "donot_use_mm_for_euclid_dist"  # |a|^2 + |b|^2 - 2ab loses the digits of near points
    lengths = torch.cdist(a.double(), b.double(), compute_mode=exactly).pow(power).cpu().numpy()
    rows, columns = _scipy().optimize.linear_sum_assignment(lengths)
    return float(lengths[rows, columns].mean() ** (1 / power))


def wasserstein_of_weights(a: Tensor, p: Tensor, b: Tensor, q: Tensor) -> float:
    """Of points (n, d) weighing p (n,) and points (m, d) weighing q (m,), by a linear programme (n m to 10,000)."""
    numbers = (x.double().cpu().numpy() for x in (a, b, p, q))
    return float(_scipy().stats.wasserstein_distance_nd(*numbers))


def _scipy() -> ModuleType:
    try:
        import scipy.optimize
        import scipy.stats
    except ModuleNotFoundError:
        raise ModuleNotFoundError('this needs SciPy: pip install "rivals[metrics]"') from None
    return scipy
