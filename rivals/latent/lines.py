"""Where walks through a latent space go in the plane of the data."""

import itertools

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.report.axes import Axes
from rivals.report.ink import SERIES, Colour
from rivals.report.points import bounds_of, on_two_axes, scatter

PALE: Colour = (196, 202, 212)


def finer(codes: Tensor, steps: int) -> Tensor:
    """A walk (n, latent) with `steps` codes between each two, to bend where the generator bends."""
    t = torch.linspace(0, 1, steps + 1, dtype=codes.dtype, device=codes.device)[:-1, None]
    parts = [(1 - t) * a + t * b for a, b in itertools.pairwise(codes)]
    return torch.cat([*parts, codes[-1:]])


class Backdrop:
    """Generated points (n, d), and real ones where there are any, that walks are drawn over.

    One dimension is drawn against the way along the walk; more than two on the principal axes.
    """

    def __init__(self, made: np.ndarray, real: np.ndarray | None) -> None:
        self.made, self.real = np.asarray(made, np.float64), real
        self.cloud = self.made if real is None else real

    def random(self, title: str) -> Image.Image:
        """The generated points themselves."""
        return scatter(self.made, self.real, title)

    def paths(self, paths: list[np.ndarray], names: list[str], title: str) -> Image.Image:
        """Each path (n, d) as a line of its own colour, from a small dot to a large one."""
        flat, labels = self.in_plane([np.asarray(path, np.float64) for path in paths])
        colours = list(itertools.islice(itertools.cycle(SERIES), len(flat)))
        axes = self.axes(flat, title, labels, list(zip(names, colours, strict=True)))
        for path, colour in zip(flat, colours, strict=True):
            axes.line(path, colour)
            axes.dots(path[:1], colour, 4.0, 1.0)
            axes.dots(path[-1:], colour, 7.0, 1.0)
        return axes.image("small dot: where a walk begins, large dot: where it ends")

    def groups(self, groups: list[np.ndarray], names: list[str], title: str) -> Image.Image:
        """Each cloud (n, d) in dots of its own colour."""
        flat, labels = self.in_plane([np.asarray(group, np.float64) for group in groups])
        colours = list(itertools.islice(itertools.cycle(SERIES), len(flat)))
        axes = self.axes(flat, title, labels, list(zip(names, colours, strict=True)))
        for group, colour in zip(flat, colours, strict=True):
            axes.dots(group, colour, 4.0)
        return axes.image()

    def marks(self, points: np.ndarray, names: list[str], title: str) -> Image.Image:
        """Single points (n, d), each with its name in the legend."""
        flat, labels = self.in_plane([point[None] for point in np.asarray(points, np.float64)])
        if self.cloud.shape[1] == 1:  # side by side, as there is no walk
            flat = [p + [[place / len(flat), 0]] for place, p in enumerate(flat, 1)]
            labels = ("", "sample")
        colours = list(itertools.islice(itertools.cycle(SERIES), len(flat)))
        axes = self.axes(flat, title, labels, list(zip(names, colours, strict=True)))
        for point, colour in zip(flat, colours, strict=True):
            axes.dots(point, colour, 8.0, 1.0)
        return axes.image()

    def axes(
        self, flat: list[np.ndarray], title: str, labels: tuple[str, str], legend: list[tuple[str, Colour]]
    ) -> Axes:
        """A plane that shows every path, over the cloud in pale."""
        (cloud,), _ = self.in_plane([self.cloud], ramp=False)
        bounds = bounds_of(np.concatenate([*flat, cloud]))
        if self.cloud.shape[1] == 1:
            bounds = (-0.06, 1.06, bounds[2], bounds[3])
        axes = Axes(bounds, title, labels, legend)
        axes.dots(cloud, PALE, 3.0)
        return axes

    def in_plane(self, paths: list[np.ndarray], ramp: bool = True) -> tuple[list[np.ndarray], tuple[str, str]]:
        """Paths (n, d) as (n, 2); those points that are finite."""
        paths = [path[np.isfinite(path).all(1)] for path in paths]
        if self.cloud.shape[1] == 1:
            across = [np.linspace(0, 1, len(p)) if ramp else np.zeros(len(p)) for p in paths]
            flat = [np.stack([t, p[:, 0]], 1) for t, p in zip(across, paths, strict=True)]
            return flat, ("way along the walk", "sample")
        flat, labels = on_two_axes([*paths, self.cloud[np.isfinite(self.cloud).all(1)]])
        return flat[:-1], labels
