"""A folder of pictures, or of class folders."""

import os
from collections.abc import Iterator
from pathlib import Path

from rivals.data.bad import DataError
from rivals.data.shelf import LARGEST, Entry, Shelf, is_hidden, is_picture, labeller, of_split


def read_folder(root: Path, *, split: str = "train") -> Shelf:
    """The pictures below `root`, sorted by path; each sub-folder is a class where there are only sub-folders.

    Folders `train` and `test` (or `val`) at the top are splits. Hidden files are passed over; other files
    that are not pictures by their name are listed in `ignored`.

    Raises DataError for an empty folder, one without pictures, and one without the split asked for.
    """
    found = sorted(_walk(root))
    names = [name for name in found if is_picture(name)]
    if not names:
        raise DataError(_nothing(root, found))
    kept = of_split(names, split)
    if not kept:
        raise DataError(f"{root} has no {split} pictures; put them into {root}/train and {root}/{split}")
    label, classes = labeller(kept)

    def entries() -> Iterator[Entry]:
        for name in kept:
            yield _entry(root, name, label(name))

    def files() -> Iterator[str]:
        return (f"{root}/{name}" for name in kept)

    ignored = tuple(name for name in found if not is_picture(name))
    return Shelf(
        "folder",
        str(root),
        entries,
        files,
        classes,
        ignored,
        split,
        kept,
        lambda name: (root / name).read_bytes(),
    )


def _entry(root: Path, name: str, label: int | None) -> Entry:
    try:
        with open(f"{root}/{name}", "rb", buffering=0) as file:
            if (size := os.fstat(file.fileno()).st_size) > LARGEST:
                return Entry(name, label=label, problem=f"is too large to be a picture ({size >> 20} MB)")
            return Entry(name, file.readall(), label)
    except OSError as error:
        return Entry(name, label=label, problem=f"can't be read: {error.strerror or error}")


def _walk(root: Path) -> Iterator[str]:
    """The files below `root` as relative paths with slashes; links to folders are followed, once each."""
    seen, folders = set(), [(str(root), "")]
    while folders:
        folder, prefix = folders.pop()
        key = (os.stat(folder).st_dev, os.stat(folder).st_ino)
        if key in seen:
            continue
        seen.add(key)
        with os.scandir(folder) as items:
            for item in items:
                name = prefix + item.name
                if is_hidden(item.name):
                    continue
                if item.is_dir():
                    folders.append((item.path, name + "/"))
                else:
                    yield name


def _nothing(root: Path, found: list[str]) -> str:
    if not found:
        return f"{root} is an empty folder; put pictures (.png, .jpg, .webp, …) into it"
    some = ", ".join(found[:3])
    return f"{root} holds no pictures (.png, .jpg, .webp, …), only {len(found)} other files such as {some}"
