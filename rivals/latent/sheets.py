"""What a trained generator does all over its latent space, as labelled sheets."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.feed import Source
from rivals.latent import lines, walks
from rivals.latent.neighbours import in_order, nearest
from rivals.report.grid import picture_grid

Generate = Callable[[Tensor], np.ndarray]
"""Codes (n, latent) -> uint8 (n, H, W, C), or float (n, d) for points in data units."""
Restore = Callable[[Tensor], np.ndarray]
"""The generator's range -> data units, as a source's own `restore`."""

FIXED = (0.0, 1.0, -1.0, 0.5, 0.3)
FAR = 50.0
ROWS, STEPS = 8, 10
TRIED = 128  # dimensions whose influence is measured at most
NEIGHBOURS = 5


@dataclass(frozen=True)
class Walks:
    """The codes of every sheet, each with the words under which it is shown."""

    scattered: Tensor  # (n, latent)
    straight: list[Tensor]  # each (STEPS, latent)
    round: list[Tensor]
    sweeps: list[Tensor]
    dimensions: list[int]  # that are swept, the most influential first
    span: float
    fixed: Tensor  # (5, latent)
    far: Tensor  # (2 * dimensions, latent): first all at -FAR, then at +FAR


def explore_sheets(
    generate: Generate,
    latent: int,
    prior: Callable[[int], Tensor],
    source: Source | None = None,
    restore: Restore | None = None,
) -> dict[str, Image.Image]:
    """The sheets of `rivals explore`: random, lerp, slerp, sweep, fixed, spike and, of pictures, neighbours.

    `prior` draws the codes (n, latent), so seed torch first for the same sheets again. `source` and its
    `restore` give the real samples that points are drawn over and pictures are compared with; without them there
    are no neighbours.
    """
    points = generate(prior(1)).ndim == 2
    codes = plan(generate, latent, prior, 2000 if points else 64)
    if points:
        return point_sheets(generate, codes, real_points(source, restore))
    sheets = picture_sheets(generate, codes)
    if source is not None and restore is not None:
        sheets["neighbours"] = neighbour_sheet(generate(codes.scattered[:ROWS]), source, restore)
    return sheets


def plan(generate: Generate, latent: int, prior: Callable[[int], Tensor], scattered_codes: int) -> Walks:
    """Where to walk: between draws of the prior, along the dimensions that change most, and far outside."""
    scattered, ends = prior(scattered_codes), prior(2 * ROWS)
    span = float(prior(256).abs().float().flatten()[: 1 << 23].quantile(0.999))
    dimensions = influential(generate, scattered[0], span)[:ROWS]
    pairs = list(zip(ends[:ROWS], ends[ROWS:], strict=True))
    return Walks(
        scattered=scattered,
        straight=[walks.lerp(a, b, STEPS) for a, b in pairs],
        round=[walks.slerp(a, b, STEPS) for a, b in pairs],
        sweeps=[walks.sweep(scattered[0], dimension, -span, span, STEPS - 1) for dimension in dimensions],
        dimensions=dimensions,
        span=span,
        fixed=torch.cat([walks.constant(value, latent) for value in FIXED]).to(scattered),
        far=torch.cat([walks.spike(latent, d, v) for v in (-FAR, FAR) for d in dimensions]).to(scattered),
    )


def influential(generate: Generate, code: Tensor, span: float) -> list[int]:
    """The dimensions of a code (latent,), those first whose way from -span to span changes most."""
    ends = [walks.sweep(code, dimension, -span, span, 2) for dimension in range(min(len(code), TRIED))]
    made = in_parts(generate, torch.cat(ends)).astype(np.float32)
    change = np.abs(made[1::2] - made[::2]).reshape(len(ends), -1).mean(1)
    return [int(place) for place in np.argsort(-change, kind="stable")]


def in_parts(generate: Generate, codes: Tensor, size: int = 64) -> np.ndarray:
    """What is generated from codes (n, latent), at most `size` at a time."""
    return np.concatenate([generate(part) for part in codes.split(size)])


def picture_sheets(generate: Generate, codes: Walks) -> dict[str, Image.Image]:
    """The sheets of a generator of pictures."""
    along = [f"{t:.2f}" for t in np.linspace(0, 1, STEPS)]
    pairs = [f"pair {number + 1}" for number in range(ROWS)]
    swept = [f"{value:+.2f}" for value in np.linspace(-codes.span, codes.span, STEPS - 1)]
    names = [f"z[{dimension}]" for dimension in codes.dimensions]

    def rows(walk: list[Tensor], row_labels: list[str], column_labels: list[str], title: str) -> Image.Image:
        made = in_parts(generate, torch.cat(walk))
        return picture_grid(made, columns=len(walk[0]), row_labels=row_labels, column_labels=column_labels, title=title)

    far = list(codes.far.split(len(names)))
    constants = [f"all {value:g}" for value in FIXED]
    return {
        "random": picture_grid(in_parts(generate, codes.scattered), columns=8, title="Random codes"),
        "lerp": rows(codes.straight, pairs, along, "Straight from one code to another"),
        "slerp": rows(codes.round, pairs, along, "Along the great circle from one code to another"),
        "sweep": rows(codes.sweeps, names, swept, "One dimension swept, the most influential first"),
        "fixed": picture_grid(generate(codes.fixed), columns=len(FIXED), column_labels=constants, title="Fixed codes"),
        "spike": rows(far, [f"{-FAR:g}", f"+{FAR:g}"], names, f"One dimension at ±{FAR:g}, the others 0"),
    }


def neighbour_sheet(made: np.ndarray, source: Source, restore: Restore) -> Image.Image:
    """Generated pictures, uint8 (n, H, W, C), each beside its nearest training pictures and their distances.

    Raises ValueError where training pictures have another shape.
    """
    first = torch.zeros(1, dtype=torch.int64)
    device = source.batch(first, first)["image"].device
    samples = torch.from_numpy(made).to(device).movedim(-1, 1).float() / 127.5 - 1
    index, distance = nearest(samples, in_order(source), NEIGHBOURS)
    shown = index.flatten().cpu()
    real = restore(source.batch(shown, torch.zeros_like(shown))["image"])
    real = real.reshape(*index.shape, *real.shape[1:])
    together = np.concatenate([made[:, None], real], 1)
    captions = [text for row in distance.tolist() for text in ("", *(f"{value:.3f}" for value in row))]
    heads = ["generated", "nearest", *(f"{place}." for place in range(2, index.shape[1] + 1))]
    return picture_grid(
        together.reshape(-1, *made.shape[1:]),
        columns=together.shape[1],
        column_labels=heads,
        captions=captions,
        title="Nearest training pictures, and how far: root mean square, 2 is black on white",
        gap=8,
    )


def real_points(source: Source | None, restore: Restore | None, most: int = 3000) -> np.ndarray | None:
    """Real points (n, d) in data units, evenly from the source."""
    if source is None or restore is None:
        return None
    index = torch.arange(0, len(source), max(1, len(source) // most))
    fields = source.batch(index, torch.zeros_like(index))
    return np.asarray(restore(fields["point"]), np.float64)


def point_sheets(generate: Generate, codes: Walks, real: np.ndarray | None) -> dict[str, Image.Image]:
    """The sheets of a generator of points: where the walks go."""
    made = in_parts(generate, codes.scattered, 500)
    backdrop = lines.Backdrop(made, real)
    names = [f"z[{dimension}]" for dimension in codes.dimensions]
    pairs = [f"pair {number + 1}" for number in range(ROWS)]
    few = names[:4]  # as many colours as the eye tells apart, twice
    ends = [end for half in codes.far.split(len(names)) for end in half[: len(few)]]
    far = [torch.stack([torch.zeros_like(end), end]) for end in ends]
    far_names = [f"{name} {sign}{FAR:g}" for sign in "-+" for name in few]

    def paths(walk: list[Tensor], names: list[str], title: str) -> Image.Image:
        return backdrop.paths([generate(lines.finer(codes, 300 // len(codes))) for codes in walk], names, title)

    return {
        "random": backdrop.random("Random codes"),
        "lerp": paths(codes.straight, pairs, "Straight from one code to another"),
        "slerp": paths(codes.round, pairs, "Along the great circle"),
        "sweep": paths(codes.sweeps, names, "One dimension swept"),
        "fixed": backdrop.marks(generate(codes.fixed), [f"all {value:g}" for value in FIXED], "Fixed codes"),
        "spike": paths(far, far_names, f"One dimension to ±{FAR:g}"),
    }
