"""The Parzen window estimate of a log likelihood, by which the first GANs were scored; a poor one (1511.01844)."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from rivals.metrics.features import Features, blocks, both, squares

SIGMAS = tuple(10 ** (place / 9 - 1) for place in range(10))
"""Bandwidths that are tried: ten from 0.1 to 1, evenly in their logarithms, for pixels in [0, 1]."""


def parzen_log_likelihood(samples: Features, test: Features, sigma: float) -> np.ndarray:
    """Log density in nats (m,) of each of `test` (m, d) under Gaussians of width sigma around `samples` (n, d).

    1406.2661, sec. 5. In float64, a block at a time. The number of samples belongs to the score, and training pictures
    or centres of clusters get as much as any model or more (1511.01844, table 1): print those beside it.

    Raises ValueError where the two differ in width, or sigma is not above zero.
    """
    return log_densities(samples, test, (sigma,))[0].cpu().numpy()


def parzen_sigma(samples: Features, validation: Features, sigmas: Sequence[float] = SIGMAS) -> float:
    """The bandwidth among `sigmas` under which `validation` (m, d) is most likely, given `samples` (n, d)."""
    return sigmas[int(log_densities(samples, validation, sigmas).mean(1).argmax())]


def log_densities(samples: Features, test: Features, sigmas: Sequence[float]) -> Tensor:
    """Log densities float64 (sigmas, m) of `test` (m, d) for each bandwidth."""
    if min(sigmas) <= 0:
        raise ValueError(f"the bandwidth must be above zero, found {min(sigmas)}")
    x, y = (rows.double() for rows in both(samples, test, fewest=1, names=("samples", "test")))
    found: list[Tensor] = []
    for block in blocks(y, x):
        distances = squares(y[block], x).clamp_min(0)
        found.append(torch.stack([torch.logsumexp(-distances / (2 * sigma**2), 1) for sigma in sigmas]))
    scale = x.new_tensor([x.shape[1] * math.log(sigma * math.sqrt(2 * math.pi)) for sigma in sigmas])
    return torch.cat(found, 1) - math.log(len(x)) - scale[:, None]
