"""Sheets of codes whose parts have a meaning: what each category looks like, and what a continuous code changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.latent import walks
from rivals.latent.lines import Backdrop
from rivals.latent.sheets import Generate, in_parts
from rivals.report.grid import picture_grid

REACH, STEPS, ROWS = 2.0, 10, 10
"""Continuous codes go from -2 to 2, twice as far as in training; values of a category that are shown at most."""


@dataclass(frozen=True)
class Sheet:
    """Rows of codes (n, latent), and the words for them."""

    title: str
    rows: list[Tensor]
    row_names: list[str]
    column_names: list[str]


def named_sheets(
    generate: Generate,
    prior: Callable[[int], Tensor],
    places: Sequence[slice],
    numbers: Sequence[int],
    real: np.ndarray | None = None,
) -> dict[str, Image.Image]:
    """A sheet a category, its values under other codes drawn at random, and one a continuous code, swept.

    `places` says where in a code each category stands, `numbers` where the continuous ones do; sweeps have a row for
    each value of the first category (1606.03657, fig. 2). Points are drawn over the `real` ones (n, d).
    """
    points = generate(prior(1)).ndim == 2
    sheets = {
        f"category-{k}": category_sheet(prior, place, k, 300 if points else STEPS) for k, place in enumerate(places, 1)
    }
    sheets |= {f"code-{k}": sweep_sheet(prior(1)[0], places, number, k) for k, number in enumerate(numbers, 1)}
    if not points:
        return {name: picture_sheet(generate, sheet) for name, sheet in sheets.items()}
    backdrop = Backdrop(in_parts(generate, prior(2000), 500), real)
    return {name: point_sheet(generate, backdrop, sheet, name) for name, sheet in sheets.items()}


def category_sheet(prior: Callable[[int], Tensor], place: slice, k: int, drawn: int) -> Sheet:
    """The values of a category, each under the same draws of all other codes."""
    others, size = prior(drawn), place.stop - place.start
    values = range(min(size, ROWS))
    rows = [chosen(others, place, value) for value in values]
    return Sheet(f"Values of category {k}, all else drawn", rows, [str(value) for value in values], [])


def sweep_sheet(code: Tensor, places: Sequence[slice], number: int, k: int) -> Sheet:
    """A continuous code swept, for each value of the first category."""
    swept = walks.sweep(code, number, -REACH, REACH, STEPS)
    values = range(min(places[0].stop - places[0].start, ROWS)) if places else range(0)
    rows = [chosen(swept, places[0], value) for value in values] or [swept]
    columns = [f"{value:+.1f}" for value in np.linspace(-REACH, REACH, STEPS)]
    return Sheet(f"Continuous code {k} swept, trained on -1 to 1", rows, [str(value) for value in values], columns)


def chosen(codes: Tensor, place: slice, value: int) -> Tensor:
    """Codes (n, latent) with this value of the category."""
    codes = codes.clone()
    codes[:, place] = torch.nn.functional.one_hot(torch.tensor(value), place.stop - place.start).to(codes)
    return codes


def picture_sheet(generate: Generate, sheet: Sheet) -> Image.Image:
    """A row of pictures a row of codes."""
    return picture_grid(
        in_parts(generate, torch.cat(sheet.rows)),
        columns=len(sheet.rows[0]),
        row_labels=sheet.row_names,
        column_labels=sheet.column_names,
        title=sheet.title,
    )


def point_sheet(generate: Generate, backdrop: Backdrop, sheet: Sheet, name: str) -> Image.Image:
    """A colour a row of codes: a line where they are swept, dots where they are drawn."""
    made = [generate(row) for row in sheet.rows]
    names = sheet.row_names or [name]
    return backdrop.paths(made, names, sheet.title) if sheet.column_names else backdrop.groups(made, names, sheet.title)
