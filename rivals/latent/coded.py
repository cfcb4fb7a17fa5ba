"""What an encoder makes of real samples, and a plane of codes, as labelled sheets."""

from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.latent.sheets import Generate, Restore, in_parts
from rivals.report.grid import picture_grid
from rivals.report.points import scatter

Encode = Callable[[Tensor], Tensor]
"""Samples in the network's range -> codes (n, latent)."""
COLUMNS, PAIRS, POINTS, GRID = 8, 8, 2000, 20


def coded_sheets(generate: Generate, encode: Encode, real: Tensor, restore: Restore) -> dict[str, Image.Image]:
    """The sheets of a model with an encoder, of real samples (n, ...): reconstruction, and of pictures halfway."""
    if real.ndim == 2:
        real = real[:POINTS]
        returned = in_parts(generate, encode(real), POINTS)
        return {"reconstruction": scatter(returned, restore(real), "Points that came back from their codes")}
    return {
        "reconstruction": reconstruction_sheet(generate, encode, real[: 4 * COLUMNS], restore),
        "halfway": halfway_sheet(generate, encode, real[: 2 * PAIRS], restore),
    }


def reconstruction_sheet(generate: Generate, encode: Encode, real: Tensor, restore: Restore) -> Image.Image:
    """Pictures (n, C, H, W) row by row, and under each row what came back of it."""
    rows = [part for part in real.split(COLUMNS) if len(part) == COLUMNS] or [real]
    shown = [row for part in rows for row in (restore(part), in_parts(generate, encode(part)))]
    return picture_grid(
        np.concatenate(shown),
        columns=len(rows[0]),
        row_labels=["real", "returned"] * len(rows),
        title="Pictures, and what came back from their codes",
    )


def halfway_sheet(generate: Generate, encode: Encode, real: Tensor, restore: Restore) -> Image.Image:
    """Pairs of pictures (2 n, C, H, W), what stands halfway between their codes, and halfway between their pixels."""
    a, b = real[0 : len(real) // 2], real[len(real) // 2 : len(real) // 2 * 2]
    codes = encode(torch.cat([a, b]))
    between = in_parts(generate, (codes[: len(a)] + codes[len(a) :]) / 2)
    columns = np.stack([restore(a), between, restore((a + b) / 2), restore(b)], 1)
    return picture_grid(
        columns.reshape(-1, *columns.shape[2:]),
        columns=4,
        scale=max(1, round(105 / columns.shape[3])),
        column_labels=["a", "codes", "pixels", "b"],
        title="Halfway from a to b",
    )


def manifold_sheet(generate: Generate, prior: Callable[[int], Tensor], draws: int = 50_000) -> Image.Image:
    """Pictures over a plane of codes (n, 2), where each has as much of the prior as any other (1312.6114, fig. 4).

    The quantiles are those of draws of the prior, each dimension by itself.
    """
    places = (torch.arange(GRID) + 0.5) / GRID
    ticks = prior(draws).cpu().quantile(places, dim=0)
    across, up = torch.meshgrid(ticks[:, 0], ticks[:, 1].flip(0), indexing="xy")
    made = in_parts(generate, torch.stack([across, up], -1).view(-1, 2))
    return picture_grid(made, columns=GRID, gap=0, title="The plane of codes, by quantiles of the prior")
