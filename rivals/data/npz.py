"""Arrays of pictures in an npz file, read a row at a time; pickled objects are refused."""

import math
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from rivals.data.bad import DataError
from rivals.data.shelf import Entry, Shelf

Layout = Callable[[np.ndarray], np.ndarray]
IMAGES = {"train": ("images", "samples", "x_train", "train_images"), "test": ("x_test", "test_images")}
LABELS = {"train": ("labels", "y_train", "train_labels"), "test": ("y_test", "test_labels")}


def read_npz(path: Path, *, split: str = "train") -> Shelf:
    """The uint8 pictures (n, H, W), (n, H, W, C) or (n, C, H, W) of an npz, with its labels (n,) where it has them.

    The pictures are `images`, `samples`, `x_train` or `train_images` (`x_test`, `test_images` for the test
    split), or the only array of three or four dimensions. Raises DataError for anything else.
    """
    with _opened(path) as archive:
        found = {name.removesuffix(".npy"): _header(archive, name, path)[:2] for name in _arrays(archive)}
    key = _key(found, path, split)
    layout = _layout(*found[key], f"{path}: the array {key!r}")
    count, shape = found[key][0][0], found[key][0][1:]
    labels = _labels(path, next((k for k in LABELS[split] if k in found), None), count)

    def entries() -> Iterator[Entry]:
        with _opened(path) as archive:
            *_, file = _header(archive, f"{key}.npy", path)
            for i in range(count):
                row = np.frombuffer(_exactly(file, math.prod(shape), path), np.uint8).reshape(shape)
                yield Entry(f"{key}[{i}]", layout(row), None if labels is None else int(labels[i]))

    classes = () if labels is None else tuple(str(i) for i in range(int(labels.max()) + 1))
    return Shelf("npz", str(path), entries, lambda: (path,), classes, selection=key)


def _key(found: dict[str, tuple[tuple[int, ...], np.dtype]], path: Path, split: str) -> str:
    named = [key for key in IMAGES[split] if key in found]
    others = [key for key, (shape, _) in found.items() if len(shape) in (3, 4)]
    if named or (split == "train" and len(others) == 1):
        return (named or others)[0]
    has = ", ".join(f"{key} {dtype} {shape}" for key, (shape, dtype) in found.items()) or "nothing"
    points = "; an array of points (n, d) is called 'points'" if any(len(s) == 2 for s, _ in found.values()) else ""
    raise DataError(f"{path} has no array {' or '.join(map(repr, IMAGES[split]))}; it holds {has}{points}")


def _layout(shape: tuple[int, ...], dtype: np.dtype, what: str) -> Layout:
    """A function from a row to pixels (H, W) or (H, W, C)."""
    if dtype == np.uint8 and 0 not in shape:
        if len(shape) == 3:
            return np.asarray
        if len(shape) == 4 and shape[3] in (1, 3, 4):
            return _squeezed
        if len(shape) == 4 and shape[1] in (1, 3, 4):
            return _channels_last
    raise DataError(
        f"{what} is {dtype} {shape}; pictures must be uint8 of shape (n, H, W), (n, H, W, C) or (n, C, H, W) "
        "with 1, 3 or 4 channels"
    )


def _squeezed(row: np.ndarray) -> np.ndarray:
    return row[:, :, 0] if row.shape[2] == 1 else row


def _channels_last(row: np.ndarray) -> np.ndarray:
    return _squeezed(np.ascontiguousarray(row.transpose(1, 2, 0)))


def _labels(path: Path, key: str | None, count: int) -> np.ndarray | None:
    if key is None:
        return None
    with _opened(path) as archive:
        shape, dtype, file = _header(archive, f"{key}.npy", path)
        if dtype.kind not in "iu" or math.prod(shape) != count:
            raise DataError(f"{path}: the labels {key!r} are {dtype} {shape}; there must be {count} whole numbers")
        labels = np.frombuffer(_exactly(file, count * dtype.itemsize, path), dtype).astype(np.int64)
    if labels.min() < 0:
        raise DataError(f"{path}: the labels {key!r} go down to {labels.min()}; classes count from 0")
    return labels


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"{path} is not an npz file, or is truncated or damaged ({error}); get it again") from error


def _arrays(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.endswith(".npy")]


def _header(archive: zipfile.ZipFile, name: str, path: Path) -> tuple[tuple[int, ...], np.dtype, IO[bytes]]:
    """Shape and type of an array, and its file standing at the first number."""
    file = archive.open(name)
    try:
        read = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
        shape, fortran, dtype = read[np.lib.format.read_magic(file)[0]](file)
    except (ValueError, KeyError) as error:
        raise DataError(f"{path}: the array {name!r} has a corrupt header ({error})") from error
    if dtype.hasobject:
        raise DataError(f"{path}: the array {name!r} holds pickled objects, which are never loaded; save it as numbers")
    if fortran and len(shape) > 1:
        raise DataError(f"{path}: the array {name!r} lies in Fortran order; save np.ascontiguousarray of it")
    return shape, dtype, file


def _exactly(file: IO[bytes], size: int, path: Path) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise DataError(f"{path} is truncated: an array ends before its header says; get it again")
    return content
