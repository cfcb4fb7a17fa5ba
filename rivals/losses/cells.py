"""Samples as probabilities on the cells of a grid, which is what divergences are computed from."""

import math

import torch
from torch import Tensor


def grid(low: float, high: float, cells: int) -> Tensor:
    """The middles (cells,) float64 of equal cells between `low` and `high`."""
    edges = torch.linspace(low, high, cells + 1, dtype=torch.float64)
    return (edges[1:] + edges[:-1]) / 2


def counted(samples: Tensor, low: float, high: float, cells: int) -> Tensor:
    """The share of samples (n,) or (n, d) in each of `cells` equal cells a direction; those beyond it count nowhere.

    Raises ValueError if none lies within.
    """
    points = samples.detach().double().cpu().reshape(len(samples), samples.shape[1:].numel())
    d = points.shape[1]
    inside = points[((points >= low) & (points <= high)).all(1)]
    if not len(inside):
        raise ValueError(f"no sample lies within {low:g} and {high:g}; widen the range")
    return torch.histogramdd(inside, [cells] * d, range=[low, high] * d).hist / len(inside)


def smoothed(samples: Tensor, xs: Tensor, ys: Tensor, width: float, floor: float = 0.0) -> Tensor:
    """Samples (n, 2) as probabilities (len(xs), len(ys)): a Gaussian of sd `width` around each, of a cell or more.

    The share `floor`, and what falls beyond the grid, is spread evenly: above 0 no cell is empty, no KL infinite.
    """
    columns = torch.exp(-0.5 * ((samples[:, :1] - xs) / width).square())
    rows = torch.exp(-0.5 * ((samples[:, 1:] - ys) / width).square())
    cell = (xs[1] - xs[0]) * (ys[1] - ys[0])
    within = (1 - floor) * cell / (2 * math.pi * width**2 * len(samples)) * columns.T @ rows
    return within + (1 - within.sum()).clamp(min=0) / within.numel()
