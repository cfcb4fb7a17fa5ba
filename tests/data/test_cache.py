import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rivals.data import cache as cache_file
from rivals.data import survey as survey_file
from rivals.data.bad import DataError
from rivals.data.cache import HEADER, npy_header
from rivals.data.load import load
from tests.data.conftest import encoded, fill, noise


def left(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if ".tmp" in path.name or path.name == "images.npy"]


def test_the_header_is_read_by_numpy(tmp_path: Path) -> None:
    pixels = np.arange(24, dtype=np.uint8)
    (tmp_path / "x.npy").write_bytes(npy_header((2, 3, 4)) + pixels.tobytes())
    assert len(npy_header((10**9, 3, 256, 256))) == HEADER
    assert np.array_equal(np.load(tmp_path / "x.npy"), pixels.reshape(2, 3, 4))


def test_unchanged_folders_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fill(tmp_path / "set", 5)
    first = load(root)
    monkeypatch.setattr(survey_file, "look", None)
    monkeypatch.setattr(cache_file, "pixels", None)
    again = load(root)
    assert np.array_equal(first.images, again.images) and first.index_sha256 == again.index_sha256
    assert not first.images.flags.owndata, "the pictures lie in the map, not in memory"


def test_what_changes_the_pictures_changes_the_key(tmp_path: Path) -> None:
    root = fill(tmp_path / "set", 3)
    first = load(root)
    (root / "001.png").write_bytes(encoded(noise(16, 16, seed=99)))
    changed = load(root)
    assert first.index_sha256 != changed.index_sha256
    assert np.array_equal(changed.images[1].transpose(1, 2, 0), np.asarray(noise(16, 16, seed=99)))
    (root / "001.png").rename(root / "003.png")
    assert load(root).index_sha256 not in (first.index_sha256, changed.index_sha256)
    wide = [load(root, size=size, fit=fit, say=lambda line: None).images for size in (8, 32) for fit in ("crop", "pad")]
    assert [images.shape[2] for images in wide] == [8, 8, 32, 32]


def test_equal_contents_share_an_entry(tmp_path: Path, cache: Path) -> None:
    load(fill(tmp_path / "one", 3))
    load(fill(tmp_path / "two", 3))
    assert len(list((cache / "pictures").glob("*/images.npy"))) == 1


def test_a_damaged_entry_is_made_again(tmp_path: Path, cache: Path) -> None:
    root = fill(tmp_path / "set", 3)
    whole = load(root).images.copy()
    for damage in (lambda p: p.write_bytes(p.read_bytes()[:-5]), lambda p: (p.parent / "index.json").write_text("{")):
        (path,) = (cache / "pictures").glob("*/images.npy")
        damage(path)
        assert np.array_equal(load(root).images, whole)


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = fill(tmp_path / "set", 3)

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    load(fill(tmp_path / "other", 1))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="^the disk of the cache .* is full; make room or set RIVALS_CACHE") as caught:
        load(root)
    assert "\n" not in str(caught.value) and len(left(cache)) == 1
    monkeypatch.undo()
    monkeypatch.setenv("RIVALS_CACHE", str(cache))
    assert len(load(root)) == 3


def test_too_little_room_is_seen_before_decoding(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = fill(tmp_path / "set", 3)
    monkeypatch.setattr(cache_file.shutil, "disk_usage", lambda path: cache_file.shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(DataError, match="is full"):
        load(root)
    assert left(cache) == []


def test_a_cache_that_can_t_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(DataError, match="can't be written .*; set RIVALS_CACHE to another folder"):
        load(fill(tmp_path / "set", 2))


def test_bad_files_leave_nothing(tmp_path: Path, cache: Path) -> None:
    root = fill(tmp_path / "set", 3)
    (root / "x.png").write_bytes(encoded(noise(16, 16))[:-100])
    with pytest.raises(DataError, match="x.png is truncated"):
        load(root)
    assert left(cache) == []


def test_several_processes_at_once(tmp_path: Path, cache: Path) -> None:
    root = fill(tmp_path / "set", 40)
    code = "import sys; from rivals.data.load import load; s = load(sys.argv[1]); print(len(s), int(s.images.sum()))"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    answers = {process.communicate(timeout=60)[0].strip() for process in started}
    assert answers == {f"40 {int(load(root).images.sum())}"}
    assert len(left(cache)) == 1


MEASURE = """
import re, sys
from rivals.data.load import load
def anonymous():
    return int(re.search(r"RssAnon:\\s+(\\d+)", open("/proc/self/status").read())[1])
import torch
load(sys.argv[1])
before = anonymous()
source = load(sys.argv[2])
index = torch.arange(64)
for start in range(0, len(source) - 64, 64):
    source.batch(index + start, index)
print(anonymous() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see the memory of a process")
def test_memory_does_not_grow_with_the_pictures(tmp_path: Path) -> None:
    small, large = tmp_path / "small.npz", tmp_path / "large.npz"
    pixels = np.random.default_rng(0).integers(0, 256, (20_000, 64, 64), dtype=np.uint8)
    np.savez(small, images=pixels[:200])
    np.savez(large, images=pixels)
    answer = subprocess.run([sys.executable, "-c", MEASURE, small, large], capture_output=True, text=True, check=True)
    assert int(answer.stdout) < 16 * 1024, "80 MB of pictures must not take 16 MB of memory of their own"
