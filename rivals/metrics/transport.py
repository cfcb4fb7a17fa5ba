"""How far one cloud of points has to be moved to become another."""

import numpy as np
from torch import Tensor

from rivals.metrics.modes import as_array


def wasserstein(real: np.ndarray | Tensor, fake: np.ndarray | Tensor, power: float = 1.0) -> float:
    """The Wasserstein distance of order `power` between two samples (n, d) of one size, exactly.

    Equal weights make optimal transport a matching, which SciPy finds in O(n^3) (Crouse 2016). A sample's distance
    from its own distribution is not 0, in two dimensions about 1 / sqrt(n), so compare with real against real.

    Raises ValueError for sets of other shapes, ModuleNotFoundError, with what to install, where SciPy is absent.
    """
    r, g = as_array(real), as_array(fake)
    if r.ndim != 2 or r.shape != g.shape or not r.size:
        raise ValueError(f"both sets must be (n, d) of one shape, found {r.shape} and {g.shape}; take equally many")
    try:
        from scipy.optimize import linear_sum_assignment
    except ModuleNotFoundError:
        raise ModuleNotFoundError('The Wasserstein distance needs SciPy: pip install "rivals[metrics]"') from None
    lengths = np.linalg.norm(r[:, None] - g[None], axis=-1) ** power
    return float(lengths[linear_sum_assignment(lengths)].mean() ** (1 / power))
