"""idx files, the format of the MNIST family: a big-endian header, then the numbers; raw or gzipped."""

import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import numpy as np

from rivals.data.bad import DataError
from rivals.data.shelf import Entry, Shelf

DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)


def read_idx(path: Path) -> Shelf:
    """The pictures of an idx3 file, and the labels of its idx1 neighbour (`images-idx3` -> `labels-idx1`) if
    there is one.

    Raises DataError for a damaged header or a file cut short.
    """
    with _opened(path) as file:
        count, height, width = header(file, path, dimensions=3)
    labels = _labels(path, count)
    classes = () if labels is None else tuple(str(i) for i in range(int(labels.max()) + 1))

    def entries() -> Iterator[Entry]:
        with _opened(path) as file:
            header(file, path, dimensions=3)
            for i in range(count):
                pixels = np.frombuffer(_exactly(file, height * width, path), np.uint8).reshape(height, width)
                yield Entry(str(i), pixels, None if labels is None else int(labels[i]))

    files = (path,) if labels is None else (path, labels_path(path))
    return Shelf("idx", str(path), entries, lambda: files, classes)


def header(file: IO[bytes], path: Path, *, dimensions: int) -> tuple[int, ...]:
    """The sizes that an idx header gives; `file` then stands at the first number.

    Raises DataError where it is no idx header, holds other numbers than bytes, or has other dimensions.
    """
    start = _exactly(file, 4, path)
    if start[:2] != b"\0\0":
        raise DataError(f"{path} has a corrupt idx header: it starts with {start.hex(' ')}, not with 00 00 08")
    if start[2] != 8:
        raise DataError(f"{path} has an idx header of type 0x{start[2]:02x}; only bytes (0x08) are pictures or labels")
    if start[3] != dimensions:
        raise DataError(f"{path} has an idx header of {start[3]} dimensions where {dimensions} were expected")
    sizes = struct.unpack(f">{dimensions}I", _exactly(file, 4 * dimensions, path))
    if 0 in sizes or math.prod(sizes[1:]) > 2**26:
        raise DataError(f"{path} has a corrupt idx header: it gives the sizes {'x'.join(map(str, sizes))}")
    return sizes


def labels_path(path: Path) -> Path:
    """Where the labels of a file of pictures lie, with or without `.gz`."""
    name = path.name.replace("images-idx3", "labels-idx1").replace("images.idx3", "labels.idx1")
    plain = path.with_name(name.removesuffix(".gz"))
    zipped = path.with_name(plain.name + ".gz")
    first, second = (zipped, plain) if path.name.endswith(".gz") else (plain, zipped)
    return first if first.exists() or not second.exists() else second


def _labels(path: Path, count: int) -> np.ndarray | None:
    beside = labels_path(path)
    if beside.name.removesuffix(".gz") == path.name.removesuffix(".gz") or not beside.exists():
        return None
    with _opened(beside) as file:
        (found,) = header(file, beside, dimensions=1)
        if found != count:
            raise DataError(f"{beside} holds {found} labels for the {count} pictures of {path.name}")
        return np.frombuffer(_exactly(file, count, beside), np.uint8)


def _opened(path: Path) -> IO[bytes]:
    with open(path, "rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path)) if zipped else open(path, "rb")


def _exactly(file: IO[bytes], size: int, path: Path) -> bytes:
    try:
        content = file.read(size)
    except DAMAGED as error:
        raise DataError(f"{path} is truncated or damaged: {error}; get it again") from error
    if len(content) < size:
        raise DataError(f"{path} is truncated: it ends before its idx header says; get it again")
    return content
