"""A plane with ticks to draw points and lines on, with Pillow and numpy alone."""

import math
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from rivals.report.ink import FAINT, INK, PAPER, RULE, Colour, shorten, text_width, write

SIDE = 760  # pixels of the plane, a square
LEFT, TOP, RIGHT, BOTTOM = 64, 64, 24, 62

Bounds = tuple[float, float, float, float]
"""low x, high x, low y, high y"""


@dataclass
class Axes:
    """A square plane over `bounds` that dots and lines are laid on, the later over the earlier."""

    bounds: Bounds
    title: str = ""
    labels: tuple[str, str] = ("", "")
    legend: list[tuple[str, Colour]] = field(default_factory=list)
    canvas: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.canvas = np.full((SIDE, SIDE, 3), PAPER, np.float32)
        low_x, high_x, low_y, high_y = self.bounds
        places = (self.x_ticks - low_x) / (high_x - low_x) * SIDE
        self.canvas[:, places.astype(int).clip(0, SIDE - 1)] = RULE
        places = (high_y - self.y_ticks) / (high_y - low_y) * SIDE
        self.canvas[places.astype(int).clip(0, SIDE - 1)] = RULE

    @property
    def x_ticks(self) -> np.ndarray:
        return nice_ticks(*self.bounds[:2])

    @property
    def y_ticks(self) -> np.ndarray:
        return nice_ticks(*self.bounds[2:])

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 2) in data units to pixels of the plane, x to the right and y down."""
        low_x, high_x, low_y, high_y = self.bounds
        x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
        return np.stack([(x - low_x) / (high_x - low_x), (high_y - y) / (high_y - low_y)], 1) * SIDE

    def dots(self, points: np.ndarray, colour: Colour, radius: float = 2.4, opacity: float | None = None) -> None:
        """Lays a disc on each of the points (n, 2); the more they crowd, the more each lets through."""
        places = self.pixels(points)
        places = places[((places > -radius) & (places < SIDE + radius)).all(1)]
        if len(places):
            self.blend(coverage(places, radius, opacity or crowd_opacity(places, radius)), colour)

    def line(self, points: np.ndarray, colour: Colour, width: int = 3) -> None:
        """Joins the points (n, 2) in their order; smooth edges by drawing twice as large."""
        places = np.clip(self.pixels(points), -4 * SIDE, 5 * SIDE)
        mask = Image.new("L", (SIDE * 2, SIDE * 2))
        ImageDraw.Draw(mask).line([tuple(place * 2) for place in places], fill=255, width=width * 2, joint="curve")
        self.blend(np.asarray(mask.reduce(2), np.float32) / 255, colour)

    def bars(self, heights: np.ndarray, colour: Colour, opacity: float = 0.35) -> None:
        """Bars of equal width over the whole x range, with their outline."""
        columns = np.arange(SIDE) * len(heights) // SIDE
        tops = SIDE - heights[columns] / self.bounds[3] * SIDE  # pixels from above
        inside = np.arange(SIDE)[:, None] >= tops[None, :]
        self.blend(inside * np.float32(opacity), colour)
        edges = np.linspace(self.bounds[0], self.bounds[1], len(heights) + 1)
        self.line(np.stack([np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)], 1), colour, 2)

    def blend(self, alpha: np.ndarray, colour: Colour) -> None:
        """Lays `colour` over the pixels, as much as `alpha` (SIDE, SIDE) says."""
        inked = alpha > 0
        self.canvas[inked] += alpha[inked, None] * (np.asarray(colour, np.float32) - self.canvas[inked])

    def image(self, note: str = "") -> Image.Image:
        """The finished picture: the plane, its frame, ticks, title, legend and a note underneath."""
        width = sum(text_width(name, 15) + 36 for name, _ in self.legend)
        # a wide legend takes a line of its own
        lower = 30 if width > SIDE - text_width(self.title, 19) - 24 else 0
        page = Image.new("RGB", (LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM), PAPER)
        page.paste(Image.fromarray(self.canvas.round().clip(0, 255).astype(np.uint8)), (LEFT, TOP))
        ImageDraw.Draw(page).rectangle((LEFT, TOP, LEFT + SIDE, TOP + SIDE), outline=(200, 204, 210))
        self.write_ticks(page)
        if lower:
            taller = Image.new("RGB", (page.width, page.height + lower), PAPER)
            taller.paste(page, (0, lower))
            page = taller
        self.write_legend(page, TOP + lower - 18)
        write(page, (LEFT, TOP - 18), shorten(self.title, SIDE, 19), 19, INK, "ls")
        write(page, (LEFT, page.height - 10), shorten(note, SIDE, 13), 13, FAINT, "ls")
        return page

    def write_ticks(self, page: Image.Image) -> None:
        low_x, high_x, low_y, high_y = self.bounds
        for tick in self.x_ticks:
            x = LEFT + (tick - low_x) / (high_x - low_x) * SIDE
            write(page, (x, TOP + SIDE + 7), tick_text(tick, self.x_ticks), 14, FAINT, "ma")
        for tick in self.y_ticks:
            y = TOP + (high_y - tick) / (high_y - low_y) * SIDE
            write(page, (LEFT - 8, y), tick_text(tick, self.y_ticks), 14, FAINT, "rm")
        write(page, (LEFT + SIDE, TOP + SIDE + 52), self.labels[0], 13, FAINT, "rs")
        write(page, (LEFT + 8, TOP + 8), self.labels[1], 13, FAINT, "la")

    def write_legend(self, page: Image.Image, y: int) -> None:
        """Names and their colours on one line that ends at the right edge of the plane."""
        x = LEFT + SIDE
        for name, colour in reversed(self.legend):
            x -= text_width(name, 15)
            write(page, (x, y), name, 15, INK, "ls")
            x -= 20
            spot = Image.new("L", (48, 48))
            ImageDraw.Draw(spot).ellipse((4, 4, 44, 44), fill=255)
            page.paste(colour, (x + 2, y - 12), spot.reduce(4))
            x -= 16


def roomy(low: float, high: float) -> tuple[float, float]:
    """The range with some room on both sides; one too narrow for ticks that differ becomes a tenth of its place."""
    size = max(abs(low), abs(high))
    if size < 1e-100:  # as good as zero, and too small to divide by
        return -1.0, 1.0
    room = 0.06 * (high - low) if high - low > 1e-6 * size else 0.1 * size
    return low - room, high + room


def nice_ticks(low: float, high: float, about: int = 6) -> np.ndarray:
    """Round numbers between `low` and `high`, 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step


def tick_text(tick: float, ticks: np.ndarray) -> str:
    """A tick with the digits that tell it from its neighbours."""
    step = float(ticks[1] - ticks[0]) if len(ticks) > 1 else abs(tick) or 1.0
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    largest = float(np.abs(ticks).max())
    return f"{tick:.{digits}f}" if largest < 1e5 and digits <= 4 else f"{tick:.3g}"


def coverage(places: np.ndarray, radius: float, opacity: float) -> np.ndarray:
    """How much of each pixel (SIDE, SIDE) smooth discs at `places` (n, 2) cover, one laid over the other."""
    reach = math.ceil(radius + 1)
    around = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2), -1).reshape(1, -1, 2)
    logs = np.zeros(SIDE * SIDE)  # the logarithm of what shines through
    for some in np.array_split(places, 1 + len(places) // 10_000):
        pixel = np.floor(some).astype(np.int64)[:, None] + around  # (n, pixels of a disc, 2)
        weight = np.clip(radius + 0.5 - np.linalg.norm(pixel + 0.5 - some[:, None], axis=2), 0, 1)
        seen = (weight > 0) & ((pixel >= 0) & (pixel < SIDE)).all(2)
        index = pixel[seen][:, 1] * SIDE + pixel[seen][:, 0]
        logs += np.bincount(index, np.log1p(-min(opacity, 0.9999) * weight[seen]), SIDE * SIDE)
    return (1 - np.exp(logs)).reshape(SIDE, SIDE).astype(np.float32)


def crowd_opacity(places: np.ndarray, radius: float) -> float:
    """An opacity of one disc that leaves the shape of a crowd visible: 0.85 alone, less the more overlap."""
    cells = (places // (2 * radius)).astype(np.int64)
    _, inverse, counts = np.unique(cells[:, 0] * 100_003 + cells[:, 1], return_inverse=True, return_counts=True)
    return float(np.clip(1.4 / np.sqrt(np.median(counts[inverse])), 0.06, 0.85))
