"""Pictures decoded once and kept as a uint8 memory map, keyed by content, size, channels and fit."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rivals.data.bad import Bad
from rivals.data.decode import Shape, Unusable, pixels, quiet
from rivals.data.pool import each
from rivals.data.shelf import Entry, Shelf
from rivals.data.storage import cache_errors, cache_folder, sync_folder
from rivals.data.survey import Survey

FORMAT = 1
HEADER = 128
"""Bytes before the pixels: an .npy header of fixed length, written last, when the pictures are counted."""
STALE = 24 * 3600


@dataclass(frozen=True)
class Decoded:
    """A shelf at one shape: images (n, C, size, size) uint8 as a memory map, labels (n,) int64 or None."""

    images: np.ndarray
    labels: np.ndarray | None
    bad: tuple[Bad, ...]


def decoded(shelf: Shelf, found: Survey, shape: Shape, *, keep: Callable[[list[Bad]], None]) -> Decoded:
    """The pictures from the cache, decoded into it first where they are not there.

    `keep` is called with the bad files before anything is published; it raises to leave nothing behind.
    Several processes may ask at once: one decodes, the others wait for it.
    Raises DataError when the disk is full or the cache can't be written.
    """
    home = cache_folder() / "pictures"
    place = home / key_of(found, shape)
    with cache_errors():
        home.mkdir(parents=True, exist_ok=True)
    with cache_errors(), _alone(place):
        result = opened(place)
        if result is None:
            _decode(shelf, found, shape, place, keep)
            result = opened(place)
    if result is None:
        raise OSError(f"the cache {place} can't be read back right after it was written")
    keep(list(result.bad))
    return result


def key_of(found: Survey, shape: Shape) -> str:
    """The name of the cached pictures: a sum over the contents and what is made of them."""
    text = f"{FORMAT} {found.index_sha256} {shape.size} {shape.channels} {shape.fit}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def opened(place: Path) -> Decoded | None:
    """The cached pictures at `place`; None where they are missing or not as long as the index says."""
    try:
        index = json.loads((place / "index.json").read_bytes())
        count, *rest = index["shape"]
        if (place / "images.npy").stat().st_size != HEADER + count * int(np.prod(rest)):
            return None
        images = np.load(place / "images.npy", mmap_mode="r") if count else np.empty((0, *rest), np.uint8)
        labels = np.load(place / "labels.npy") if index["labels"] else None
    except (OSError, ValueError, KeyError):
        return None
    if list(images.shape) != index["shape"] or (labels is not None and len(labels) != count):
        return None
    return Decoded(images, labels, tuple(Bad(*each) for each in index["bad"]))


def _decode(shelf: Shelf, found: Survey, shape: Shape, place: Path, keep: Callable[[list[Bad]], None]) -> None:
    """Decodes everything into a folder beside `place` and renames it there, or leaves nothing."""
    _sweep(place.parent)
    _check_room(place.parent, found, shape)
    work = Path(tempfile.mkdtemp(prefix=".tmp-", dir=place.parent))
    try:
        labels: array[int] = array("q")
        bad = _write_images(shelf, shape, work / "images.npy", labels)
        keep(bad)
        index = {
            "shape": [found.count - len(bad), shape.channels, shape.size, shape.size],
            "labels": bool(shelf.classes),
            "classes": shelf.classes,
            "index_sha256": found.index_sha256,
            "bad": [(each.name, each.reason) for each in bad],
        }
        if shelf.classes:
            np.save(work / "labels.npy", np.array(labels, np.int64))
        (work / "index.json").write_text(json.dumps(index))
        for name in os.listdir(work):
            with open(work / name, "rb") as file:
                os.fsync(file.fileno())
        if place.exists():  # a damaged one: `opened` refused it
            shutil.rmtree(place)
        os.rename(work, place)
        sync_folder(place.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write_images(shelf: Shelf, shape: Shape, path: Path, labels: "array[int]") -> list[Bad]:
    """Streams the pixels into an .npy file in order; a full disk is then an error, where a map would crash."""
    bad: list[Bad] = []

    def work(entry: Entry) -> np.ndarray | str:
        try:
            return pixels(entry, shape)
        except Unusable as reason:
            return str(reason)

    with open(path, "wb") as file, quiet():
        file.write(bytes(HEADER))
        count = 0
        for entry, picture in each(work, shelf.entries()):
            if isinstance(picture, str):
                bad.append(Bad(entry.name, picture))
                continue
            file.write(picture.data)
            count += 1
            if shelf.classes:
                labels.append(int(entry.label or 0))
        file.seek(0)
        file.write(npy_header((count, shape.channels, shape.size, shape.size)))
    return bad


def npy_header(shape: tuple[int, ...]) -> bytes:
    """An .npy header (format 1.0) of exactly 128 bytes for uint8 in C order."""
    text = str({"descr": "|u1", "fortran_order": False, "shape": shape})
    return b"\x93NUMPY\x01\x00" + (HEADER - 10).to_bytes(2, "little") + text.ljust(HEADER - 11).encode() + b"\n"


def _check_room(home: Path, found: Survey, shape: Shape) -> None:
    needed = found.good * shape.channels * shape.size**2 + HEADER
    if (free := shutil.disk_usage(home).free) < needed:
        raise OSError(28, f"{needed >> 20} MB are needed and {free >> 20} MB are free")


def _sweep(home: Path) -> None:
    """Removes what killed processes left half-written more than a day ago."""
    for path in home.glob(".tmp-*"):
        try:
            if time.time() - path.stat().st_mtime > STALE:
                shutil.rmtree(path, ignore_errors=True)
        except OSError:  # another process was faster
            continue


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Holds the lock of one cache entry; without locks (some systems) the rename alone keeps it sound."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(place.with_name(f".lock-{place.name}"), "wb") as file:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
