"""What the doctor knows of the data: a fixed part of the real samples, and how they lie among themselves."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.doctor.bins import centres_of, shares
from rivals.doctor.distances import copies, dimension, distances, mean_of_pairs, nearest_two
from rivals.feed import Source

MEMORY = 1024
"""Real samples that fakes are held against for copies; a larger set is hardly learned by heart."""
NEIGHBOURS = 5  # k of coverage


@dataclass(frozen=True)
class Reference:
    """Real samples and what does not change about them."""

    real: Tensor
    """(n, ...), spread evenly over the data."""
    held_out: Tensor | None
    """The same of samples that training never sees, where there are any."""
    all: Tensor
    """Up to 1024 different ones (m, d)."""
    distinct: float
    """Their share among those looked at."""
    mean_distance: Tensor
    radii: Tensor
    """How far each real sample's fifth neighbour is. (n,)"""
    dimension: Tensor
    copies: Tensor
    """The share of different real samples that look like copies of others."""
    centres: Tensor
    shares: Tensor
    """Of the bins. (k,)"""


def reference_of(source: Source, held_out: Source | None, field: str, n: int) -> Reference:
    """The reference of a source; n of its samples are what a look compares with."""
    some = spread(source, field, MEMORY)
    flat = some.flatten(1).float()
    different = torch.unique(flat, dim=0)
    real = some[torch.linspace(0, len(some) - 1, min(n, len(some)), device=some.device).long()]
    within, among = distances(real, real), distances(different, different)
    lone = len(different) < 3
    neighbours = min(NEIGHBOURS, len(real) - 1)
    centres = centres_of(different)
    return Reference(
        real=real,
        held_out=None if held_out is None else spread(held_out, field, n),
        all=different,
        distinct=len(different) / len(flat),
        mean_distance=mean_of_pairs(within),
        radii=within.topk(neighbours + 1, dim=1, largest=False).values[:, -1],
        dimension=flat.new_ones(()) if lone else dimension(nearest_two(among)),
        copies=flat.new_zeros(()) if lone else copies(nearest_two(among)),
        centres=centres,
        shares=shares(some, centres),
    )


def spread(source: Source, field: str, n: int) -> Tensor:
    """Up to n samples of a source, evenly spread over it, none of them flipped."""
    index = torch.linspace(0, len(source) - 1, min(n, len(source)), dtype=torch.float64).long()
    return source.batch(index, torch.zeros_like(index))[field]
