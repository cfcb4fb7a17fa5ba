"""Real samples sorted into bins, to see which a generator leaves empty (Richardson & Weiss 2018, 1805.12462)."""

import torch
from torch import Tensor

from rivals.doctor.distances import distances

BINS, TURNS = 16, 8
FEW = 0.2
"""Of the fakes that are due to a bin; with 8 due at least, as few come by chance once in 300 times."""


def centres_of(samples: Tensor, bins: int = BINS) -> Tensor:
    """The centres (k, ...) of a k-means clustering that starts from samples far apart; no random draw."""
    flat = samples.flatten(1).float()
    centres = flat[:1]
    for _ in range(min(bins, len(flat)) - 1):
        centres = torch.cat([centres, flat[distances(flat, centres).min(1).values.argmax()][None]])
    for _ in range(TURNS):
        bin = distances(flat, centres).argmin(1)
        counts = torch.bincount(bin, minlength=len(centres)).clamp_min(1)
        centres = torch.zeros_like(centres).index_add_(0, bin, flat) / counts[:, None]
    return centres


def shares(samples: Tensor, centres: Tensor) -> Tensor:
    """The share of the samples (n, ...) in each bin (k,)."""
    bin = distances(samples, centres).argmin(1)
    return torch.bincount(bin, minlength=len(centres)).float() / len(samples)


def missing(real: Tensor, fake: Tensor) -> Tensor:
    """The share of real samples in bins that fakes all but leave out, from the shares of both (k,)."""
    return real[fake < FEW * real].sum()


def turnover(before: Tensor, now: Tensor) -> Tensor:
    """The share of fakes that have changed bins: total variation between two sets of shares (k,)."""
    return (now - before).abs().sum() / 2
