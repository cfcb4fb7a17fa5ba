"""The explore sheets show what the generator makes of exactly the codes they name."""

from collections.abc import Mapping

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.feed import Field
from rivals.latent import sheets
from rivals.latent.sheets import explore_sheets, influential


def shade(codes: Tensor) -> np.ndarray:
    """Pictures of one shade: the first dimension of the code, 128 for 0."""
    shades = (codes[:, 0] * 20 + 128).clamp(0, 255).byte()
    return shades[:, None, None, None].expand(-1, 4, 4, 1).numpy()


def prior(n: int) -> Tensor:
    return torch.randn(n, 6)


class Shades:
    """Ten training pictures of one shade each."""

    spec: Mapping[str, Field] = {"image": Field((1, 4, 4), -1, 1, "picture")}

    def __len__(self) -> int:
        return 10

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"image": (index.float() / 5 - 1)[:, None, None, None].expand(-1, 1, 4, 4)}


def restore(images: Tensor) -> np.ndarray:
    return ((images + 1) * 127.5).round().byte().movedim(1, -1).numpy()


def shades_in(sheet: Image.Image) -> set[int]:
    """The shades that fill whole pictures of a sheet."""
    values, counts = np.unique(np.asarray(sheet), return_counts=True)
    return {int(value) for value, count in zip(values, counts, strict=True) if count > 4000}


def test_picture_sheets() -> None:
    torch.manual_seed(0)
    made = explore_sheets(shade, 6, prior, Shades(), restore)
    assert list(made) == ["random", "lerp", "slerp", "sweep", "fixed", "spike", "neighbours"]
    assert shades_in(made["fixed"]) >= {128, 148, 108, 138, 134}  # all 0, 1, -1, 0.5, 0.3
    assert shades_in(made["spike"]) >= {0, 128, 255}  # -50, other dimensions, +50


def test_points_are_drawn_and_have_no_neighbours() -> None:
    torch.manual_seed(0)
    for d in (1, 2, 5):
        made = explore_sheets(lambda codes, d=d: torch.tanh(codes[:, :d]).numpy(), 6, prior)
        assert list(made) == ["random", "lerp", "slerp", "sweep", "fixed", "spike"]
        colours = {colour for _, colour in made["lerp"].getcolors(1 << 20) or ()}
        assert {(0, 114, 178), (213, 94, 0), (0, 158, 115)} <= colours  # a line a pair


def test_influential_dimensions_come_first() -> None:
    strengths = torch.tensor([1.0, 5.0, 0.0, 3.0])
    order = influential(lambda codes: (codes * strengths).numpy(), torch.zeros(4), 3.0)
    assert order == [1, 3, 0, 2]


def test_neighbours_sheet_puts_the_copy_first() -> None:
    third = restore(Shades().batch(torch.tensor([3]), torch.tensor([0]))["image"])
    sheet = sheets.neighbour_sheet(third, Shades(), restore)
    row = np.asarray(sheet)[sheet.height // 2]
    edges = np.flatnonzero(np.diff(row.astype(int), prepend=255))
    shown = [int(row[edge]) for edge in edges if row[edge] != 255]
    assert shown[:2] == [int(third[0, 0, 0, 0])] * 2
    assert set(shown[2:4]) == {int(restore(torch.full((1, 1, 1, 1), n / 5 - 1)).item()) for n in (2, 4)}
