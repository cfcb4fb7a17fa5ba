"""The sheets of named codes show what stands where."""

import numpy as np
import torch
from torch import Tensor

from rivals.latent.named import named_sheets
from tests.latent.test_sheets import shades_in

PLACES, NUMBERS = [slice(1, 4)], [4]


def prior(n: int) -> Tensor:
    z = torch.rand(n, 5)
    z[:, 1:4] = torch.nn.functional.one_hot(torch.randint(3, (n,)), 3)
    return z


def shade(z: Tensor) -> np.ndarray:
    """A shade of 50, 100 or 150 by the category, and ten more for 1 of the continuous code."""
    shades = (z[:, 1:4] @ torch.tensor([50.0, 100, 150]) + 10 * z[:, 4]).round().byte()
    return shades[:, None, None, None].expand(-1, 4, 4, 1).numpy()


def test_categories_are_rows_and_codes_are_columns() -> None:
    torch.manual_seed(0)
    made = named_sheets(shade, prior, PLACES, NUMBERS)
    assert list(made) == ["category-1", "code-1"]
    swept = {round(base + 10 * value) for base in (50, 100, 150) for value in np.linspace(-2, 2, 10)}
    assert shades_in(made["code-1"]) - {255} == swept
    column = np.asarray(made["category-1"])[:, made["category-1"].width // 2]
    assert {int(np.median(each)) // 50 for each in np.split(column, 3)} == {1, 2, 3}


def test_codes_without_categories_are_one_row() -> None:
    made = named_sheets(shade, prior, [], NUMBERS)
    assert list(made) == ["code-1"]
    assert made["code-1"].height < made["code-1"].width / 4


def test_points_have_a_colour_a_category() -> None:
    torch.manual_seed(0)
    made = named_sheets(lambda z: (z[:, 1:3] + 0.1 * z[:, 3:]).numpy(), prior, PLACES, NUMBERS)
    assert list(made) == ["category-1", "code-1"]
    for sheet in made.values():
        colours = {colour for _, colour in sheet.getcolors(1 << 20) or ()}
        assert {(0, 114, 178), (213, 94, 0), (0, 158, 115)} <= colours
