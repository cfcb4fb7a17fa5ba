"""Pictures drawn on the spot, a cache for each test, and one finished run that all may look at."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.run.commands import called
from tests.run.tiny import PICTURES, POINTS


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("RIVALS_DATA", raising=False)


def drawn(folder: Path, count: int, size: int = 16, mode: str = "RGB", prefix: str = "") -> Path:
    """Writes `count` pictures of a disc that moves."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        picture = Image.new(mode, (size, size))
        white = 255 if mode == "L" else (255, 255 - i, i)
        ImageDraw.Draw(picture).ellipse((i % size, i % 7, i % size + size // 2, i % 7 + size // 2), fill=white)
        picture.save(folder / f"{prefix}{i:03}.png")
    return folder


def zipped(folder: Path, out: Path) -> Path:
    with zipfile.ZipFile(out, "w") as file:
        for path in sorted(folder.rglob("*.png")):
            file.write(path, path.relative_to(folder))
    return out


@pytest.fixture(scope="session")
def points_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on points; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "points"
    assert called("train", *POINTS, "--rounds", 21, "--out", folder)[0] == 0
    return folder


@pytest.fixture(scope="session")
def pictures_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on pictures whose folder is no longer there; not to be changed."""
    home = tmp_path_factory.mktemp("runs")
    data = drawn(home / "data", 12, size=8)
    folder = home / "pictures"
    words = [str(data) if word == "digits" else word for word in PICTURES]
    assert called("train", *words, "--rounds", 21, "--out", folder)[0] == 0
    for path in data.iterdir():
        path.unlink()
    data.rmdir()
    return folder


def arrays(path: Path) -> np.ndarray:
    with np.load(path) as file:
        return file["samples"]
