"""Many small pictures as one that a person can read."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from rivals.report.ink import FAINT, INK, shorten, text_width, write
from rivals.whole import whole_file

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
AIM = 840  # pixels of width that a grid of small pictures is enlarged towards
LETTERS = 14  # pixels
NAME = 260  # pixels that the name of a group may be wide


def picture_grid(
    images: np.ndarray,
    *,
    columns: int | None = None,
    scale: int | None = None,
    gap: int | None = None,
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    captions: Sequence[str] = (),
    title: str = "",
) -> Image.Image:
    """The pictures row by row in one image, enlarged by a whole factor so that pixels stay what they are.

    images: uint8 (n, H, W, C) with C = 1 (grey), 3 (RGB) or 4 (RGBA); (n, H, W) is grey.
    columns: pictures a row (about square if None). scale: the factor (to about 840 pixels of width if None).
    row_labels: one text a row, on the left. column_labels: one text a column, on top. captions: one text a
    picture, underneath. The size is even, as films need.

    Raises ValueError for another shape or type, or when there is no picture.
    """
    images = checked(images)
    count, height, width, _ = images.shape
    columns = min(columns or math.ceil(math.sqrt(count)), count)
    rows = -(-count // columns)
    scale = scale or max(1, round(min(AIM / (columns * width), 1.2 * AIM / (rows * height))))
    gap = max(2, width * scale // 24) if gap is None else gap
    cell = (width * scale + gap, height * scale + gap + (LETTERS + 6 if captions else 0))
    left = gap + (max(text_width(label, LETTERS) for label in row_labels) + 14 if row_labels else 0)
    head = gap + (LETTERS + 16 if title else 0)
    top = head + (LETTERS + 8 if column_labels else 0)
    page = blank(images.shape[3], left + columns * cell[0], top + rows * cell[1])
    middle, foot = width * scale / 2, height * scale + 4

    def corner(place: int) -> tuple[int, int]:
        return left + place % columns * cell[0], top + place // columns * cell[1]

    for place, picture in enumerate(images):
        page.paste(enlarged(picture, scale), corner(place))
    write(page, (gap + 4, 8), shorten(title, page.width - 2 * gap - 8, LETTERS + 2), LETTERS + 2, INK)
    for row, label in enumerate(row_labels[:rows]):
        write(page, (left - 10, corner(row * columns)[1] + height * scale / 2), label, LETTERS, INK, "rm")
    heads = [(corner(column)[0], head + 2, label) for column, label in enumerate(column_labels[:columns])]
    feet = [(corner(place)[0], corner(place)[1] + foot, caption) for place, caption in enumerate(captions[:count])]
    for x, y, text in heads + feet:
        write(page, (x + middle, y), shorten(text, cell[0] - 2, LETTERS - 1), LETTERS - 1, FAINT, "ma")
    return page


def grouped_grid(groups: Sequence[np.ndarray], names: Sequence[str], columns: int = 8) -> Image.Image:
    """Groups of pictures, each uint8 (n, H, W, C), one below the other, the name of each left of its first row."""
    pictures, labels = list[np.ndarray](), list[str]()
    for group, name in zip(groups, names, strict=True):
        white = np.full((-len(group) % columns, *group.shape[1:]), 255, np.uint8)
        pictures += [group, white]
        labels += [shorten(name, NAME, LETTERS), *[""] * ((len(group) + len(white)) // columns - 1)]
    return picture_grid(np.concatenate(pictures), columns=columns, row_labels=labels)


def checked(images: np.ndarray) -> np.ndarray:
    """`images` as (n, H, W, C), or a ValueError that says what they are."""
    images = np.asarray(images)
    if images.ndim == 3 and images.shape[2] not in MODES:
        images = images[..., None]
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in MODES or 0 in images.shape:
        raise ValueError(f"pictures must be uint8 (n, height, width, 1, 3 or 4); found {images.dtype} {images.shape}")
    return images


def blank(channels: int, width: int, height: int) -> Image.Image:
    """A white page of even size."""
    return Image.new(MODES[channels], (width + width % 2, height + height % 2), "white")


def enlarged(picture: np.ndarray, scale: int) -> Image.Image:
    """One picture (H, W, C), every pixel `scale` by `scale` pixels."""
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST) if scale > 1 else image


def save_png(image: Image.Image, path: Path | str) -> Path:
    """Writes `image` so that `path` holds the old file or the whole new one; makes its folder."""
    with whole_file(path) as part:
        image.save(part, format="PNG")
    return Path(path)
