"""Pictures that a user gives, as the networks of a run take them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import ImageColor
from torch import Tensor

from rivals.data.bad import Bad, DataError, shown
from rivals.data.decode import Shape, Unusable, look, pixels, upright_sides
from rivals.data.folder import read_folder
from rivals.data.shelf import Entry
from rivals.run.progress import say

HALF = 127
GREY = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Given:
    """Pictures (n, C, H, W) in [-1, 1] and their names."""

    names: list[str]
    pictures: Tensor


def shape_of(learned: Any) -> Shape:
    """What pictures are brought to. Raises ValueError for a run that makes none."""
    if "image" not in learned.source.spec:
        raise ValueError(f"{learned.path} makes no pictures to edit: it was trained on {learned.source.describe()}")
    channels, size, _ = learned.source.spec["image"].shape
    return Shape(size, channels, learned.config.run.fit)


def one_picture(path: Path, shape: Shape) -> Given:
    """A single picture, with a word on what is done to its size and colours.

    Raises ValueError, with the reason, for no picture.
    """
    entry = _entry(path)
    found = _decoded(path, entry, shape)
    header = look(entry)
    width, height = header.width, header.height
    if (width, height) != (shape.size, shape.size):
        words = {"crop": "centre-cropped and resized", "pad": "padded and resized", "stretch": "stretched"}
        how = "resized" if width == height else words[shape.fit]
        say(f"{path.name}: {width}x{height} is {how} to {shape.size}x{shape.size}, the size that this run makes")
    if shape.channels == 1 and not header.grey:
        say(f"{path.name} is made grey, as this run's pictures are")
    return Given([path.name], _ranged(found)[None])


def all_pictures(folder: Path, shape: Shape, on_bad_file: str = "error") -> Given:
    """Every picture of a folder, sorted by name; those that cannot be used are named.

    Raises DataError where there are such, unless they may be skipped and others are left.
    """
    names, found, bad = list[str](), list[Tensor](), list[Bad]()
    for entry in read_folder(folder).entries():
        try:
            found.append(_ranged(pixels(entry, shape)))
            names.append(entry.name)
        except Unusable as reason:
            bad.append(Bad(entry.name, _plain(reason)))
    if bad and found and on_bad_file == "skip":
        say(f"{folder}: left out {len(bad)} of {len(bad) + len(found)} pictures:")
        for line in shown(bad):
            say(line)
    elif bad:
        what = "repair or remove them, or go without them by --on-bad-file skip" if found else "give others"
        head = f"{folder}: {len(bad)} of its {len(bad) + len(found)} pictures can't be used; {what}:"
        raise DataError("\n".join([head, *shown(bad)]), bad)
    return Given(names, torch.stack(found))


def drawing(path: Path, shape: Shape) -> tuple[Tensor, Tensor]:
    """What is drawn on a transparent ground: its colours (C, H, W) in [-1, 1], and how much they cover (1, H, W).

    Raises ValueError where nothing is transparent, or everything.
    """
    colours, cover = _layers(path, shape)
    if bool((cover > 0).all()):
        raise ValueError(f"{path} covers the whole picture; save what is drawn alone, on a transparent ground")
    if not bool((cover > 0).any()):
        raise ValueError(f"{path} is transparent everywhere; draw something on it")
    return in_channels(colours, shape.channels), cover


def marked(path: Path, shape: Shape) -> Tensor:
    """The region (1, H, W), 0 or 1, that a mask shows in white. Raises ValueError for one of one colour."""
    colours, cover = _layers(path, shape)
    white = ((colours.mean(0, keepdim=True) > 0) & (cover > 0.5)).float()
    if bool((white == white.mean()).all()):
        what = "white" if bool(white.all()) else "black"
        raise ValueError(f"{path} is all {what}; a mask is white where the picture is to change and black elsewhere")
    return white


def check_laid(picture: Path, drawn: Path) -> None:
    """Raises ValueError for a drawing of other proportions than the picture, which would come to lie elsewhere."""
    try:
        (width, height), (other_width, other_height) = (upright_sides(_entry(each)) for each in (picture, drawn))
    except Unusable:
        return  # which is said, with the file's name, where it is read
    if abs(width * other_height - height * other_width) > max(width * other_height, height * other_width) / 50:
        raise ValueError(
            f"{drawn} is {other_width}x{other_height} and {picture} is {width}x{height}; "
            "draw on the picture itself, so that both have the same proportions"
        )


def colour_of(words: str, shape: Shape) -> Tensor:
    """A colour by name or as #rrggbb, as a picture (C, H, W) in [-1, 1]. Raises ValueError for one that is unknown."""
    try:
        numbers = ImageColor.getrgb(words)[:3]
    except ValueError:
        raise ValueError(f"--colour {words}: give a name such as red, or #rrggbb") from None
    colour = torch.tensor(numbers).float()[:, None, None].expand(3, shape.size, shape.size) / 127.5 - 1
    return in_channels(colour, shape.channels)


def in_channels(colours: Tensor, channels: int) -> Tensor:
    """Colours (3, H, W) as a run has them: grey, colour, or opaque colour with alpha."""
    if channels == 1:
        return (colours * torch.tensor(GREY)[:, None, None]).sum(0, keepdim=True)
    return colours if channels == 3 else torch.cat([colours, torch.ones_like(colours[:1])])


def _layers(path: Path, shape: Shape) -> tuple[Tensor, Tensor]:
    """Colours (3, H, W) in [-1, 1] and cover (1, H, W) in [0, 1] of a file, laid out as the picture is."""
    layers = _decoded(path, _entry(path), replace(shape, channels=4, clear=True))
    return _ranged(layers[:3]), torch.from_numpy(layers[3:]).float() / 255


def _entry(path: Path) -> Entry:
    if path.is_dir():
        raise ValueError(f"{path} is a folder; give a single picture here")
    if not path.is_file():
        raise ValueError(f"{path}: no such file")
    return Entry(path.name, path.read_bytes())


def _decoded(path: Path, entry: Entry, shape: Shape) -> np.ndarray:
    try:
        return pixels(entry, shape)
    except Unusable as reason:
        raise ValueError(f"{path} {_plain(reason)}") from None


def _plain(reason: Unusable) -> str:
    """Without the advice on --size, which a run that is there already has settled."""
    return str(reason).replace("; use --size", "\0").partition("\0")[0]


def _ranged(found: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(found)).float() / 127.5 - 1
