"""Colours and letters that every picture we draw shares."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

PAPER: Colour = (255, 255, 255)
INK: Colour = (38, 42, 51)
FAINT: Colour = (122, 128, 140)
RULE: Colour = (233, 235, 239)
REAL: Colour = (0, 114, 178)
FAKE: Colour = (213, 94, 0)
# Okabe and Ito's palette, told apart by colour-blind eyes; yellow is left out, as it vanishes on white.
SERIES: tuple[Colour, ...] = (
    REAL, FAKE, (0, 158, 115), (204, 121, 167), (86, 180, 233), (230, 159, 0), (90, 90, 100), (120, 80, 190),
)  # fmt: skip


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface at `size` pixels: nothing to look for on the machine."""
    return ImageFont.load_default(size)


def text_width(text: str, size: int) -> int:
    """Width in pixels of the longest line of `text`."""
    return max((int(np.ceil(font(size).getlength(line))) for line in text.split("\n")), default=0)


def write(
    image: Image.Image,
    at: tuple[float, float],
    text: str,
    size: int,
    colour: Colour = INK,
    anchor: str = "la",
) -> None:
    """Draws one line of text on `image`; `anchor` as in Pillow ("la": left, ascender)."""
    fill = colour[0] if image.mode == "L" else colour
    ImageDraw.Draw(image).text(at, text, fill=fill, font=font(size), anchor=anchor)


def shorten(text: str, width: int, size: int) -> str:
    """`text`, cut with dots so that it fits in `width` pixels."""
    if not text or text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"
