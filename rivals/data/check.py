"""A look at a set of pictures before training: every bad file, what is odd, and what would be done."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rivals.data.bad import Bad, DataError
from rivals.data.decode import Shape, Unusable, pixels, quiet
from rivals.data.find import Say, shelf_of
from rivals.data.load import about_shape, check_options, load, shape_for
from rivals.data.names import kind_of
from rivals.data.pool import each
from rivals.data.shelf import TABLE, Entry, Shelf
from rivals.data.survey import Survey, digests, survey
from rivals.data.told import told_of
from rivals.feed import Source

TINY = 20
"""Pictures of a class below which it is called tiny; so is one with less than a tenth of the middle class."""


@dataclass
class Report:
    """What `check` found; `lines()` for people, `as_dict()` for --json."""

    where: str
    kind: str
    count: int
    good: int
    sizes: dict[str, int]
    modes: dict[str, int]
    bad: list[Bad]
    duplicates: list[list[str]]
    """Groups of files with the same content."""
    classes: dict[str, int]
    tiny: list[str]
    ignored: list[str]
    plan: list[str]
    """What training would do with the pictures, or why it would refuse."""
    trains: bool
    index_sha256: str = ""
    shape: list[int] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return vars(self) | {"bad": [{"file": each.name, "reason": each.reason} for each in self.bad]}

    def lines(self) -> list[str]:
        """The report for people; every bad file is in it."""
        if self.kind == "points":
            return [self.where, *(f"  {line}" for line in self.plan)]
        lines = [f"{self.where}: {self.count} files ({self.kind}), {self.good} good, {len(self.bad)} bad"]
        lines += [f"  sizes: {_counts(self.sizes)}"] if self.sizes else []
        lines += [f"  modes: {_counts(self.modes)}"] if self.modes else []
        lines += [f"  classes: {_counts(self.classes)}"] if self.classes else []
        lines += [f"  tiny classes: {', '.join(self.tiny)}"] if self.tiny else []
        lines += [f"  not pictures by their names: {', '.join(self.ignored)}"] if self.ignored else []
        lines += [f"  bad: {each}" for each in self.bad]
        lines += [f"  the same picture: {', '.join(group)}" for group in self.duplicates]
        return lines + [f"  {line}" for line in self.plan]


def check(
    data: str | Path,
    *,
    size: int | None = None,
    channels: int | None = None,
    fit: str = "crop",
    split: str = "train",
    tags: str = "",
    say: Say = print,
) -> Report:
    """Decodes every picture of `data` (a named set or a path), or reads its points, and reports; writes only the memo.

    Raises DataError where there is no set of pictures at all: a missing path, an empty folder, a damaged
    archive.
    """
    check_options(size, channels, fit, split=split)
    if kind_of(str(data)) == "points":
        odd: list[str] = []
        return _of_points(load(data, split=split, tags=tags, say=odd.append), odd)
    shelf = shelf_of(data, split=split, say=say)
    found = survey(shelf)
    shape, bad, plan = _shaped(shelf, found, size, channels, fit)
    trains = shape is not None
    try:
        told = told_of(str(data), shelf, bad, tags=tags, split=split, say=say)
    except DataError as error:
        told, trains, plan = None, False, [*plan, str(error).splitlines()[0]]
    if told:
        bad, plan = [*bad, *told.missing], [*plan, *told.about]
    return _of_pictures(shelf, found, shape, bad, plan, trains)


def _shaped(
    shelf: Shelf, found: Survey, size: int | None, channels: int | None, fit: str
) -> tuple[Shape | None, list[Bad], list[str]]:
    """The shape that training would bring the pictures to (None if it would refuse), the bad ones, and a word on it."""
    try:
        shape = shape_for(found, shelf.where, size=size, channels=channels, fit=fit)
    except DataError as error:
        return None, _bad(shelf, Shape(8, channels or 3, fit)), [str(error).splitlines()[0]]
    plan = about_shape(shelf, found, shape, chosen=size is not None) or [used_as_they_are(found, shape)]
    return shape, _bad(shelf, shape), plan


def _of_pictures(
    shelf: Shelf, found: Survey, shape: Shape | None, bad: list[Bad], plan: list[str], trains: bool
) -> Report:
    counts, groups = _contents(shelf)
    classes = {name: counts[i] for i, name in enumerate(shelf.classes)}
    return Report(
        where=shelf.where,
        kind=shelf.kind,
        count=found.count,
        good=found.count - len(bad),
        sizes={f"{width}x{height}": n for (width, height), n in found.sizes.most_common()},
        modes=dict(found.modes.most_common()),
        bad=bad,
        duplicates=groups,
        classes=classes,
        tiny=tiny_classes(classes),
        ignored=[name for name in shelf.ignored if Path(name).name != TABLE],
        plan=plan + _advice(found, bad),
        trains=trains and not bad,
        index_sha256=found.index_sha256,
        shape=[shape.channels, shape.size, shape.size] if shape else [],
    )


def _of_points(source: Source, odd: list[str]) -> Report:
    """Points are usable as a whole or not at all."""
    count, (points,) = len(source), source.spec.values()
    nothing: dict[str, Any] = {
        "sizes": {},
        "modes": {},
        "bad": [],
        "duplicates": [],
        "classes": {},
        "tiny": [],
        "ignored": [],
    }
    return Report(
        where=source.describe(),
        kind="points",
        count=count,
        good=count,
        **nothing,
        plan=["points are standardised: their mean to 0, and one scale for all directions", *odd],
        trains=True,
        index_sha256=source.index_sha256,
        shape=list(points.shape),
    )


def tiny_classes(classes: dict[str, int]) -> list[str]:
    """The classes with fewer than 20 pictures, or than a tenth of the middle class, each with its number."""
    middle = sorted(classes.values())[len(classes) // 2] if classes else 0
    return [f"{name} ({n})" for name, n in classes.items() if n < max(TINY, middle / 10)]


def used_as_they_are(found: Survey, shape: Shape) -> str:
    """A word where sizes stay, and colours perhaps do not."""
    if shape.channels == 1 and found.grey_count < found.good:
        return "pictures are made grey"
    if shape.channels > 1 and found.grey_count:
        return "grey pictures are used as if in colour"
    return "pictures are used as they are"


def _advice(found: Survey, bad: list[Bad]) -> list[str]:
    if not bad:
        return []
    if len(bad) == found.count:
        return ["no picture can be used"]
    return [f"train refuses these {len(bad)} bad files; repair or remove them, or use --on-bad-file skip"]


def _bad(shelf: Shelf, shape: Shape) -> list[Bad]:
    """Every picture that can't be brought to `shape`, which takes decoding each to its end."""

    def reason(entry: Entry) -> str:
        try:
            pixels(entry, shape)
        except Unusable as why:
            return str(why)
        return ""

    with quiet():
        return [Bad(entry.name, why) for entry, why in each(reason, shelf.entries()) if why]


def _contents(shelf: Shelf) -> tuple[Counter[int], list[list[str]]]:
    """How many files each class has, and the groups of files with the same content."""
    counts: Counter[int] = Counter()
    names: dict[bytes, list[str]] = {}
    for entry, found, digest in digests(shelf):
        if entry.label is not None:
            counts[entry.label] += 1
        if not isinstance(found, str):
            names.setdefault(digest, []).append(entry.name)
    return counts, [group for group in names.values() if len(group) > 1]


def _counts(counted: dict[str, int], most: int = 12) -> str:
    texts = [f"{name} ({n})" for name, n in list(counted.items())[:most]]
    return ", ".join(texts) + (f" and {len(counted) - most} more" if len(counted) > most else "")
