"""How many modes of a known mixture a sampler reaches."""

import math
from dataclasses import dataclass

import numpy as np
from torch import Tensor


@dataclass(frozen=True)
class ModeCoverage:
    """What a sampler reaches of a mixture of Gaussians with equal weights."""

    modes: int
    """Modes with at least one high-quality sample."""
    high_quality: float
    """Share of all samples, in [0, 1], that lie closer than 3 standard deviations to their nearest centre."""
    reverse_kl: float
    """KL(shares of the modes in high-quality samples || uniform over all modes), nats; nan without any."""


def mode_coverage(samples: np.ndarray | Tensor, centres: np.ndarray | Tensor, sd: float) -> ModeCoverage:
    """Modes, high-quality share and reverse KL divergence of `samples` (n, d) against `centres` (k, d).

    PacGAN's definitions (Lin et al. 2018, 1712.04086), as in the authors' evaluation code: each sample goes to
    its nearest centre and counts where it is closer than 3 `sd`. A perfect sampler in two dimensions reaches a
    share of 1 - exp(-4.5) = 98.89 % and a divergence of about (k - 1) / (2 n). What is not finite counts as bad.

    Raises ValueError when the shapes do not fit, there is no sample, or centres or sd are none.
    """
    points, means = as_array(samples), as_array(centres)
    if points.ndim != 2 or means.ndim != 2 or points.shape[1:] != means.shape[1:] or not points.size * means.size:
        raise ValueError(f"samples (n, d) and centres (k, d) must agree in d; found {points.shape} and {means.shape}")
    if not sd > 0 or not np.isfinite(means).all():
        raise ValueError(f"centres must be finite and sd above 0; found sd {sd}")
    points = points[np.isfinite(points).all(1)]
    distances = np.stack([np.linalg.norm(points - mean, axis=1) for mean in means], 1)  # (n, k)
    good = distances.min(1, initial=np.inf) < 3 * sd
    counts = np.bincount(distances[good].argmin(1), minlength=len(means))
    return ModeCoverage(int((counts > 0).sum()), float(good.sum() / len(samples)), divergence_from_uniform(counts))


def divergence_from_uniform(counts: np.ndarray) -> float:
    """KL(p || uniform) in nats for p proportional to `counts` (k,), nan when all are zero."""
    if not counts.sum():
        return math.nan
    shares = counts[counts > 0] / counts.sum()
    return max(0.0, float((shares * np.log(shares * len(counts))).sum()))


def as_array(points: np.ndarray | Tensor) -> np.ndarray:
    """Points as float64 on the host."""
    points = points.detach().double().cpu().numpy() if isinstance(points, Tensor) else points
    return np.asarray(points, np.float64)
