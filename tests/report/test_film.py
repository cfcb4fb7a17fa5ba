"""Films read back frame by frame."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from rivals.report.film import film

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]


def frames(size: tuple[int, int] = (63, 41)) -> Iterator[Image.Image]:
    return (Image.new("RGB", size, colour) for colour in COLOURS)


def centre(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"))[image.height // 2, image.width // 2].astype(int)


@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_animations_hold_the_last_frame_for_a_second(tmp_path: Path, ending: str) -> None:
    out = film(frames(), tmp_path / f"a{ending}", fps=5)
    with Image.open(out) as image:
        found = [(centre(frame), frame.info["duration"]) for frame in ImageSequence.Iterator(image)]
        assert image.size == (64, 42)
    assert sum(length for _, length in found) == (3 + 5) * 200
    for (colour, _), expected in zip(found, COLOURS, strict=False):
        assert np.abs(colour - expected).max() < 12


def test_mp4_streams_and_can_be_read_back(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    out = film(frames(), tmp_path / "a.mp4", fps=5)
    with av.open(str(out)) as container:
        assert float(container.streams.video[0].average_rate) == 5
        shown = [frame.to_image() for frame in container.decode(video=0)]
    assert len(shown) == 3 + 5 and shown[0].size == (64, 42)
    for image, expected in zip(shown, COLOURS, strict=False):
        assert np.abs(centre(image) - expected).max() < 20


def test_files_and_other_sizes_are_fitted(tmp_path: Path) -> None:
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("RGB", (40, 80), COLOURS[0]).save(tmp_path / "tall.png")
    Image.new("L", (10, 10), 9).save(tmp_path / "small.png")
    out = film([tmp_path / f"{name}.png" for name in ("clear", "tall", "small")], tmp_path / "a.gif", fps=10)
    with Image.open(out) as image:
        shown = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    assert {frame.shape for frame in shown} == {(100, 200, 3)}
    assert (shown[0] == 255).all()  # what was transparent is white
    assert np.abs(shown[1][50, 100].astype(int) - COLOURS[0]).max() < 12 and (shown[1][50, 5] == 255).all()
    assert (shown[2][50, 100] == 9).all() and (shown[2][5, 100] == 9).all()  # ten pixels grown to a hundred


def test_without_pyav_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "rivals\[video\]".*\.gif or \.webp'):
        film(frames(), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "fps", "count", "message"),
    [("a.avi", 5, 3, "ends in .mp4"), ("a.gif", 0, 3, "between 0 and 240"), ("a.gif", 5, 0, "no frame")],
)
def test_wrong_use_is_named(tmp_path: Path, name: str, fps: float, count: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        film(list(frames())[:count], tmp_path / name, fps)
