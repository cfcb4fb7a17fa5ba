"""Files and folders that are there whole or not at all, and errors that name them."""

import errno
import os
from pathlib import Path

import pytest

from rivals.whole import locked, whole_file, whole_folder


def full() -> OSError:
    """What writing to a full disk raises: it names no file."""
    return OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_old_file_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OSError) as caught, whole_file(path) as part:
        part.write_text("half")
        raise full()
    assert caught.value.filename == str(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"] and path.read_text() == "old"


def test_a_full_disk_leaves_no_half_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught, whole_folder(tmp_path / "some") as part:
        (part / "0.txt").write_text("one of two")
        raise full()
    assert caught.value.filename == str(tmp_path / "some") and not any(tmp_path.iterdir())


def test_the_temporary_name_is_not_told_and_another_file_is(tmp_path: Path) -> None:
    for named, told in ((".a.k2j.txt", str(tmp_path / "a.txt")), ("other.txt", "other.txt")):
        with pytest.raises(OSError) as caught, whole_file(tmp_path / "a.txt"):
            raise OSError(errno.EROFS, "Read-only file system", named)
        assert caught.value.filename == told


def test_what_a_killed_process_left_long_ago_is_swept(tmp_path: Path) -> None:
    ends = ("part-abcd1234", "part-wxyz5678", "v2.part-abcd1234")
    old, young, other = (tmp_path / f".more.{end}" for end in ends)
    for folder in (old, young, other):
        (folder / "0").mkdir(parents=True)
    for folder in (old, other):
        os.utime(folder, (0, 0))
    with whole_folder(tmp_path / "more"):
        pass
    assert not old.exists() and young.exists() and other.exists()


def test_what_killed_writers_left_is_swept_a_day_later(tmp_path: Path) -> None:
    old, new, own = (tmp_path / name for name in (".a.part-12345678.txt", ".a.part-abcdefgh.txt", ".a.original.txt"))
    for left in (old, new, own):
        left.write_text("half")
    for left in (old, own):
        os.utime(left, (0, 0))
    with whole_file(tmp_path / "a.txt") as part:
        part.write_text("whole")
    assert {each.name for each in tmp_path.iterdir()} == {"a.txt", new.name, own.name}


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"):
        with pytest.raises(BlockingIOError), locked(tmp_path / "lock", wait=False):
            pass
        assert (tmp_path / "lock").exists()
    assert not (tmp_path / "lock").exists()
