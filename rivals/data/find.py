"""From what a user wrote, a name or a path, to a shelf of pictures."""

import difflib
import os
from collections.abc import Callable
from pathlib import Path

from rivals.data.archive import read_tar, read_zip
from rivals.data.bad import DataError
from rivals.data.folder import read_folder
from rivals.data.idx import read_idx
from rivals.data.named import named_file
from rivals.data.names import NAMED, TOYS
from rivals.data.npz import read_npz
from rivals.data.parquet import read_parquet
from rivals.data.shelf import Shelf, is_picture

Say = Callable[[str], object]
KINDS = "a folder, .zip, .tar.gz, .npz, .csv (points), .parquet or an idx file (train-images-idx3-ubyte.gz)"


def shelf_of(data: str | Path, *, split: str = "train", say: Say = print) -> Shelf:
    """The pictures that `data` names: a named set, or a path to any kind that is read.

    Raises DataError where there is nothing, with the nearest name that exists, or nothing that can be read.
    """
    name = str(data)
    if name in NAMED:
        if Path(name).exists():
            say(f"{name} is taken as the data set of that name; write ./{name} for the file or folder")
        return _readable(named_file(name, split=split, say=say), "train")  # each split has a file of its own
    path = Path(data).expanduser()
    if not path.exists():
        raise DataError(_missing(name, path))
    return _readable(path, split)


def _readable(path: Path, split: str) -> Shelf:
    try:
        return _read(path, split)
    except OSError as error:
        raise DataError(f"{error.filename or path} can't be read: {error.strerror or error}") from error


def _read(path: Path, split: str) -> Shelf:
    if path.is_dir():
        return _read_folder(path, split)
    name = path.name.lower()
    if name.endswith(".zip"):
        return read_zip(path, split=split)
    if name.endswith((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")):
        return read_tar(path, split=split)
    if name.endswith(".npz"):
        return read_npz(path, split=split)
    if name.endswith(".parquet"):
        return read_parquet([path], str(path))
    if "idx3" in name or name.endswith((".idx", ".idx.gz", "ubyte", "ubyte.gz")):
        return read_idx(path)
    if is_picture(name):
        raise DataError(f"{path} is a single picture; give the folder that holds it")
    if not path.is_file():
        raise DataError(f"{path} is neither a file nor a folder")
    raise DataError(f"{path} is of a kind that is not read; give {KINDS}")


def _read_folder(path: Path, split: str) -> Shelf:
    """A folder of pictures, of MNIST's files, or of parquet files."""
    prefix = "train" if split == "train" else "t10k"
    for name in (
        f"{prefix}-images-idx3-ubyte.gz",
        f"{prefix}-images-idx3-ubyte",
        f"{prefix}-images.idx3-ubyte",
    ):
        if (path / name).is_file():
            return read_idx(path / name)
    with os.scandir(path) as items:  # Path.glob would hold every file of a large folder
        shards = sorted(path / item.name for item in items if item.name.endswith(".parquet"))
    if shards:
        of_split = [shard for shard in shards if shard.name.startswith(split)] or (shards if split == "train" else [])
        if not of_split:
            raise DataError(f"{path} has no parquet files of the {split} split ({split}-….parquet)")
        return read_parquet(of_split, str(path))
    return read_folder(path, split=split)


def _missing(name: str, path: Path) -> str:
    """What is not there, and the nearest of the names that are."""
    known = [*NAMED, *TOYS]
    if near := difflib.get_close_matches(name, known, 1, 0.7):
        return f"there is no data set or file {name!r}; did you mean {near[0]!r}?"
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        path, folder = folder, folder.parent
    names = sorted(item.name for item in folder.iterdir()) if folder.is_dir() else []
    here = [each for each in names if path.name.startswith(".") or not each.startswith(".")]
    if near := difflib.get_close_matches(path.name, here, 1, 0.5):
        return f"{name} does not exist; did you mean {folder / near[0]}?"
    sets = "" if "/" in name or "." in name else f", and no data set is called that (there are {', '.join(known)})"
    return f"{name} does not exist{sets}"
