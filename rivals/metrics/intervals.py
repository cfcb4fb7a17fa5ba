"""How sure a score is: the 95 % interval of every number that a measure gives."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

DRAWS, GROUPS = 200, 10
QUANTILES = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""The 97.5 % points of Student's t with 1 to GROUPS - 1 degrees of freedom."""
STUDENT = QUANTILES[-1]

Measure = Callable[..., Mapping[str, float]]
"""Arrays, each with a row a sample, to numbers by name."""


@dataclass(frozen=True)
class Interval:
    """A score and the bounds of its 95 % interval; nan where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    def within(self, least: float, most: float = math.inf) -> "Interval":
        """The same with bounds that the score can take: few samples make Student's reach beyond a share's 0 and 1."""
        return replace(self, low=max(self.low, least), high=min(self.high, most))


def bootstrap(measure: Measure, *sets: np.ndarray, draws: int = DRAWS, seed: int = 0) -> dict[str, Interval]:
    """The 2.5 and 97.5 % points over sets drawn again with repeats (Efron 1979): for counts and shares of samples."""
    random = np.random.default_rng(seed)
    again = [measure(*(rows[random.integers(0, len(rows), len(rows))] for rows in sets)) for _ in range(draws)]
    return {
        name: Interval(float(value), *_bounds([each[name] for each in again])) for name, value in measure(*sets).items()
    }


def jackknife(measure: Measure, *sets: np.ndarray, groups: int = GROUPS) -> dict[str, Interval]:
    """Value and Student's interval from leaving out a tenth of every set at a time (Tukey 1958); of fewer than ten
    samples, one.

    For scores that a repeated sample would mislead, as it does nearest neighbours and fitted covariances.
    """
    groups = min(groups, *map(len, sets))
    left = [measure(*(rows[np.arange(len(rows)) % groups != out] for rows in sets)) for out in range(groups)]
    found: dict[str, Interval] = {}
    for name, value in measure(*sets).items():
        error = float(np.std([each[name] for each in left])) * math.sqrt(groups - 1)
        reach = QUANTILES[groups - 2] * error if groups > 1 else math.nan
        found[name] = Interval(float(value), float(value) - reach, float(value) + reach)
    return found


def _bounds(values: list[float]) -> tuple[float, float]:
    if not any(map(math.isfinite, values)):
        return math.nan, math.nan
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
