import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from rivals.data import cache as cache_file
from rivals.data import first_pass as first_file
from rivals.data import folder as folder_file
from rivals.data import survey as survey_file
from rivals.data.bad import DataError
from rivals.data.load import load
from rivals.data.shelf import Entry
from tests.data.conftest import encoded, fill, noise


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file is read."""
    counts: Counter[str] = Counter()
    read = folder_file._entry

    def counted(root: Path, name: str, label: int | None) -> Entry:
        counts[name] += 1
        return read(root, name, label)

    monkeypatch.setattr(folder_file, "_entry", counted)
    return counts


def two_passes(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, **options: object) -> np.ndarray:
    """The pictures as they come from a survey and a decoding after it."""
    with monkeypatch.context() as patch:
        patch.setenv("RIVALS_CACHE", str(cache.with_name("two-passes")))
        patch.setattr(first_file, "_suggested", lambda shelf, shape_of: None)
        return load(root, say=lambda line: None, **options).images.copy()  # type: ignore[arg-type]


def test_a_folder_is_read_once(
    tmp_path: Path, cache: Path, reads: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fill(tmp_path / "set", 200)
    source = load(root)
    assert sum(reads.values()) == 200 + first_file.SOME
    monkeypatch.setattr(cache_file, "pixels", None)
    assert np.array_equal(load(root).images, source.images)
    monkeypatch.undo()
    assert np.array_equal(source.images, two_passes(root, cache, monkeypatch))


@pytest.mark.parametrize(("small", "large"), [(70, 100), (100, 70), (64, 66), (130, 300)])
def test_pictures_unlike_the_first_are_decoded_as_all_suggest(
    tmp_path: Path, cache: Path, small: int, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default size is that of most pictures, whichever of them come first."""
    root = fill(tmp_path / "set", small)
    for index in range(large):
        (root / f"z{index:03d}.png").write_bytes(encoded(noise(32, 32, seed=index)))
    source = load(root, say=lambda line: None)
    assert source.images.shape[2] == (32 if large > small else 16)
    assert len(list((cache / "pictures").glob("*/images.npy"))) == 1, "what was decoded in vain is gone"
    assert np.array_equal(source.images, two_passes(root, cache, monkeypatch))


def test_a_late_picture_in_grey_is_told_and_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    root = fill(tmp_path / "set", 100)
    (root / "z.png").write_bytes(encoded(noise(16, 16).convert("L")))
    with pytest.raises(DataError, match="mixes 1 grey pictures"):
        load(root)
    assert not list((cache / "pictures").rglob("*.npy"))
    assert load(root, channels=3).images.shape == (101, 3, 16, 16)


def test_a_late_bad_file_is_told_and_can_be_left_out(tmp_path: Path, cache: Path) -> None:
    root = fill(tmp_path / "set", 100)
    (root / "z.png").write_bytes(encoded(noise(16, 16))[:-100])
    with pytest.raises(DataError, match="z.png is truncated") as caught:
        load(root)
    assert len(caught.value.bad) == 1 and not list((cache / "pictures").rglob("*.npy"))
    assert len(load(root, on_bad_file="skip", say=lambda line: None)) == 100


def test_processes_that_start_together_read_once(tmp_path: Path, cache: Path) -> None:
    root = fill(tmp_path / "set", 300)
    code = """
import sys
from rivals.data import first_pass
from rivals.data.load import load
read = first_pass._read
first_pass._read = lambda *given: print("reads") or read(*given)
print(int(load(sys.argv[1]).images.sum()))
"""
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    lines = Counter(line for process in started for line in process.communicate(timeout=60)[0].split())
    assert lines == {"reads": 1, str(int(load(root).images.sum())): 3}
    assert not list(cache.rglob(".lock-*"))


def test_what_can_t_be_read_is_not_laid_on_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fill(tmp_path / "set", 100)
    walk = folder_file._entry

    def unplugged(root: Path, name: str, label: int | None) -> Entry:
        if name.startswith("090"):
            raise OSError(5, "Input/output error")
        return walk(root, name, label)

    monkeypatch.setattr(folder_file, "_entry", unplugged)
    with pytest.raises(DataError, match="set can't be read: Input/output error"):
        load(root)
    assert survey_file.cache_folder().exists() and not list(survey_file.cache_folder().rglob("*.npy"))


def test_a_cache_that_is_read_only_serves_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fill(tmp_path / "set", 5)
    load(root)

    def denied(memo: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(first_file, "alone", denied)
    assert len(load(root)) == 5
    (root / "000.png").write_bytes(encoded(noise(16, 16, seed=99)))
    with pytest.raises(DataError, match="can't be written .*; set RIVALS_CACHE to another folder"):
        load(root)
