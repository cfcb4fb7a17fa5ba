"""Toy distributions in one or two dimensions: a fixed sample of points, held on the device."""

import hashlib
import math
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from rivals.data.bad import DataError
from rivals.data.names import TOYS
from rivals.feed import Field, sent
from rivals.loop import seed_of

Maker = Callable[[int, np.random.Generator], np.ndarray]
"""(n, random) -> points (n, d) float64 in data units."""


class Points:
    """Points (n, d), standardised by their mean and one scale for all directions, held as one tensor on the device.

    `centres` (k, d) and `sd` describe a mixture of equal round Gaussians in data units; None where it is
    none. `mean` (d,) and `scale` default to those of the points themselves.

    Raises ValueError unless `points` is (n, d), not empty and finite.
    """

    def __init__(
        self,
        points: np.ndarray,
        *,
        centres: np.ndarray | None = None,
        sd: float | None = None,
        mean: np.ndarray | None = None,
        scale: float | None = None,
        device: str | torch.device = "cpu",
        name: str = "points",
    ) -> None:
        if points.ndim != 2 or not points.size:
            raise DataError(f"{name}: points must be of shape (n, d), found {points.shape}")
        if lost := np.flatnonzero(~np.isfinite(points).all(1)).tolist():
            raise DataError(f"{name}: points must be finite, and {len(lost)} are not, the first in row {lost[0]}")
        self.mean = points.mean(0, dtype=np.float64) if mean is None else np.asarray(mean, np.float64)
        self.scale = float((points - self.mean).std() if scale is None else scale) or 1.0
        self.centres, self.sd, self.name = centres, sd, name
        standard = np.ascontiguousarray((points - self.mean) / self.scale, dtype=np.float32)
        self.index_sha256 = hashlib.sha256(standard.tobytes()).hexdigest()
        self.points = torch.from_numpy(standard).to(device)

    @property
    def spec(self) -> Mapping[str, Field]:
        return {"point": Field((self.points.shape[1],))}

    def __len__(self) -> int:
        return len(self.points)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        """The points at `index` (n,), standardised float32 (n, d); `draw` is not needed."""
        return {"point": self.points[sent(index, self.points.device)]}

    def restore(self, samples: Tensor) -> np.ndarray:
        """Standardised points (n, d) in data units, float32."""
        return in_data_units(samples, self.mean, self.scale)

    def describe(self) -> str:
        n, d = self.points.shape
        return f"{n} points in {d} dimension{'s' * (d > 1)} ({TOYS.get(self.name, self.name)})"


def in_data_units(samples: Tensor, mean: np.ndarray, scale: float) -> np.ndarray:
    """Standardised points (n, d) as float32 in the units that they had."""
    return (samples.detach().cpu().double().numpy() * scale + mean).astype(np.float32)


def toy(
    name: str, *, size: int = 100_000, seed: int = 0, split: str = "train", device: str | torch.device = "cpu"
) -> Points:
    """A fixed sample of `size` points of a toy (see `TOYS`), made from a seed; `test` is another sample on
    the same scale.

    Raises ValueError for a name that is no toy.
    """
    if name not in MAKERS:
        raise DataError(f"no toy is called {name!r}; there are {', '.join(MAKERS)}")
    make, centres, sd = MAKERS[name]
    points = make(size, np.random.default_rng(seed_of(seed, 0)))
    mean, scale = points.mean(0), float((points - points.mean(0)).std())
    if split == "test":
        points = make(size, np.random.default_rng(seed_of(seed, 1)))
    return Points(points, centres=centres, sd=sd, mean=mean, scale=scale, device=device, name=name)


def gaussians(centres: np.ndarray, sd: float, weights: np.ndarray | None = None) -> Maker:
    """A mixture of round Gaussians of one width around `centres` (k, d), equally likely unless weighed."""

    def make(n: int, random: np.random.Generator) -> np.ndarray:
        return centres[random.choice(len(centres), n, p=weights)] + sd * random.standard_normal((n, centres.shape[1]))

    return make


def line(x: float, n: int, random: np.random.Generator) -> np.ndarray:
    """Points (n, 2) of the line at `x`, 0 <= y <= 1: two such lines have no point in common (1701.07875, example 1)."""
    return np.stack([np.full(n, float(x)), random.random(n)], axis=1)


def swiss_roll(n: int, random: np.random.Generator) -> np.ndarray:
    """A spiral of one and a half turns with noise, shrunk to about the unit square (as in 1704.00028, figure
    1)."""
    angle = 1.5 * math.pi * (1 + 2 * random.random(n))
    spiral = np.stack([angle * np.cos(angle), angle * np.sin(angle)], axis=1)
    return (spiral + 0.25 * random.standard_normal((n, 2))) / 7.5


def moons(n: int, random: np.random.Generator) -> np.ndarray:
    """Two interleaved half circles of radius 1 with noise of sd 0.05."""
    angle, lower = math.pi * random.random(n), random.random(n) < 0.5
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    arcs = np.where(lower[:, None], [1.0, 0.5] - upper, upper)
    return arcs + 0.05 * random.standard_normal((n, 2))


_angles = 2 * math.pi * np.arange(8) / 8
RING = np.stack([np.cos(_angles), np.sin(_angles)], axis=1)
GRID = np.array([(x, y) for x in (-4.0, -2.0, 0.0, 2.0, 4.0) for y in (-4.0, -2.0, 0.0, 2.0, 4.0)])
TWO = np.array([[-1.0, 0.0], [1.0, 0.0]])
THREE = np.array([[-4.0], [0.0], [4.0]])
MAKERS: dict[str, tuple[Maker, np.ndarray | None, float | None]] = {
    "ring": (gaussians(RING, 0.01), RING, 0.01),
    "grid": (gaussians(GRID, 0.05), GRID, 0.05),
    "swiss-roll": (swiss_roll, None, None),
    "moons": (moons, None, None),
    "two-gaussians": (gaussians(TWO, 0.3), TWO, 0.3),
    "mixture": (gaussians(THREE, 0.3), THREE, 0.3),
    "uneven": (gaussians(THREE, 0.3, np.array([0.7, 0.2, 0.1])), THREE, 0.3),
    "two-lines": (lambda n, random: line(0.0, n, random), None, None),
}
"""How each toy is made, its centres and their width."""
