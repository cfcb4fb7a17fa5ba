"""From a name or a path to a source of training data; everything said on the way is one line each."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rivals.data.bad import Bad, DataError, bad_files, shown
from rivals.data.cache import Decoded, decoded
from rivals.data.decode import FITS, SIZES, SMALLEST, WITH_ALPHA, Shape, ruling_side
from rivals.data.find import Say, shelf_of
from rivals.data.first_pass import first_pass
from rivals.data.names import NAMED, TOYS, kind_of
from rivals.data.pictures import COLOURS, Pictures
from rivals.data.points import odd_about, read_points
from rivals.data.shelf import TABLE, Shelf
from rivals.data.stacked import TRIPLETS, Stacked
from rivals.data.survey import Survey
from rivals.data.told import LEAVE, Told, told_of
from rivals.data.toys import Points, toy
from rivals.feed import Source


def load(
    data: str | Path | Source,
    *,
    size: int | None = None,
    channels: int | None = None,
    fit: str = "crop",
    flip: bool = False,
    on_bad_file: str = "error",
    tags: str = "",
    device: str | torch.device = "cpu",
    seed: int = 0,
    split: str = "train",
    limit: int | None = None,
    say: Say = print,
) -> Source:
    """A source from a toy's name, a named picture set, or a path to a folder, zip, tar, npz, csv, parquet or idx file.

    Pictures are brought to `size` (4 to 256; by default the smallest power of two from 8 on that holds the
    smaller side of most pictures, at most 64) by centre `crop`, `pad` or `stretch`, and to 1 (grey), 3
    (colour) or 4 `channels` (with alpha; by default as the files are). `limit` takes that many, evenly
    spread. `tags` is a CSV file of tags, classes or captions (docs/data.md), where it is not a tags.csv among the
    pictures or beside them; "none" leaves that aside. `seed` and `split` pick a toy's points. A source is handed back
    as it is.

    Raises DataError (a ValueError) with a line that says what was found and what to do; with
    `on_bad_file="skip"` bad files are left out with a word, otherwise they are an error that lists them.
    """
    if not isinstance(data, str | Path):
        return data
    check_options(size, channels, fit, on_bad_file=on_bad_file, split=split, limit=limit)
    if kind_of(str(data)) == "points":
        return _points(str(data), tags, limit or 100_000, seed, split, device, say)
    stacked = str(data) in NAMED and NAMED[str(data)].stacked
    if stacked and channels not in (None, 3):
        raise DataError(f"{data} has 3 channels, a digit in each; leave out --channels {channels}")
    shelf = shelf_of(data, split=split, say=say)
    shape_of = partial(shape_for, where=shelf.where, size=size, channels=1 if stacked else channels, fit=fit)
    keep = partial(_keep, where=shelf.where, on_bad_file=on_bad_file)
    found = first_pass(shelf, shape_of, keep=keep)
    shape = shape_of(found)
    for line in about_shape(shelf, found, shape, chosen=size is not None):
        say(line)
    kept = decoded(shelf, found, shape, keep=keep)
    told = told_of(str(data), shelf, kept.bad, tags=tags, split=split, say=say)
    keep(bad := [*kept.bad, *(told.missing if told else ())], found.count)
    for line in _about_kept(shelf, found, bad, told):
        say(line)
    classes = (str(data) in NAMED and NAMED[str(data)].classes) or shelf.classes
    source = _pictures(replace(shelf, classes=classes), found, kept, told, None if stacked else limit, device, flip)
    return Stacked(source, count=limit or TRIPLETS, seed=seed) if stacked else source


def _points(data: str, tags: str, size: int, seed: int, split: str, device: str | torch.device, say: Say) -> Source:
    """The points of a toy, `size` of them, or of a file."""
    if tags not in ("", LEAVE):
        raise DataError(f"--tags tells of pictures, and {data} holds points; leave it out")
    if data in TOYS:
        return toy(data, size=size, seed=seed, split=split, device=device)
    points = read_points(Path(data).expanduser())
    for line in odd_about(points, data):
        say(line)
    return Points(points, device=device, name=Path(data).name)


def _about_kept(shelf: Shelf, found: Survey, bad: list[Bad], told: Told | None) -> list[str]:
    """Which files were left out, and what is told of the others."""
    left_out = [f"{shelf.where}: left out {len(bad)} of {found.count} files:", *shown(bad)] if bad else []
    return [*left_out, *(told.about if told else ())]


def shape_for(found: Survey, where: str, *, size: int | None, channels: int | None, fit: str) -> Shape:
    """Size and channels as asked for, otherwise as the pictures have them.

    Raises DataError where no picture can be read, or grey and coloured ones are mixed and `channels` is not
    given.
    """
    if not found.good:
        raise DataError("\n".join([f"{where} has no readable picture among its {found.count}:", *shown(found.bad)]))
    colour_count = found.good - found.grey_count
    if channels is None and found.grey_count and colour_count:
        raise DataError(
            f"{where} mixes {found.grey_count} grey pictures (such as {', '.join(found.grey)}) "
            f"and {colour_count} in colour (such as {', '.join(found.colour)}); "
            "choose --channels 3 or --channels 1"
        )
    return Shape(size or default_size(found, fit), channels or (3 if colour_count else 1), fit)


def default_size(found: Survey, fit: str = "crop") -> int:
    """The smallest power of two that holds the ruling side of the median picture, from 8 to 64."""
    sides = sorted((ruling_side(sides, fit), count) for sides, count in found.sizes.items())
    passed, half = 0, (found.good + 1) // 2
    for side, count in sides:
        passed += count
        if passed >= half:
            return next((power for power in (8, 16, 32) if power >= side), 64)
    raise DataError("there is no picture to take the size from")


def about_shape(shelf: Shelf, found: Survey, shape: Shape, *, chosen: bool) -> list[str]:
    """What is done to the pictures, a line for each thing that a user should know."""
    lines = []
    if set(found.sizes) != {(shape.size, shape.size)}:
        words = {"crop": "centre-cropped and resized", "pad": "padded and resized", "stretch": "stretched"}
        how = "resized" if all(width == height for width, height in found.sizes) else words[shape.fit]
        hint = "" if chosen else " (choose with --size)"
        lines.append(
            f"{shelf.where}: {found.good} pictures {found.describe_sizes()} are {how} to "
            f"{shape.size}x{shape.size}{_enlarged(found, shape)}{hint}"
        )
    clear = sum(found.modes[mode] for mode in WITH_ALPHA)
    if clear and shape.channels != 4:
        lines.append(f"{shelf.where}: {clear} pictures have transparency, laid on white (--channels 4 keeps it)")
    ignored = [name for name in shelf.ignored if not f"/{name}".endswith(f"/{TABLE}")]
    if ignored:
        some = ", ".join(ignored[:3])
        many = f"{len(ignored)} files are not pictures by their names and are"
        one = "1 file is no picture by its name and is"
        lines.append(f"{many if len(ignored) > 1 else one} not used ({some})")
    return lines


def _enlarged(found: Survey, shape: Shape) -> str:
    """A word about pictures that are smaller than asked for; those smaller than half of it are bad files."""
    sides = [(ruling_side(both, shape.fit), count) for both, count in found.sizes.items()]
    small = sum(count for side, count in sides if side < shape.size <= 2 * side)
    if not small:
        return ""
    return ", which enlarges " + ("all" if small == found.good else f"{small}") + " of them"


def _pictures(
    shelf: Shelf, found: Survey, kept: Decoded, told: Told | None, limit: int | None, device: Any, flip: bool
) -> Pictures:
    count, channels, height, _ = kept.images.shape
    rows = told.rows if told else np.arange(count)
    if limit and limit < len(rows):
        rows = rows[np.linspace(0, len(rows) - 1, limit).round().astype(np.int64)]
    side, square = found.describe_sizes(), f"{height}x{height}"
    about = f"pictures {side} {COLOURS[channels]}" + (f", resized to {square}" if side != square else "")
    return Pictures(
        kept.images,
        kept.labels,
        device,
        flip,
        rows=rows if len(rows) < count else None,
        classes=shelf.classes,
        index_sha256=told.digest(found.index_sha256) if told else found.index_sha256,
        about=about,
        beside=told.spread(count) if told else None,
    )


def _keep(bad: list[Bad], total: int, *, where: str, on_bad_file: str) -> None:
    """Raises DataError where bad files may not be left out, or are all there is."""
    if len(bad) == total:
        raise DataError("\n".join([f"{where} has no usable picture among its {total}:", *shown(bad)]), bad)
    if bad and on_bad_file == "error":
        raise bad_files(where, bad, total)


def check_options(
    size: int | None,
    channels: int | None,
    fit: str,
    *,
    on_bad_file: str = "error",
    split: str = "train",
    limit: int | None = None,
) -> None:
    """Raises DataError for an option that has no such value, with the nearest or the known ones."""
    if size is not None and not SMALLEST <= size <= SIZES[-1]:
        raise DataError(f"the size must be from {SMALLEST} to {SIZES[-1]} pixels a side, found {size}")
    if channels not in (None, 1, 3, 4):
        raise DataError(f"channels must be 1 (grey), 3 (colour) or 4 (colour and alpha), found {channels}")
    for what, value, known in (
        ("fit", fit, FITS),
        ("on_bad_file", on_bad_file, ("error", "skip")),
        ("split", split, ("train", "test")),
    ):
        if value not in known:
            raise DataError(f"{what} must be {' or '.join(known)}, found {value!r}")
    if limit is not None and limit < 1:
        raise DataError(f"limit must be at least 1, found {limit}")
