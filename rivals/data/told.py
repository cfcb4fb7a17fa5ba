"""Tables of tags, classes or captions, joined with the pictures by their names."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rivals.data.bad import Bad, DataError
from rivals.data.find import Say
from rivals.data.named import roots
from rivals.data.names import NAMED
from rivals.data.pictures import Beside
from rivals.data.shelf import TABLE, Shelf
from rivals.data.table import Row, Table, read_table
from rivals.data.tags import Reading, reading_of

LEAVE = "none"
"""In place of a file: a tags.csv is left aside."""


@dataclass(frozen=True)
class Told:
    """What a table tells of pictures: `rows` (m,) of those that have a row in it, and their fields."""

    rows: np.ndarray
    beside: dict[str, Beside]
    missing: list[Bad]
    """The pictures without a row."""
    about: tuple[str, ...]
    """What was decided, a line each."""

    def spread(self, count: int) -> dict[str, Beside]:
        """The fields of all `count` pictures; of those without a row zeros, which nobody asks for."""
        made = {}
        for name, known in self.beside.items():
            values = np.zeros((count, *known.values.shape[1:]), known.values.dtype)
            values[self.rows] = known.values
            made[name] = Beside(values, known.field)
        return made

    def digest(self, index_sha256: str) -> str:
        """The sum that stands for the pictures and for what is told of them."""
        found = hashlib.sha256(index_sha256.encode())
        for name, known in self.beside.items():
            found.update(f"\0{name}\0{known.field.words}\0".encode() + known.values.tobytes())
        return found.hexdigest()


@dataclass(frozen=True)
class Found:
    """A table, the one that its words are learned from (of a test split, the training split's), and whether it is
    surely meant for the pictures."""

    table: Table
    learned_from: Table
    sure: bool = True


def told_of(
    data: str, shelf: Shelf, bad: Sequence[Bad], *, tags: str = "", split: str = "train", say: Say = print
) -> Told | None:
    """What is told of the pictures that are not `bad`: by the file `tags`, by a named set's own table, or by a
    tags.csv among the pictures or beside them.

    A tags.csv beside them is left aside, with a word, where it has no row of any of them. Raises DataError, with file
    and line, for a table that can't be read, and for one that is of other pictures.
    """
    found = None if tags == LEAVE else _tables(data, shelf, tags, split)
    if found is None:
        return None
    if not shelf.names:
        raise DataError(f"{shelf.where}: pictures of an {shelf.kind} file have no names that --tags could tell them by")
    left_out = {each.name for each in bad}
    names = [name for name in shelf.names if name not in left_out]
    if found.sure or set(_keys(found.table)) & {key for name in names for key in _called(name)}:
        told = joined(found.table, reading_of(found.learned_from), names)
        if shelf.classes and "label" in told.beside:
            raise DataError(
                f"{found.table.where} tells classes, and the folders of {shelf.where} do already; --tags none"
            )
        return told if data in NAMED else replace(told, about=told.about + _strange(found.table, shelf.names))
    say(f"{found.table.where} has no row for any picture of {shelf.where} and is left aside")
    return None


def joined(table: Table, reading: Reading, names: Sequence[str]) -> Told:
    """The rows of a table brought to the pictures `names`, by path, by file name, or by these without their ending.

    Raises DataError for a second row of a picture (of captions the first counts), for a row that names two pictures,
    and where no picture has a row.
    """
    rows, more = _by_name(table, several=reading.text is not None)
    found = [next((rows[key] for key in _called(name) if key in rows), None) for name in names]
    _check_once(table, names, found)
    kept = [row for row in found if row is not None]
    if not kept:
        raise DataError(
            f"{table.where} has no row for any picture: {table.rows[0].name} there, {next(iter(names), 'nothing')} here"
        )
    again = (f"{table.where}: {more} further captions of the same pictures are not used",) if more else ()
    return Told(
        np.array([place for place, row in enumerate(found) if row is not None], np.int64),
        reading.fields([row.cells for row in kept]),
        [Bad(n, f"has no row in {table.where}") for n, row in zip(names, found, strict=True) if row is None],
        reading.about + again,
    )


def _tables(data: str, shelf: Shelf, tags: str, split: str) -> Found | None:
    if tags:
        return _same(_table(Path(tags).expanduser()))
    if data in NAMED:
        training, own = (_named(relative) for relative in (NAMED[data].tags, NAMED[data].test_tags))
        own = training if split == "train" else own
        return Found(_table(own), _table(training)) if training and own else None
    first = shelf.names[0] if shelf.names else ""
    inside = [
        name for name in shelf.ignored if f"/{name}".endswith(f"/{TABLE}") and first.startswith(name[: -len(TABLE)])
    ]
    if inside and shelf.read:
        name = max(inside, key=len)
        return _same(read_table(shelf.read(name), f"{shelf.where}/{name}"))
    beside = Path(shelf.where).parent / TABLE
    return _same(_table(beside), sure=False) if shelf.names and beside.is_file() else None


def _same(table: Table, sure: bool = True) -> Found:
    return Found(table, table, sure)


def _table(path: Path) -> Table:
    try:
        return read_table(path.read_bytes(), str(path))
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}; --tags names a CSV file") from error


def _named(relative: str) -> Path | None:
    """A file of a named set, where it is on this machine."""
    return next((root / relative for root in roots() if relative and (root / relative).is_file()), None)


def _by_name(table: Table, several: bool) -> tuple[dict[str, Row], int]:
    """The rows by the names that they may be called by, and how many rows are not the first of their picture."""
    rows, more = dict[str, Row](), 0
    for key, row in zip(_keys(table), table.rows, strict=True):
        if key in rows and not several:
            raise DataError(f"{table.where}, line {row.line}: a second row of {row.name}, after line {rows[key].line}")
        more += key in rows
        rows.setdefault(key, row)
    short = Counter(key.rpartition("/")[2] for key in rows if "/" in key)
    return {key.rpartition("/")[2]: row for key, row in rows.items() if short[key.rpartition("/")[2]] == 1} | rows, more


def _strange(table: Table, names: Sequence[str]) -> tuple[str, ...]:
    """A line on rows that name none of the pictures, which may have been renamed or lost."""
    called = {key for name in names for key in _called(name)}
    rows = zip(_keys(table), table.rows, strict=True)
    strange = list(dict.fromkeys(row.name for key, row in rows if not {key, key.rpartition("/")[2]} & called))
    many = f"{len(strange)} row{'s name' if len(strange) > 1 else ' names'}"
    return (f"{table.where}: {many} no picture here ({', '.join(strange[:3])})",) if strange else ()


def _keys(table: Table) -> Iterator[str]:
    """What the rows call their pictures."""
    return (row.name.replace("\\", "/").removeprefix("./") for row in table.rows)


def _called(name: str) -> Iterator[str]:
    """What a picture may be called: its path, its file name, and both without the ending."""
    for key in (name, name.rpartition("/")[2]):
        yield from (key, os.path.splitext(key)[0])


def _check_once(table: Table, names: Sequence[str], found: Sequence[Row | None]) -> None:
    seen = dict[int, str]()
    for name, row in zip(names, found, strict=True):
        if row is not None and seen.setdefault(row.line, name) != name:
            both = f"{seen[row.line]} and {name}"
            raise DataError(f"{table.where}, line {row.line}: {row.name} may be {both}; write the path of each picture")
