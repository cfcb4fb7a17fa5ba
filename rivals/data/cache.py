"""Pictures decoded once and kept as a uint8 memory map, keyed by content, size, channels and fit."""

import hashlib
import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from rivals.data.bad import Bad
from rivals.data.decode import Shape, Unusable, pixels, quiet
from rivals.data.pool import each
from rivals.data.shelf import Entry, Shelf
from rivals.data.storage import cache_errors, cache_folder, sync_folder
from rivals.data.survey import Survey, readable
from rivals.whole import locked, sweep

FORMAT = 1
HEADER = 128
"""Bytes before the pixels: an .npy header of fixed length, written last, when the pictures are counted."""
Keep = Callable[[list[Bad], int], None]
"""Decides about bad files, given with the number of all: raises DataError where they may not be left out."""


@dataclass(frozen=True)
class Decoded:
    """A shelf at one shape: images (n, C, size, size) uint8 as a memory map, labels (n,) int64 or None."""

    images: np.ndarray
    labels: np.ndarray | None
    bad: tuple[Bad, ...]


def decoded(shelf: Shelf, found: Survey, shape: Shape, *, keep: Keep) -> Decoded:
    """The pictures from the cache, decoded into it first where they are not there.

    `keep` is called with the bad files and the number of all before anything is published; it raises to leave
    nothing behind. Several processes may ask at once: one decodes, the others wait for it.
    Raises DataError when the disk is full or the cache can't be written.
    """
    place = place_of(found, shape)
    with cache_errors():
        place.parent.mkdir(parents=True, exist_ok=True)
    with cache_errors(), alone(place):
        result = opened(place)
        if result is None:
            with drafted(shelf, shape, found.good) as draft, quiet():
                draft.write(each(partial(usable, shape=shape), readable(shelf)))
                draft.publish(found, keep)
            result = opened(place)
    if result is None:
        raise OSError(f"the cache {place} can't be read back right after it was written")
    keep(list(result.bad), found.count)
    return result


def usable(entry: Entry, *, shape: Shape) -> np.ndarray | str:
    """The pixels of a picture, or the reason why there are none."""
    try:
        return pixels(entry, shape)
    except Unusable as reason:
        return str(reason)


def place_of(found: Survey, shape: Shape) -> Path:
    return cache_folder() / "pictures" / key_of(found, shape)


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


@dataclass
class Draft:
    """Pictures on their way into the cache, in a folder beside the places of those that are there."""

    shelf: Shelf
    shape: Shape
    folder: Path
    labels: "array[int]" = field(default_factory=lambda: array("q"))
    bad: list[Bad] = field(default_factory=list)
    count: int = 0

    def write(self, pictures: Iterable[tuple[Entry, np.ndarray | str]]) -> None:
        """Streams the pixels into an .npy file in order; a full disk is then an error, where a map would crash."""
        with open(self.folder / "images.npy", "wb") as file:
            file.write(bytes(HEADER))
            for entry, picture in pictures:
                if isinstance(picture, str):
                    self.bad.append(Bad(entry.name, picture))
                    continue
                file.write(picture.data)
                self.count += 1
                if self.shelf.classes:
                    self.labels.append(int(entry.label or 0))
            file.seek(0)
            file.write(npy_header((self.count, self.shape.channels, self.shape.size, self.shape.size)))

    def publish(self, found: Survey, keep: Keep) -> None:
        """Has what was written found under its key from now on, unless `keep` raises for its bad files."""
        keep(self.bad, found.count)
        index = {
            "shape": [self.count, self.shape.channels, self.shape.size, self.shape.size],
            "labels": bool(self.shelf.classes),
            "classes": self.shelf.classes,
            "index_sha256": found.index_sha256,
            "bad": [(each.name, each.reason) for each in self.bad],
        }
        if self.shelf.classes:
            np.save(self.folder / "labels.npy", np.array(self.labels, np.int64))
        (self.folder / "index.json").write_text(json.dumps(index))
        for name in os.listdir(self.folder):
            with open(self.folder / name, "rb") as file:
                os.fsync(file.fileno())
        place = place_of(found, self.shape)
        if place.exists():  # a damaged one: `opened` refused it
            shutil.rmtree(place)
        os.rename(self.folder, place)
        sync_folder(place.parent)


@contextmanager
def drafted(shelf: Shelf, shape: Shape, count: int) -> Iterator[Draft]:
    """A draft for about `count` pictures; what is not published by the end of the block is gone.

    Raises OSError where there is no room for them.
    """
    home = cache_folder() / "pictures"
    home.mkdir(parents=True, exist_ok=True)
    sweep(home, ".tmp-*")
    _check_room(home, count, shape)
    folder = Path(tempfile.mkdtemp(prefix=".tmp-", dir=home))
    try:
        yield Draft(shelf, shape, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def npy_header(shape: tuple[int, ...]) -> bytes:
    """An .npy header (format 1.0) of exactly 128 bytes for uint8 in C order."""
    text = str({"descr": "|u1", "fortran_order": False, "shape": shape})
    return b"\x93NUMPY\x01\x00" + (HEADER - 10).to_bytes(2, "little") + text.ljust(HEADER - 11).encode() + b"\n"


def _check_room(home: Path, count: int, shape: Shape) -> None:
    needed = count * shape.channels * shape.size**2 + HEADER
    if (free := shutil.disk_usage(home).free) < needed:
        raise OSError(28, f"{needed >> 20} MB are needed and {free >> 20} MB are free")


def alone(place: Path) -> AbstractContextManager[None]:
    """Holds the lock of one file of the cache; without locks (some systems) the rename alone keeps it sound."""
    return locked(place.with_name(f".lock-{place.name}"))
