"""The Fréchet distance of two sets of features."""

import torch
from torch import Tensor

from rivals.metrics.features import Features, both

ROWS = 4096
"""Features that are taken into the covariance at once."""


def frechet_distance(real: Features, fake: Features) -> float:
    """|mean_r - mean_g|^2 + tr(C_r + C_g - 2 (C_r C_g)^1/2) of Gaussians fitted to (n, d) and (m, d) (1706.08500).

    With C = F^T F, tr (C_r C_g)^1/2 is the sum of the singular values of F_r F_g^T, so no matrix root is taken,
    no covariance inverted or squared, and fewer samples than dimensions are no trouble for the arithmetic. They are
    for the estimate: it is biased upwards, by about d^2 / 2n for d features of variance 1, so compare only values
    of equally many samples.

    Raises ValueError for features that differ in width, are not finite, or fewer than two.
    """
    r, g = (x.double() for x in both(real, fake))
    mean_r, mean_g = r.mean(0), g.mean(0)
    root_r, root_g = covariance_factor(r, mean_r), covariance_factor(g, mean_g)
    overlap = torch.linalg.svdvals(root_r @ root_g.T).sum()
    spread = root_r.square().sum() + root_g.square().sum() - 2 * overlap
    return max(0.0, float((mean_r - mean_g).square().sum() + spread))


def covariance_factor(x: Tensor, mean: Tensor) -> Tensor:
    """F (k, d), k <= d, with F^T F the unbiased covariance of `x` (n, d), by QR block after block."""
    factor = x.new_empty(0, x.shape[1])
    for block in x.split(ROWS):
        factor = torch.linalg.qr(torch.cat([factor, block - mean]), mode="r").R
    return factor / (len(x) - 1) ** 0.5
