"""A CSV file of what is known of pictures, a row a picture: read, not yet understood."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rivals.data.bad import DataError

FIRST = frozenset(
    (
        "file",
        "filename",
        "file_name",
        "file name",
        "img_id",
        "image_id",
        "id",
        "image",
        "img",
        "name",
        "path",
        "picture",
    )
)
"""Headings of the first column; a first line that begins with none of them is a row like all others."""
COUNTED = re.compile(r"[^,]*,[^\t]*:\d+(\t[^\t]*:\d+)*\s*")
"""A row of tags with their popularity: `id,tag:count<tab>tag:count`."""
WHOLE = frozenset(("tags", "text", "caption", "captions", "description"))
"""Headings of a single column whose cells may hold commas without quotes."""


@dataclass(frozen=True)
class Row:
    """What is known of one picture, cell by cell, and the line of the file that says so."""

    line: int
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows of a file, and the headings of their cells; none where the file has no header."""

    where: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes, where: str) -> Table:
    """The table in a CSV file: with a header of any number of columns, or without one of two, or with tab-separated
    `tag:count` behind the picture's name.

    Raises DataError, with the file and the line, for what is no such table.
    """
    text = _text(content, where)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    counted = sum(COUNTED.fullmatch(line) is not None for _, line in lines)
    if 2 * counted >= sum(bool(line.partition(",")[2].strip()) for _, line in lines) > 0:
        rows = lines[lines[0][1].partition(",")[0].strip().lower() in FIRST :]
        table = Table(where, ("tags",), tuple(_counted_row(number, line, where) for number, line in rows))
    else:
        table = _separated(text, where)
    if not table.rows:
        raise DataError(f"{where} holds no rows; a row a picture is expected, such as 0.jpg,blue hair")
    return table


def _counted_row(number: int, line: str, where: str) -> Row:
    """`id,tag:count<tab>tag:count` without the counts."""
    name, comma, rest = line.partition(",")
    if not comma or not name.strip():
        raise DataError(f"{where}, line {number}: {_excerpt(line)} is no row; expected id,tag:count<tab>tag:count")
    return Row(number, name.strip(), (re.sub(r":\d+\s*(?=\t|$)", "", rest),))


def _separated(text: str, where: str) -> Table:
    """The cells of a table separated by commas."""
    rows = list(_cells(text, where))
    if not rows:
        return Table(where, (), ())
    number, first = rows[0]
    if first[0].lower() not in FIRST:
        return Table(where, (), tuple(_row(where, line, cells, 1, joined=True) for line, cells in rows))
    headings = tuple(first[1:])
    if not all(headings) or not headings or len({*headings}) < len(headings):
        raise DataError(f"{where}, line {number}: every column needs a heading of its own, such as file,hair,eyes")
    joined = len(headings) == 1 and headings[0].lower() in WHOLE
    return Table(where, headings, tuple(_row(where, line, cells, len(headings), joined) for line, cells in rows[1:]))


def _row(where: str, line: int, cells: list[str], count: int, joined: bool) -> Row:
    """A row of `count` cells behind the name; where a cell may hold commas, all that follows is one."""
    if joined and len(cells) > 2:
        cells = [cells[0], ", ".join(filter(None, cells[1:]))]
    if len(cells) != count + 1 or not cells[0]:
        found = f"{len(cells)} cell{'s' * (len(cells) > 1)}" if cells[0] else "no name of a picture"
        expected = (
            f"a picture's name and {count} more" if count > 1 else "a picture's name, a comma and its tags or text"
        )
        raise DataError(f"{where}, line {line}: found {found} in {_excerpt(','.join(cells))}, expected {expected}")
    return Row(line, cells[0], tuple(cells[1:]))


def _cells(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of every row that is not empty, without spaces around them, with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if any(map(str.strip, cells)):
                yield line, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise DataError(f"{where}, line {before + 1}: {error}; repair the row, or its quotes") from error


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{where}, line {line}: is not UTF-8 text; save the file as UTF-8") from error


def _excerpt(line: str) -> str:
    return repr(line if len(line) < 50 else line[:47] + "…")
