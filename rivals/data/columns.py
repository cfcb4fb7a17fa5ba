"""A column of a table as tags: what turns its cells into words that pictures share."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from rivals.data.sentences import plain

Tagger = Callable[[str], list[str]]
"""A cell -> its tags."""
YES, NO = ("1", "true", "yes"), ("0", "-1", "false", "no")
FEW = 12
"""Different numbers of a column up to which each is a value of its own."""


def tagger(heading: str, cells: Sequence[str]) -> Tagger:
    """What turns the cells of a column into tags, as its heading and all of its cells have it.

    `tags` holds several in a cell; yes or no (1, 0, -1) is one tag, the heading; many different numbers are four
    ranges, "age 25 to 31", of equally many rows; every other value is a tag with the heading, "blue hair".
    """
    values, heading = {cell.lower() for cell in cells if cell}, plain(heading)
    if heading == "tags":
        return phrases(cells)
    if values and values <= {*YES, *NO}:
        return lambda cell: [heading] if cell.lower() in YES else []
    if len(values) > FEW and all(map(_is_number, values)):
        return ranges(heading, np.array([float(cell) for cell in cells if cell]))
    return lambda cell: [f"{plain(cell)} {heading}"] if cell else []


def phrases(cells: Sequence[str]) -> Tagger:
    """Several tags a cell: cut at tabs, else at commas, else, where all cells are built alike, behind the words that
    all share, so that "aqua hair red eyes" is two.
    """
    ends = shared_ends(cells)
    if not ends:
        return lambda cell: [tag for part in re.split(r"\t" if "\t" in cell else "[,;]", cell) if (tag := plain(part))]

    def cut(cell: str) -> list[str]:
        words = plain(cell).split()
        return [" ".join(words[a:b]) for a, b in zip([0, *ends], ends, strict=False) if words[a:b]]

    return cut


def shared_ends(cells: Sequence[str]) -> list[int]:
    """Where phrases end if every cell has as many words and at least two of them, the last included, never change."""
    rows = [plain(cell).split() for cell in cells if not re.search("[,;\t]", cell)]
    if len(rows) < len(cells) or len({len(row) for row in rows}) != 1:
        return []
    places = [place for place, words in enumerate(zip(*rows, strict=True), 1) if len({*words}) == 1]
    apart = all(b - a > 1 for a, b in zip([0, *places], places, strict=False))
    return places if len(places) > 1 and apart and places[-1] == len(rows[0]) else []


def ranges(heading: str, numbers: np.ndarray) -> Tagger:
    """Four ranges of equally many of the numbers (n,)."""
    edges = np.unique(np.quantile(numbers, (0.25, 0.5, 0.75)))
    place = np.searchsorted(edges, numbers, side="right")
    names = {
        int(part): f"{heading} {numbers[place == part].min():g} to {numbers[place == part].max():g}"
        for part in np.unique(place)
    }

    def name(cell: str) -> list[str]:
        part = int(np.searchsorted(edges, float(cell), side="right")) if _is_number(cell) else -1
        return [names[part]] if part in names else []

    return name


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
