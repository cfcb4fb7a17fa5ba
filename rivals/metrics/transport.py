"""How far one cloud of points has to be moved to become another."""

import numpy as np
import torch
from torch import Tensor

from rivals.losses.transport import wasserstein_of_points
from rivals.metrics.modes import as_array


def wasserstein(real: np.ndarray | Tensor, fake: np.ndarray | Tensor, power: float = 1.0) -> float:
    """The Wasserstein distance of order `power` between two samples (n, d) of one size, exactly.

    A sample's distance from its own distribution is not 0, in two dimensions about 1 / sqrt(n), so compare with real
    against real.

    Raises ValueError for sets of other shapes, ModuleNotFoundError, with what to install, where SciPy is absent.
    """
    r, g = as_array(real), as_array(fake)
    if r.ndim != 2 or r.shape != g.shape or not r.size:
        raise ValueError(f"both sets must be (n, d) of one shape, found {r.shape} and {g.shape}; take equally many")
    return wasserstein_of_points(torch.from_numpy(r), torch.from_numpy(g), power=power)
