"""Points, real and generated, as one picture."""

import numpy as np
from PIL import Image

from rivals.report.axes import Axes, Bounds
from rivals.report.ink import FAKE, REAL

SHOWN = 50_000  # points drawn at most of each kind


def scatter(
    fake: np.ndarray, real: np.ndarray | None = None, title: str = "", *, bounds: Bounds | None = None
) -> Image.Image:
    """Generated samples over real ones: a plane for (n, 2), histograms for (n, 1), principal axes beyond.

    fake (n, d), real (m, d) in data units. Without `bounds` the real samples set the range, so that the
    frames of a film agree; what lies outside or is not finite is counted in a note underneath.

    Raises ValueError when the two differ in d or hold no finite point.
    """
    fake = table(fake)
    real = fake[:0] if real is None else table(real)
    if fake.shape[1] != real.shape[1]:
        raise ValueError(f"generated points have {fake.shape[1]} dimensions and real ones {real.shape[1]}")
    finite = fake[np.isfinite(fake).all(1)]
    real = real[np.isfinite(real).all(1)]
    if not len(finite) and not len(real):
        raise ValueError("there is no finite point to draw")
    lost = len(fake) - len(finite)
    if fake.shape[1] == 1:
        return histograms(finite[:, 0], real[:, 0], title, lost)
    return plane(finite, real, title, lost, bounds)


def plane(fake: np.ndarray, real: np.ndarray, title: str, lost: int, bounds: Bounds | None) -> Image.Image:
    """Points (n, d >= 2) on their plane, or on the first two principal axes of the real ones."""
    (fake, real), labels = on_two_axes([fake, real])
    bounds = bounds or bounds_of(real if len(real) else fake)
    axes = Axes(bounds, title, labels, legend_of(fake, real))
    axes.dots(thinned(real), REAL, radius=3.6)
    axes.dots(thinned(fake), FAKE, radius=2.2)
    return axes.image(note(outside(fake, bounds), lost))


def histograms(fake: np.ndarray, real: np.ndarray, title: str, lost: int) -> Image.Image:
    """Two densities over one axis."""
    span = real if len(real) else fake
    low, high = widened(float(span.min()), float(span.max()))
    shapes = {
        name: np.histogram(values, 90, (low, high))[0] / (len(values) * (high - low) / 90)
        for name, values in (("real", real), ("generated", fake)) if len(values)
    }  # fmt: skip
    top = 1.08 * max(float(heights.max()) for heights in shapes.values()) or 1.0
    axes = Axes((low, high, 0.0, top), title, ("", "density"), legend_of(fake, real))
    for name, heights in shapes.items():
        axes.bars(heights, REAL if name == "real" else FAKE)
    return axes.image(note(int(((fake < low) | (fake > high)).sum()), lost))


def table(points: np.ndarray) -> np.ndarray:
    """Samples as float64 (n, d)."""
    points = np.asarray(points, np.float64)
    return points[:, None] if points.ndim == 1 else points.reshape(len(points), -1)


def on_two_axes(clouds: list[np.ndarray]) -> tuple[list[np.ndarray], tuple[str, str]]:
    """Clouds (n, d) in two dimensions: as they are, or on the principal axes of the last with points."""
    if clouds[0].shape[1] == 2:
        return clouds, ("", "")
    span = next(cloud for cloud in reversed(clouds) if len(cloud))
    centre = span.mean(0)
    variances, directions = np.linalg.eigh((span - centre).T @ (span - centre))
    variances, directions = variances[::-1], directions.T[::-1]
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(1)]
    directions = directions * np.sign(largest)[:, None]  # the same way round in every picture
    shares = variances[:2] / max(float(variances.sum()), 1e-30)
    labels = tuple(f"principal axis {axis + 1} ({share:.0%} of variance)" for axis, share in enumerate(shares))
    return [(cloud - centre) @ directions[:2].T for cloud in clouds], (labels[0], labels[1])


def bounds_of(points: np.ndarray) -> Bounds:
    """A square with room around the points (n, 2)."""
    low, high = points.min(0), points.max(0)
    centre, half = (low + high) / 2, max(float((high - low).max()) / 2 * 1.2, 1e-6)
    return (
        float(centre[0] - half), float(centre[0] + half), float(centre[1] - half), float(centre[1] + half),
    )  # fmt: skip


def widened(low: float, high: float) -> tuple[float, float]:
    room = 0.12 * (high - low) or 0.5
    return low - room, high + room


def thinned(points: np.ndarray) -> np.ndarray:
    """Every k-th point, so that at most SHOWN are drawn."""
    return points[:: -(-len(points) // SHOWN) or 1]


def outside(points: np.ndarray, bounds: Bounds) -> int:
    low_x, high_x, low_y, high_y = bounds
    x, y = points.T
    return int(((x < low_x) | (x > high_x) | (y < low_y) | (y > high_y)).sum())


def legend_of(fake: np.ndarray, real: np.ndarray) -> list[tuple[str, tuple[int, int, int]]]:
    return [
        (f"{name} ({len(points):,})", colour)
        for name, points, colour in (("real", real, REAL), ("generated", fake, FAKE)) if len(points)
    ]  # fmt: skip


def note(beyond: int, lost: int) -> str:
    parts = [f"{beyond:,} generated outside the picture"] * (beyond > 0) + [f"{lost:,} not finite"] * (lost > 0)
    return ", ".join(parts)
