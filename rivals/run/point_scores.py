"""The scores of points in the plane and the like."""

import math
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from rivals.metrics import Interval, bootstrap, grid_divergences, jackknife, mode_coverage, wasserstein
from rivals.metrics.intervals import GROUPS, STUDENT
from rivals.run.progress import say
from rivals.run.reference import evenly

MATCHED = 500
"""Points that are matched at once for the Wasserstein distance, at most."""


class PointScores:
    """Scores of points (n, d) against held-out ones (m, d)."""

    judge: None = None
    """No classifier reads points."""

    def __init__(self, source: Any, unseen: np.ndarray, seed: int) -> None:
        self.centres, self.sd = getattr(source, "centres", None), getattr(source, "sd", None)
        self.unseen, self.seed = unseen, seed
        self.matched = find_spec("scipy") is not None
        if not self.matched:
            say('no Wasserstein distance: it needs SciPy, pip install "rivals[metrics]"')

    @property
    def protocol(self) -> dict[str, Any]:
        modes = {"modes": "mode coverage (1712.04086)", "sd": self.sd} if self.centres is not None else {}
        return modes | {"wasserstein": f"order 1, mean over {GROUPS} parts of at most {MATCHED}"}

    def values(self, points: np.ndarray) -> dict[str, float]:
        """Every score by name."""
        moved = {"wasserstein": self.moved(points).value} if self.matched else {}
        return self.reached(points) | grid_scores(self.unseen, points) | moved

    def intervals(self, points: np.ndarray) -> Mapping[str, Interval]:
        """Every score with its interval: a bootstrap of modes and shares, a jackknife of divergences."""
        found = bootstrap(self.reached, points, seed=self.seed)
        distances = jackknife(grid_scores, self.unseen, points)
        distances |= {"wasserstein": self.moved(points)} if self.matched else {}
        return found | {name: each.within(0) for name, each in distances.items()}

    def reached(self, points: np.ndarray) -> dict[str, float]:
        """Mode coverage, where there are modes."""
        return vars(mode_coverage(points, self.centres, self.sd)) if self.centres is not None and self.sd else {}

    def moved(self, points: np.ndarray) -> Interval:
        """The Wasserstein distance: the mean over parts of one size, with Student's interval."""
        size = min(MATCHED, min(len(points), len(self.unseen)) // GROUPS)
        if not size or not np.isfinite(points).all():
            return Interval(math.nan)
        unseen, moved = (rows[evenly(np.arange(len(rows)), size * GROUPS)] for rows in (self.unseen, points))
        found = np.array([wasserstein(unseen[part::GROUPS], moved[part::GROUPS]) for part in range(GROUPS)])
        error = STUDENT * float(found.std(ddof=1)) / math.sqrt(GROUPS)
        return Interval(float(found.mean()), float(found.mean()) - error, float(found.mean()) + error)


def grid_scores(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """Divergences on a grid, where there are so few dimensions that one can be filled."""
    if real.shape[1] > 3:
        return {}
    return {f"grid_kl_{name}": value for name, value in vars(grid_divergences(real, fake)).items()}
