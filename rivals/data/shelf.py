"""A shelf: pictures where they lie, one after the other in a fixed order, before anything is decoded."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm")
    + (".pbm", ".pnm", ".heic", ".heif", ".avif", ".jp2")
)
"""Files that count as pictures by their name; heic and the like so that they are named as unsupported."""
TABLE = "tags.csv"
"""What tells of the pictures that lie with it."""
LARGEST = 512 * 2**20
"""Bytes of one file of an archive beyond which it is not read."""


@dataclass(frozen=True)
class Entry:
    """One picture: an encoded file, or the pixels (H, W) or (H, W, C) uint8; `problem` where it could not be read."""

    name: str
    content: bytes | np.ndarray = b""
    label: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Shelf:
    """What a reader found. `entries()` starts a fresh pass, in the same order each time, one picture in
    memory at a time."""

    kind: str
    where: str
    entries: Callable[[], Iterator[Entry]]
    files: Callable[[], Iterable[str | Path]] = tuple
    """The files on disk that it depends on: as long as none changes, nothing is read again."""
    classes: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """Files left aside because their names are not those of pictures."""
    selection: str = ""
    """What is taken from the files: the split."""
    names: Sequence[str] = ()
    """The names of the pictures, in the order of `entries`, where they are those of files."""
    read: Callable[[str], bytes] | None = None
    """Reads one of the ignored files."""


def is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES


def is_hidden(name: str) -> bool:
    """Files that systems leave behind: dot files, macOS resource forks, thumbnails' databases."""
    return (
        name.startswith((".", "__MACOSX"))
        or "/." in name
        or "/__MACOSX" in name
        or name.endswith(("Thumbs.db", "desktop.ini"))
    )


def class_folders(names: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The depth of the folder that tells the class of each picture, and the classes: at least two, sorted.

    A single folder that holds everything is looked into; pictures beside the folders mean that there are no
    classes.
    """
    depth = 0
    while names:
        heads = set()
        for name in names:
            parts = name.split("/")
            if len(parts) < depth + 2:
                return 0, ()
            heads.add(parts[depth])
        if len(heads) > 1:
            return depth, tuple(sorted(heads))
        depth += 1
    return 0, ()


def labeller(names: Sequence[str]) -> tuple[Callable[[str], int | None], tuple[str, ...]]:
    """A function from a picture's name to the number of its class, and the classes in order."""
    depth, classes = class_folders(names)
    number = {name: i for i, name in enumerate(classes)}
    return (lambda name: number[name.split("/")[depth]]) if classes else (lambda name: None), classes


def of_split(names: Sequence[str], split: str) -> list[str]:
    """The names of one split, where the uppermost folders are `train` and `test` (or `val`); all names otherwise."""
    at = _common_depth(names)
    heads = {name.split("/")[at] for name in names if name.count("/") > at}
    tests = heads & {"test", "val", "valid", "validation"}
    if any(name.count("/") <= at for name in names) or "train" not in heads or not tests or heads - tests - {"train"}:
        return list(names) if split == "train" else []
    wanted = {"train"} if split == "train" else {"test"} & tests or {min(tests)}
    return [name for name in names if name.split("/")[at] in wanted]


def _common_depth(names: Sequence[str]) -> int:
    """How many of the uppermost folders hold everything"""
    depth = 0
    while (
        names
        and all(name.count("/") > depth for name in names)
        and len({name.split("/")[depth] for name in names}) == 1
    ):
        depth += 1
    return depth
