"""Points of a file: the rows of a table, or an array of an npz."""

import csv
import zipfile
import zlib
from pathlib import Path

import numpy as np

from rivals.data.bad import DataError
from rivals.data.names import POINTS, TABLES

NUMBERS = "fiu"
"""Kinds of arrays whose entries are numbers: floating point, with a sign, without."""
MAKE = "an .npz of your own: np.savez('points.npz', points=array)"


def read_points(path: Path) -> np.ndarray:
    """The numbers (n, d) of a table (.csv, .tsv), a row a point, or of an npz (key `points` or `samples`, or its only
    array).

    Raises DataError, naming the file and the line, where it holds something else; pickled objects are refused.
    """
    if not path.exists():
        raise DataError(f"{path} does not exist; give a table of points (.csv), or {MAKE}")
    try:
        points = _table(path) if path.name.lower().endswith(TABLES) else _array(path)
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from error
    if len(points) > 1 and (points == points[0]).all():
        raise DataError(f"{path}: all {len(points)} points are the same, and there is nothing to learn in that")
    return points


def odd_about(points: np.ndarray, name: str) -> list[str]:
    """A word about points (n, d) that look as if their rows were their columns."""
    n, d = points.shape
    words = f"{name}: {n} points of {d} numbers each; a row is a point, so transpose it if these are {d} points of {n}"
    return [words] if n < d else []


def _array(path: Path) -> np.ndarray:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            key = _key(path, arrays.files)
            points = arrays[key]
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path} holds objects, or is truncated or damaged; write {MAKE}") from error
    if points.ndim != 2 or points.dtype.kind not in NUMBERS:
        raise DataError(f"{path}: points must be an array of numbers (n, d), found {key} {points.dtype} {points.shape}")
    return points if points.dtype.kind == "f" else points.astype(np.float64)


def _key(path: Path, keys: list[str]) -> str:
    named = [key for key in POINTS if key in keys] or keys
    if len(named) > 1:
        raise DataError(f"{path} holds {', '.join(keys)}; call that of the points `points`")
    return named[0]


def _table(path: Path) -> np.ndarray:
    """The numbers of a table; a first row of words is its heading."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8; save the table as CSV, or give {MAKE}") from error
    rows = [(at, line) for at, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise DataError(f"{path} is empty; a table of points has a row of numbers for each")
    comma = next((sign for sign in "\t;," if sign in rows[0][1]), ",")
    cells = [(at, next(csv.reader([line], delimiter=comma))) for at, line in rows]
    cells = cells[1:] if all(map(_is_word, cells[0][1])) else cells
    return np.array([_numbers(path, at, row, len(cells[0][1])) for at, row in cells]).reshape(len(cells), -1)


def _is_word(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return True
    return False


def _numbers(path: Path, line: int, row: list[str], count: int) -> list[float]:
    if len(row) != count:
        raise DataError(f"{path}, line {line}: found {len(row)} cells, expected {count}, as in the first row")
    for cell in row:
        if _is_word(cell):
            raise DataError(
                f"{path}, line {line}: {cell.strip()!r} is no number, and a table given as --data holds points; "
                "one that tells of pictures is given as --tags"
            )
    return [float(cell) for cell in row]
