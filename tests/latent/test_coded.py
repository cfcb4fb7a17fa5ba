"""Sheets of encoders: what stands where, read off the pixels."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.latent.coded import GRID, coded_sheets, manifold_sheet
from tests.latent.test_sheets import restore


def shades_of(*values: float) -> Tensor:
    """Pictures of one shade each, (n, 1, 4, 4)."""
    return torch.tensor(values)[:, None, None, None].expand(-1, 1, 4, 4)


def encode(x: Tensor) -> Tensor:
    """The cube of the shade: what is halfway between codes is not halfway between shades."""
    return x.mean((1, 2, 3))[:, None] ** 3


def generate(codes: Tensor) -> np.ndarray:
    return restore(shades_of(*(codes[:, 0].sign() * codes[:, 0].abs() ** (1 / 3)).tolist()))


def middles(sheet: Image.Image, columns: int, left: int) -> list[int]:
    """The shades in the middle of the last row of pictures."""
    row = np.asarray(sheet)[-20, left:]
    cell = len(row) / columns
    return [int(row[int((place + 0.5) * cell)]) for place in range(columns)]


def test_halfway_between_codes_is_not_halfway_between_pixels() -> None:
    sheet = coded_sheets(generate, encode, shades_of(0.8, 0.0), restore)["halfway"]
    between = (0.8**3 / 2) ** (1 / 3)
    expected = [restore(shades_of(value)).flat[0] for value in (0.8, between, 0.4, 0.0)]
    assert middles(sheet, 4, 4) == expected


def test_what_came_back_stands_under_what_was_there() -> None:
    real = torch.linspace(-0.9, 0.9, 8)
    sheet = coded_sheets(generate, lambda x: 0.125 * encode(x), shades_of(*real.tolist()), restore)["reconstruction"]
    returned = [restore(shades_of(value / 2)).flat[0] for value in real.tolist()]
    assert set(returned) <= set(np.asarray(sheet)[-30].tolist())
    shown = set(np.asarray(sheet)[80].tolist())
    assert {restore(shades_of(value)).flat[0] for value in real.tolist()} <= shown


def test_points_that_came_back_are_drawn_over_the_real_ones() -> None:
    torch.manual_seed(0)
    sheets = coded_sheets(lambda z: z.numpy(), lambda x: x, torch.randn(50, 2), lambda x: x.numpy())
    assert list(sheets) == ["reconstruction"]


def test_the_plane_of_codes_has_the_quantiles_of_the_prior() -> None:
    """Each picture has the shade of its first dimension's rank: columns are evenly shaded, rows alike."""
    torch.manual_seed(0)
    ranks = torch.distributions.Normal(1.0, 3.0)

    def ranked(codes: Tensor) -> np.ndarray:
        return restore(shades_of(*(2 * ranks.cdf(codes[:, 0]) - 1).tolist()))

    sheet = manifold_sheet(ranked, lambda n: 1 + 3 * torch.randn(n, 2))
    found = np.array(middles(sheet, GRID, 0))
    expected = 255 * (np.arange(GRID) + 0.5) / GRID
    assert np.abs(found - expected).max() < 4
