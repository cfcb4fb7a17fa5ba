"""The numbers of a run: read from metrics.jsonl, thinned, and drawn as inline SVG."""

import json
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from rivals.report.axes import nice_ticks, roomy, tick_text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 250, 58, 12, 10, 26
BUCKETS = 320  # each keeps its lowest and highest value
DECADES = 2  # how far positive values must spread for a logarithmic axis
CLOCK = ("round", "seconds", "samples_seen")


@dataclass
class Series:
    """One number over the rounds; what is not finite is nan."""

    rounds: "array[float]" = field(default_factory=lambda: array("d"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, round: float, value: Any) -> None:
        self.rounds.append(round)
        self.values.append(number(value))


def number(value: Any) -> float:
    """A number as metrics.jsonl may hold it; null, text and truth values that are no number are nan."""
    try:
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return value if math.isfinite(value) else math.nan


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines; a line cut short is left out, and a missing file is empty."""
    return list(json_lines(path))


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The same, one by one."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict):
                yield entry


def read_metrics(path: Path) -> dict[str, Series]:
    """Every number of metrics.jsonl by its name, the clock (round, seconds, samples_seen) among them."""
    series: dict[str, Series] = {}
    for count, entry in enumerate(json_lines(path)):
        round = number(entry.get("round", count))
        for name, value in entry.items():
            if not math.isnan(round) and not isinstance(value, (list, dict)):
                series.setdefault(name, Series()).add(round, value)
    return series


def thinned(x: np.ndarray, y: np.ndarray, buckets: int = BUCKETS) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest value of each of `buckets` stretches, in their order: no peak is lost."""
    if len(x) <= 2 * buckets:
        return x, y
    edges = np.linspace(0, len(x), buckets + 1).astype(int)
    kept: list[int] = []
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        if not np.isnan(y[a:b]).all():
            kept += sorted({a + int(np.nanargmin(y[a:b])), a + int(np.nanargmax(y[a:b]))})
        if np.isnan(y[a:b]).any():  # keeps the gap
            kept.append(a + int(np.isnan(y[a:b]).argmax()))
    index = np.array(sorted(set(kept)))
    return x[index], y[index]


def averaged(x: np.ndarray, y: np.ndarray, buckets: int = BUCKETS // 3) -> tuple[np.ndarray, np.ndarray]:
    """The mean round and the mean finite value of each of `buckets` stretches: the trend under the noise."""
    stretches = np.arange(len(x)) * buckets // len(x)
    known = np.isfinite(y)
    counts = np.bincount(stretches[known], minlength=buckets)
    with np.errstate(invalid="ignore"):
        means = np.bincount(stretches[known], y[known], buckets) / counts
    return np.bincount(stretches, x, buckets) / np.bincount(stretches, minlength=buckets), means


def chart(title: str, lines: Mapping[str, Series]) -> str:
    """Lines over the rounds as a figure: inline SVG, the last values, and a word on what is not finite."""
    drawn = {name: (np.asarray(line.rounds), np.asarray(line.values)) for name, line in lines.items()}
    finite = np.concatenate([y[np.isfinite(y)] for _, y in drawn.values()])
    lost = sum(int(np.isnan(y).sum()) for _, y in drawn.values())
    keys = "".join(
        f'<span><i class="s{place % 8}"></i>{escape(name)} <b>{last(y)}</b></span>'
        for place, (name, (_, y)) in enumerate(drawn.items())
    )
    warning = f'<p class="warn">not finite: {lost:,} of {len(finite) + lost:,} values</p>' if lost else ""
    logarithmic = spans_decades(finite)
    svg = plot(title, list(drawn.values()), finite, logarithmic) if len(finite) else ""
    scale = ' <small class="scale">log</small>' if logarithmic else ""
    head = f"<figcaption>{escape(title)}{scale}</figcaption>"
    return f'<figure>{head}{svg}<div class="keys">{keys}</div>{warning}</figure>'


def spans_decades(finite: np.ndarray) -> bool:
    """Whether a logarithmic axis serves: all positive, the bulk over more than DECADES decades."""
    if not len(finite) or finite.min() <= 0:
        return False
    low, high = np.quantile(finite, (0.02, 0.98)) if len(finite) > 50 else (finite.min(), finite.max())
    return bool(high / low > 10**DECADES)


def last(y: np.ndarray) -> str:
    """The last finite value in four digits."""
    finite = y[np.isfinite(y)]
    return f"{finite[-1]:.4g}" if len(finite) else "–"


def plot(title: str, lines: Sequence[tuple[np.ndarray, np.ndarray]], finite: np.ndarray, logarithmic: bool) -> str:
    """The SVG of lines (rounds, values) with its grid and ticks; `title` says what it shows to who can't see it."""
    low, high = float(finite.min()), float(finite.max())
    if logarithmic:  # a few values near zero must not take the whole axis
        low, high = math.log10(max(low, float(np.quantile(finite, 0.02)) / 10)), math.log10(high)
    low, high = roomy(low, high)
    first, final = min(float(x[0]) for x, _ in lines), max(float(x[-1]) for x, _ in lines)
    ticks = nice_ticks(first, final) if final > first else np.array([first])
    final = final if final > first else first + 1

    def place_x(x: np.ndarray) -> np.ndarray:
        return LEFT + (x - first) / (final - first) * (WIDTH - LEFT - RIGHT)

    def place_y(y: np.ndarray) -> np.ndarray:
        return HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = []
    for value, text in value_ticks(low, high, logarithmic):
        y = float(place_y(np.array(value)))
        parts.append(f'<path class="g" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    for tick in ticks:
        x = float(place_x(np.array(tick)))
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{short(tick, ticks)}</text>')
    for number, (x, y) in enumerate(lines):
        crowded = len(x) > 2 * BUCKETS
        layers = [("raw ", *thinned(x, y)), ("", *averaged(x, y))] if crowded else [("", x, y)]
        for style, at, value in layers:
            value = np.log10(value).clip(low) if logarithmic else value
            parts.append(path_of(place_x(at), place_y(value), f"{style}s{number % 8}"))
    label = escape(f"{title} over the rounds", quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def path_of(x: np.ndarray, y: np.ndarray, style: str) -> str:
    """A line broken where it is not finite; a value alone between breaks is a dot."""
    pieces: list[str] = []
    dots: list[str] = []
    for piece in np.split(np.arange(len(x)), np.flatnonzero(np.diff(np.isnan(y).astype(int))) + 1):
        if not len(piece) or np.isnan(y[piece[0]]):
            continue
        if len(piece) == 1:
            dots.append(f'<circle class="{style}" cx="{x[piece[0]]:.1f}" cy="{y[piece[0]]:.1f}" r="2.5"/>')
        pieces.append("M" + "L".join(f"{x[i]:.1f} {y[i]:.1f}" for i in piece))
    return f'<path class="l {style}" d="{"".join(pieces)}"/>' + "".join(dots)


def value_ticks(low: float, high: float, logarithmic: bool) -> list[tuple[float, str]]:
    """Where the horizontal lines of the grid stand, and their texts."""
    if not logarithmic:
        ticks = nice_ticks(low, high, 5)
        return [(float(tick), tick_text(tick, ticks)) for tick in ticks]
    step = max(1, math.ceil((high - low) / 6))
    return [(float(e), f"{10.0**e:g}") for e in range(math.ceil(low), math.floor(high) + 1) if e % step == 0]


def short(value: float, ticks: np.ndarray) -> str:
    """A number of rounds: 20k, 1.5M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value and np.abs(ticks).max() >= 10 * size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
