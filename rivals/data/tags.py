"""What the columns of a table say of pictures: tags, a class, a sentence; and these as numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rivals.data.bad import DataError
from rivals.data.columns import phrases, tagger
from rivals.data.pictures import Beside
from rivals.data.sentences import LONGEST, numbered, tokens, vocabulary, words_of
from rivals.data.table import Table
from rivals.feed import Field

LABELS, TEXTS = ("label", "class"), ("text", "caption", "captions", "description")
"""Headings of a column of classes and of one of sentences; `tags` is one of several tags, every other one of values."""
OFTEN = 3
"""Rows that what stands in cells without a heading must stand in, on average, to be tags and no sentences."""
RARE = 200
"""A tag is used if one row in so many has it, and two at least."""
EXAMPLES = 10

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How the cells of a row become numbers. Made from one table, so that another split is read alike."""

    taggers: tuple[tuple[int, Callable[[str], list[str]]], ...]
    """Columns of tags, each with what turns its cells into tags."""
    tags: tuple[str, ...]
    label: int | None
    """The column of classes."""
    classes: tuple[str, ...]
    text: int | None
    """The column of sentences."""
    words: tuple[str, ...]
    length: int
    """Words of the longest sentence."""
    about: tuple[str, ...]
    """What was decided, a line each."""

    def fields(self, cells: Sequence[Cells]) -> dict[str, Beside]:
        """The fields `tags`, `label` and `text`, as far as there are such columns, of pictures with these cells."""
        made: dict[str, Beside] = {}
        if self.label is not None:
            made["label"] = self._labels([row[self.label] for row in cells])
        if self.tags:
            made["tags"] = self._multi_hot([self.tags_of(row) for row in cells])
        if self.text is not None:
            made["text"] = self._sentences([row[self.text] for row in cells])
        return made

    def tags_of(self, cells: Cells) -> list[str]:
        """All tags of a row, rare ones too."""
        return [tag for place, tags in self.taggers for tag in tags(cells[place])]

    def _labels(self, names: list[str]) -> Beside:
        number = numbered(self.classes)
        if strange := next((name for name in names if name not in number), None):
            raise DataError(f"the class {strange!r} is not among the classes of the training split")
        last = float(len(self.classes) - 1)
        return Beside(np.array([number[n] for n in names], np.int64), Field((), 0.0, last, "label", self.classes))

    def _multi_hot(self, tags: list[list[str]]) -> Beside:
        number = numbered(self.tags)
        values = np.zeros((len(tags), len(number)), np.uint8)
        for row, found in zip(values, tags, strict=True):
            row[[number[tag] for tag in found if tag in number]] = 1
        return Beside(values, Field((len(number),), 0.0, 1.0, "tags", self.tags, self._combinations(values)))

    def _combinations(self, values: np.ndarray) -> tuple[str, ...]:
        """The commonest combinations, of which each shows a tag that those before it have not."""
        chosen, shown = list[str](), set[int]()
        for row, _ in Counter(tuple(map(int, np.flatnonzero(row))) for row in values).most_common():
            if not shown.issuperset(row) and len(chosen) < EXAMPLES:
                chosen.append(", ".join(self.tags[place] for place in row))
                shown.update(row)
        return tuple(chosen)

    def _sentences(self, sentences: list[str]) -> Beside:
        number = numbered(self.words)
        values = np.array([tokens(sentence, number, self.length) for sentence in sentences], np.int32)
        known = list(dict.fromkeys(s for s in sentences if words_of(s) and {*words_of(s)} <= number.keys()))
        examples = tuple(known[:: max(len(known) // EXAMPLES, 1)][:EXAMPLES])
        field = Field((self.length,), 0.0, len(self.words) - 1.0, "text", self.words, examples)
        return Beside(values, field)


def reading_of(table: Table) -> Reading:
    """How to read a table: what each column is by its heading, or, where it has none, by how often its cells repeat.

    Raises DataError for two columns of one kind, and where nothing is left.
    """
    columns = list(zip(*(row.cells for row in table.rows), strict=True))
    headings = [heading.lower() for heading in table.headings] or [_untitled(columns[0])]
    label, text = (_only(table, headings, kind) for kind in (LABELS, TEXTS))
    rest = [place for place in range(len(headings)) if place not in (label, text)]
    taggers = tuple((place, tagger(headings[place], columns[place])) for place in rest)
    tags, rare = _frequent(table, taggers, columns)
    sentences = columns[text] if text is not None else ()
    words = vocabulary(sentences)
    length = min(max((len(words_of(sentence)) for sentence in sentences), default=0), LONGEST)
    if label is not None and (blank := next((row for row in table.rows if not row.cells[label]), None)):
        raise DataError(f"{table.where}, line {blank.line}: {blank.name} has no class")
    classes = tuple(sorted({*columns[label]}, key=_in_order)) if label is not None else ()
    about = _about(table, classes, tags, rare, words, length)
    if not about or text is not None and len(words) < 3:
        raise DataError(
            f"{table.where}: no tag, class or word of it stands in two rows or more; --tags none leaves it aside"
        )
    return Reading(taggers, tags, label, classes, text, words, length, tuple(about))


def _untitled(cells: Sequence[str]) -> str:
    """The heading that a column without one deserves."""
    parts = [part for cell in cells for part in phrases(cells)(cell)]
    return "tags" if len(parts) >= OFTEN * len({*parts}) else "text"


def _only(table: Table, headings: Sequence[str], kind: Sequence[str]) -> int | None:
    """The column with one of the headings."""
    places = [place for place, heading in enumerate(headings) if heading in kind]
    if len(places) > 1:
        both = " and ".join(table.headings[place] for place in places[:2])
        raise DataError(f"{table.where}: the columns {both} are of one kind; leave one of them")
    return places[0] if places else None


def _frequent(
    table: Table, taggers: Iterable[tuple[int, Callable[[str], list[str]]]], columns: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags that stand in rows enough, column by column, and those that don't, the commonest first."""
    tags, rare, fewest = dict[str, None](), list[tuple[str, int]](), max(2, len(table.rows) // RARE)
    for place, of in taggers:
        counted = Counter(tag for cell in columns[place] for tag in dict.fromkeys(of(cell)))
        tags |= dict.fromkeys(sorted((tag for tag in counted if counted[tag] >= fewest), key=_in_order))
        rare += [(tag, count) for tag, count in counted.most_common() if count < fewest]
    return tuple(tags), tuple(tag for tag, _ in sorted(rare, key=lambda each: -each[1]))


def _about(table: Table, classes: Cells, tags: Cells, rare: Cells, words: Cells, length: int) -> list[str]:
    lines = [f"{table.where}: {len(classes)} classes"] if classes else []
    if tags:
        hint = (
            "" if table.headings else f", each in {OFTEN} rows or more on average (headed file,text they are sentences)"
        )
        lines.append(f"{table.where}: {len(tags)} tag{'s' * (len(tags) != 1)}{hint}")
    if tags and rare:
        fewest = max(2, len(table.rows) // RARE)
        some, are = ("1 tag", "is") if len(rare) == 1 else (f"{len(rare)} tags", "are")
        lines.append(f"{some} of fewer than {fewest} pictures {are} not used ({', '.join(rare[:3])})")
    if length:
        hint = "" if table.headings else " (headed file,tags they are tags)"
        lines.append(f"{table.where}: sentences of up to {length} words, {len(words) - 2} different ones{hint}")
    return lines


def _in_order(word: str) -> tuple[bool, float, str]:
    """Numbers by their size, before words."""
    return (False, float(word), word) if word.isdecimal() else (True, 0.0, word)
