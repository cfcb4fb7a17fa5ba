"""The pictures and the table of docs/theory.md."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from scoreboard import line
from torch import Tensor

from rivals.report.axes import Axes, Bounds
from rivals.report.grid import save_png
from rivals.report.ink import FAINT, FAKE, INK, REAL, SERIES, Colour

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" if (ROOT / "docs").is_dir() else Path("docs")
"""Those of a checkout; where the user is, when the scripts are part of an installed package."""
PICTURES = DOCS / "pictures"
START, END = "<!-- measured -->", "<!-- end of measured -->"
Numbers = Tensor | np.ndarray | Sequence[float]
Curve = tuple[str, Colour, Numbers]


def draw(name: str, x: Numbers, curves: Sequence[Curve], bounds: Bounds, title: str, labels: tuple[str, str]) -> None:
    """Curves over one axis, the first on top."""
    axes = Axes(bounds, title, labels, [(label, colour) for label, colour, _ in curves])
    for _, colour, y in reversed(curves):
        axes.line(np.stack([np.asarray(x), np.asarray(y)], 1), colour)
    save_png(axes.image(), PICTURES / f"theory-{name}.png")


def optimum(x: Tensor, p: Tensor, q: Tensor, best: Tensor, learned: Tensor) -> None:
    curves = [("p", REAL, p), ("q", FAKE, q), ("D* = p / (p + q)", INK, best), ("trained D", SERIES[2], learned)]
    draw("optimum", x, curves, (-5, 5, 0, 1), "The optimal discriminator", ("x", ""))


def lines(distances: Tensor, js: Tensor, w: Tensor) -> None:
    """Dots, since one of the two jumps."""
    legend = [("Wasserstein-1", REAL), ("Jensen-Shannon", FAKE)]
    axes = Axes((-1.05, 1.05, 0, 1.05), "Two parallel lines", ("their distance", "how far apart"), legend)
    for (_, colour), y in zip(legend, (w, js), strict=True):
        axes.dots(torch.stack([distances, y], 1).numpy(), colour, radius=5, opacity=0.9)
    save_png(axes.image(), PICTURES / "theory-lines.png")


def nearest(x: Tensor, two: Tensor, cover: Tensor, seek: Tensor) -> None:
    density = two / float(x[1] - x[0])
    curves = [("data", FAINT, density), ("nearest by KL", REAL, cover), ("nearest by reverse KL", FAKE, seek)]
    draw("nearest", x, curves, (-6, 6, 0, 0.85), "One Gaussian for two", ("x", "density"))


def pulls(shifts: Tensor, curves: Mapping[str, Tensor]) -> None:
    colours = {"non-saturating": REAL, "saturating": FAKE}
    shown = [(name, colour, curves[name]) for name, colour in colours.items()]
    title = "The pull on a generator"
    draw("pulls", shifts, shown, (0, 10, 0, 10), title, ("its distance from the data", "gradient"))


def estimates(found: Mapping[str, Mapping[int, Sequence[float]]], exact: Mapping[str, float]) -> None:
    """Mean over seeds, and standard deviation, both as parts of the exact value."""
    names, sizes = list(found), sorted(next(iter(found.values())))
    x = np.log10(sizes)
    colours = dict(zip(names, SERIES, strict=False))
    means = [(n, colours[n], [statistics.fmean(found[n][size]) / exact[n] for size in sizes]) for n in names]
    spreads = [(n, colours[n], [math.log10(statistics.stdev(found[n][s]) / exact[n]) for s in sizes]) for n in names]
    label = "log10 of the samples of each"
    for name, curves, bounds, title, what in (
        ("bias", means, (1.9, 4.1, 0, 1.6), "Divergences by trained discriminators: bias", "mean / exact"),
        ("spread", spreads, (1.9, 4.1, -2, 1), "Divergences by trained discriminators: spread", "log10 of sd / exact"),
    ):
        draw(name, x, curves, bounds, title, (label, what))


def write_page(table: Path) -> None:
    """Puts the rows of the table between the marks in docs/theory.md, where there is that page."""
    page = DOCS / "theory.md"
    if not page.exists():
        return
    before, rest = page.read_text().split(START)
    _, after = rest.split(END)
    rows = json.loads(table.read_text())["rows"]
    head = "| what | measure | exact | measured | bar | reached |\n|---|---|---|---|---|---|\n"
    body = "\n".join(line("", row).replace("|  | ", "| ", 1) for row in rows)
    page.write_text(f"{before}{START}\n{head}{body}\n{END}{after}")
