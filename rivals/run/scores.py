"""The scores of a run, and the protocol they were taken under."""

import math
from typing import Any

import numpy as np

from rivals.metrics.modes import mode_coverage
from rivals.run.log import append_line

RESAMPLES = 200


def scored(learned: Any, n: int, seed: int) -> dict[str, Any]:
    """Mode coverage of a run on a mixture of Gaussians, and appends it to scores.jsonl.

    Each score has its value and the 2.5 and 97.5 % points of a bootstrap over the samples.
    Raises ValueError for data that has no score yet.
    """
    centres, sd = getattr(learned.source, "centres", None), getattr(learned.source, "sd", None)
    if centres is None or sd is None:
        raise ValueError(
            f"there is no score yet for {learned.config.run.data}; mode coverage is for ring, grid and the like"
        )
    samples = learned.arrays(n, seed)
    draws = np.random.default_rng(seed)
    whole = vars(mode_coverage(samples, centres, sd))
    again = [vars(mode_coverage(samples[draws.integers(0, n, n)], centres, sd)) for _ in range(RESAMPLES)]
    scores = {name: _interval(value, [each[name] for each in again]) for name, value in whole.items()}
    protocol = {"metric": "mode coverage (1712.04086)", "data": learned.config.run.data, "n": n, "seed": seed, "sd": sd,
                "weights": "averaged", "interval": f"95 %, bootstrap over samples, {RESAMPLES} draws"}  # fmt: skip
    result = {"scores": scores, "protocol": protocol}
    append_line(learned.path / "scores.jsonl", {"round": learned.session.round} | result)
    return result


def _interval(value: float, draws: list[float]) -> dict[str, float | None]:
    low, high = np.nanpercentile(draws, [2.5, 97.5]) if any(map(math.isfinite, draws)) else (math.nan, math.nan)
    named = {"value": float(value), "low": float(low), "high": float(high)}
    return {key: number if math.isfinite(number) else None for key, number in named.items()}
