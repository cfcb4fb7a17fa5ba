"""Drawings are laid out as the pictures of a run are."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from rivals.data.decode import Shape
from rivals.run.given import check_laid, drawing, marked, one_picture


def wide(path: Path, mode: str, ground: object, mark: object) -> Path:
    """A picture of 16x8 with its left half marked."""
    picture = Image.new(mode, (16, 8), ground)  # type: ignore[arg-type]
    picture.paste(mark, (0, 0, 8, 8))  # type: ignore[arg-type]
    picture.save(path)
    return path


def test_what_is_padded_is_no_part_of_a_drawing(tmp_path: Path) -> None:
    shape = Shape(8, 3, "pad")
    white = marked(wide(tmp_path / "mask.png", "L", 0, 255), shape)
    expected = torch.zeros(1, 8, 8)
    expected[:, 2:6, :4] = 1
    assert torch.equal(white, expected)
    colours, cover = drawing(wide(tmp_path / "s.png", "RGBA", (0, 0, 0, 0), (255, 0, 0, 255)), shape)
    assert torch.equal(cover > 0.5, expected > 0) and float(cover[:, :2].max()) == 0
    assert colours[:, 3, 1].tolist() == [1, -1, -1]


@pytest.mark.parametrize(("channels", "mode", "lines"), [(1, "RGB", 2), (1, "L", 1), (3, "RGB", 1)])
def test_what_is_done_to_a_picture_is_told(
    channels: int, mode: str, lines: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = one_picture(wide(tmp_path / "p.png", mode, "white", "black"), Shape(8, channels, "pad"))
    said = capsys.readouterr().err.splitlines()
    assert given.pictures.shape == (1, channels, 8, 8) and len(said) == lines
    assert said[0] == "p.png: 16x8 is padded and resized to 8x8, the size that this run makes"
    assert said[1:] == ["p.png is made grey, as this run's pictures are"][: lines - 1]


def test_a_crop_takes_the_middle_of_a_drawing(tmp_path: Path) -> None:
    white = marked(wide(tmp_path / "mask.png", "L", 0, 255), Shape(8, 3, "crop"))
    assert np.array_equal(white[0].sum(0) > 0, [True] * 4 + [False] * 4)


@pytest.mark.parametrize(("size", "fits"), [((32, 16), True), ((320, 161), True), ((16, 16), False), ((16, 32), False)])
def test_a_drawing_has_the_proportions_of_the_picture(size: tuple[int, int], fits: bool, tmp_path: Path) -> None:
    picture = wide(tmp_path / "p.png", "RGB", "white", "black")
    turned = Image.new("RGB", (8, 16)).getexif()
    turned[0x0112] = 6
    Image.new("RGB", (8, 16)).save(tmp_path / "turned.jpg", exif=turned)
    Image.new("L", size, 0).save(tmp_path / "m.png")
    if fits:
        check_laid(tmp_path / "turned.jpg", tmp_path / "m.png")
        return check_laid(picture, tmp_path / "m.png")
    with pytest.raises(ValueError, match=f"m.png is {size[0]}x{size[1]} and .*p.png is 16x8; draw on the picture"):
        check_laid(picture, tmp_path / "m.png")
