"""Grids of pictures: every pixel is where it belongs."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rivals.report.grid import LETTERS, NAME, grouped_grid, picture_grid, save_png
from rivals.report.ink import shorten


@given(*[st.integers(1, 9)] * 3, st.sampled_from([1, 3, 4]), st.integers(1, 6), st.integers(1, 3))
def test_every_picture_stands_in_its_cell(
    n: int, height: int, width: int, channels: int, columns: int, scale: int
) -> None:
    pictures = np.random.default_rng(n).integers(0, 256, (n, height, width, channels), np.uint8)
    grid = picture_grid(pictures, columns=columns, scale=scale, gap=3)
    pixels = np.asarray(grid)
    pixels = pixels[..., None] if channels == 1 else pixels
    columns = min(columns, n)
    for place, picture in enumerate(pictures):
        y = 3 + place // columns * (height * scale + 3)
        x = 3 + place % columns * (width * scale + 3)
        assert np.array_equal(pixels[y : y + height * scale : scale, x : x + width * scale : scale], picture)
    assert grid.width % 2 == grid.height % 2 == 0


@pytest.mark.parametrize(("side", "n"), [(8, 64), (28, 64), (32, 100), (64, 64), (2, 1)])
def test_small_pictures_become_readable(side: int, n: int) -> None:
    grid = picture_grid(np.zeros((n, side, side, 1), np.uint8))
    assert 560 <= grid.width <= 1200


def test_labels_are_written_outside_the_pictures() -> None:
    black = np.zeros((4, 8, 8, 3), np.uint8)
    plain = picture_grid(black, columns=2, scale=8)
    words = picture_grid(
        black, columns=2, scale=8, row_labels=["a", "b"], column_labels=["c", "d"], captions=list("efgh"), title="t"
    )
    count = [int((np.asarray(grid) == 0).all(2).sum()) for grid in (plain, words)]
    assert count[0] == 4 * 64 * 64
    assert count[1] >= count[0]  # letters are dark too; no picture lost a pixel
    assert words.width > plain.width and words.height > plain.height


@pytest.mark.parametrize(
    "pictures", [np.zeros((2, 4, 4, 2), np.uint8), np.zeros((2, 4, 4, 3)), np.zeros((0, 4, 4, 3), np.uint8)]
)
def test_other_arrays_are_named(pictures: np.ndarray) -> None:
    with pytest.raises(ValueError, match="pictures must be uint8"):
        picture_grid(pictures)


def test_saving_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_png(Image.new("L", (3, 3), 7), tmp_path / "new" / "a.png")
    assert Image.open(path).getpixel((1, 1)) == 7

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_png(Image.new("L", (3, 3), 9), path)
    assert Image.open(path).getpixel((1, 1)) == 7
    assert [file.name for file in path.parent.iterdir()] == ["a.png"]


def test_groups_are_filled_up_with_white_and_named_once() -> None:
    groups = [np.full((n, 4, 4, 1), 0, np.uint8) for n in (3, 2)]
    grid = grouped_grid(groups, ["a", "a name that is far too long to be written in full " * 3], 2)
    by_hand = picture_grid(
        np.concatenate([*groups[:1], np.full((1, 4, 4, 1), 255, np.uint8), groups[1]]),
        columns=2,
        row_labels=["a", "", shorten("a name that is far too long to be written in full " * 3, NAME, LETTERS)],
    )
    assert np.array_equal(np.asarray(grid), np.asarray(by_hand))
