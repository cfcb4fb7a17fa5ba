"""One moment of a game in the plane: who is where, what the judge thinks, and where the generator is pulled."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from rivals.report.axes import LEFT, SIDE, Axes, Bounds
from rivals.report.ink import FAINT, FAKE, INK, PAPER, REAL, Colour, write

TINT = 0.5  # of the full colour where the judge is sure
PULL: Colour = (122, 44, 0)
ARROWS, LONGEST, SHORTEST = 90, 50.0, 4.0  # how many at most, and pixels


@dataclass(frozen=True)
class Moment:
    """Arrays in data units; what is drawn of one round."""

    real: np.ndarray  # (n, 2)
    fake: np.ndarray  # (m, 2)
    pull: np.ndarray  # (m, 2), minus the gradient of the generator's loss in each fake
    shade: np.ndarray  # (rows, columns) from -1, surely fake, to 1, surely real; the first row is the lowest
    title: str
    line: str = "D = 1/2"
    """What the line between the two colours is."""
    ends: tuple[str, str] = ("D = 0", "1")
    """What the deepest colours mean."""


def duel(moment: Moment, bounds: Bounds) -> Image.Image:
    """The judge's opinion as colour and its border as a line, both kinds of points, and arrows on some fakes."""
    legend = [("real", REAL), ("generated", FAKE), ("pull on it", PULL), (moment.line, INK)]
    axes = Axes(bounds, moment.title, legend=legend)
    shade = enlarged(moment.shade)
    axes.canvas = tinted(shade)
    axes.dots(moment.real, REAL, radius=2.6)
    axes.blend(border(shade), INK)
    axes.dots(moment.fake, FAKE, radius=2.9)
    full = arrows(axes, moment.fake, moment.pull)
    page = axes.image(f"longest arrows: a slope of {full:.2g} or more in the generator's loss")
    colour_key(page, moment.ends)
    return page


def enlarged(values: np.ndarray) -> np.ndarray:
    """A grid of values (rows, columns), the lowest row first, smoothly at every pixel of the plane."""
    image = Image.fromarray(np.ascontiguousarray(values[::-1], np.float32))
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)).clip(-1, 1)


def tinted(shade: np.ndarray) -> np.ndarray:
    """From the fakes' colour over white to that of the real samples: shades (...) in [-1, 1] to (..., 3)."""
    paper, real, fake = (np.array(colour, np.float32) for colour in (PAPER, REAL, FAKE))
    sure = shade[..., None]
    return paper + TINT * np.abs(sure) * (np.where(sure > 0, real, fake) - paper)


def border(shade: np.ndarray, width: float = 1.3) -> np.ndarray:
    """How much of each pixel lies on the line where `shade` is 0: its value over its slope is the distance to it."""
    slope = np.hypot(*np.gradient(shade))
    return (width + 0.5 - np.abs(shade) / np.maximum(slope, 1e-6)).clip(0, 1)


def arrows(axes: Axes, tails: np.ndarray, pull: np.ndarray) -> float:
    """Arrows along `pull` (n, 2) from some of `tails` (n, 2), as long as it is strong; returns what a full one means.

    A tenth are drawn at full length, so that a single strong one does not leave the others too short to see.
    """
    step = -(-len(tails) // ARROWS) or 1
    tails, pull = axes.pixels(tails[::step]), pull[::step] * (1, -1)
    strength = np.hypot(*pull.T)
    known = np.isfinite(strength) & (strength > 0) & (np.abs(tails) < 2 * SIDE).all(1)
    full = float(np.quantile(strength[known], 0.9)) if known.any() else 0.0
    mask = Image.new("L", (2 * SIDE, 2 * SIDE))
    for tail, along, share in zip(tails[known], pull[known], strength[known] / (full or 1.0), strict=True):
        length = LONGEST * min(share, 1.0)
        if length > SHORTEST:
            arrow(ImageDraw.Draw(mask), 2 * tail, 2 * length * along / np.hypot(*along))
    axes.blend(np.asarray(mask.reduce(2), np.float32) / 255, PULL)
    return full


def arrow(draw: ImageDraw.ImageDraw, tail: np.ndarray, vector: np.ndarray) -> None:
    """A shaft and a filled head, smaller on short arrows."""
    length = float(np.hypot(*vector))
    along = vector / length
    across = np.array([-along[1], along[0]])
    head = min(15.0, 0.6 * length)
    tip, neck = tail + vector, tail + vector - head * along
    draw.line([tuple(tail), tuple(neck)], fill=255, width=4)
    draw.polygon([tuple(tip), tuple(neck + 0.45 * head * across), tuple(neck - 0.45 * head * across)], fill=255)


def colour_key(page: Image.Image, ends: tuple[str, str]) -> None:
    """The judge's colours from end to end, under the plane's right corner."""
    strip = tinted(np.linspace(-1, 1, 140)[None].repeat(12, 0))
    right, y = LEFT + SIDE - 8 - 9 * len(ends[1]), page.height - 22
    page.paste(Image.fromarray(strip.round().astype(np.uint8)), (right - 140, y))
    ImageDraw.Draw(page).rectangle((right - 140, y, right, y + 12), outline=(200, 204, 210))
    write(page, (right - 148, y + 11), ends[0], 13, FAINT, "rs")
    write(page, (right + 8, y + 11), ends[1], 13, FAINT, "ls")
