"""What two clouds of samples have in common: pure functions of distances between their rows."""

import math

import torch
from torch import Tensor

EXACT = 64
"""Dimensions up to which distances are taken from differences: |a|^2 + |b|^2 - 2ab loses the digits of near copies."""


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Euclidean distances (n, m) of the rows of `a` (n, ...) and `b` (m, ...)."""
    a, b = a.flatten(1).float(), b.flatten(1).float()
    mode = "donot_use_mm_for_euclid_dist" if a.shape[1] <= EXACT else "use_mm_for_euclid_dist"
    return torch.cdist(a, b, compute_mode=mode)


def mean_of_pairs(within: Tensor) -> Tensor:
    """The mean distance of different rows, from their distances (n, n)."""
    n = len(within)
    return (within.sum() - within.diagonal().sum()) / max(n * (n - 1), 1)


def energy_coefficient(within_real: Tensor, within_fake: Tensor, between: Tensor) -> Tensor:
    """Energy distance as a share of its greatest value: 0 for equal distributions, towards 1 for unlike ones.

    Szekely & Rizzo 2013 (Energy statistics, sec. 2): (2 E|X-Y| - E|X-X'| - E|Y-Y'|) / (2 E|X-Y|), here of the means
    within (scalars) and the distances between (n, m); without bias, so that chance can make it a little negative.
    """
    twice = 2 * between.mean()
    return (twice - within_real - within_fake) / twice.clamp_min(1e-12)


def nearest_two(within: Tensor) -> Tensor:
    """The distances (n, 2) to the two nearest other rows, from those of all (n, n)."""
    alone = within + torch.diag(torch.full_like(within.diagonal(), math.inf))
    return alone.topk(min(2, len(alone)), dim=1, largest=False).values


def dimension(two: Tensor) -> Tensor:
    """Intrinsic dimension from the ratio of the two nearest distances (n, 2) (Facco et al. 2017, 1803.06992, eq. 3).

    Samples that there are several times over tell nothing; 0 where fewer than three others are left.
    """
    apart = two[:, 0] > 0
    logs = (two[:, 1] / two[:, 0].clamp_min(1e-12)).clamp(1, 1e6).log().where(apart, 0)
    found = 1 / (logs.sum() / apart.sum().clamp_min(1)).clamp_min(1e-6)
    return found.where(apart.sum() >= 3, 0)


def copies(two: Tensor) -> Tensor:
    """The share of samples three times as near to one training sample as to the next (Yoon et al. 2023, sec. 3)."""
    return (two[:, 0] < two[:, 1] / 3).float().mean()


def coverage(radii: Tensor, between: Tensor) -> Tensor:
    """The share of real samples with a fake within their neighbourhood's radius (n,) (Naeem et al. 2020, 2002.09797).

    `between` (n, m) are the distances from real to fake; equal distributions of equal size give 1 - 2^-k about.
    """
    return (between.min(1).values <= radii).float().mean()


def separation(high: Tensor, low: Tensor) -> Tensor:
    """The probability that a logit of `high` (n,) exceeds one of `low` (m,), ties counted half: 1/2 is chance."""
    difference = high[:, None] - low
    return (difference > 0).float().mean() + (difference == 0).float().mean() / 2


def jensen_shannon(real: Tensor, fake: Tensor) -> Tensor:
    """A lower bound on the Jensen-Shannon divergence, nats, log 2 at most, from logits (n,) of any scale.

    By the data processing inequality that of one bit: does a logit exceed the median of all?
    """
    middle = torch.cat([real, fake]).median()
    p, q = (real > middle).float().mean(), (fake > middle).float().mean()
    mixed = (p + q) / 2
    return _entropy(mixed) - (_entropy(p) + _entropy(q)) / 2


def _entropy(p: Tensor) -> Tensor:
    """Of a coin, nats."""
    return -(torch.xlogy(p, p) + torch.xlogy(1 - p, 1 - p))
