"""The scores of a run, and the protocol they were taken under."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rivals.data.pictures import Pictures
from rivals.metrics.judge import judge_of, shares
from rivals.metrics.modes import mode_coverage
from rivals.run.log import append_line
from rivals.run.progress import say

RESAMPLES = 200
Measure = Callable[[np.ndarray], dict[str, float]]


def scored(learned: Any, n: int, seed: int) -> dict[str, Any]:
    """The scores that there are for a run's kind of data, and appends them to scores.jsonl.

    Mode coverage on a mixture of Gaussians; of labelled pictures, what a classifier of the real ones makes of them.
    Each score has its value and the 2.5 and 97.5 % points of a bootstrap over the samples.
    Raises ValueError for data that has no score yet.
    """
    measure, samples, about = measured(learned, learned.arrays(n, seed))
    draws = np.random.default_rng(seed)
    again = [measure(samples[draws.integers(0, n, n)]) for _ in range(RESAMPLES)]
    scores = {name: _interval(value, [each[name] for each in again]) for name, value in measure(samples).items()}
    shared = {"data": learned.config.run.data, "n": n, "seed": seed, "weights": "averaged"}
    protocol = about | shared | {"interval": f"95 %, bootstrap over samples, {RESAMPLES} draws"}
    result = {"scores": scores, "protocol": protocol}
    append_line(learned.path / "scores.jsonl", {"round": learned.session.round} | result)
    return result


def measured(learned: Any, samples: np.ndarray) -> tuple[Measure, np.ndarray, dict[str, Any]]:
    """How to score the samples, what of them it takes, and the protocol in words."""
    centres, sd = getattr(learned.source, "centres", None), getattr(learned.source, "sd", None)
    if centres is not None and sd is not None:
        about = {"metric": "mode coverage (1712.04086)", "sd": sd}
        return (lambda points: vars(mode_coverage(points, centres, sd))), samples, about
    if "label" in learned.source.spec:
        source = learned.data()
        if isinstance(source, Pictures):
            judge = judge_of(source, say=say)
            about = {
                "metric": "shares of pictures by an in-domain classifier",
                "classifier_sha256": judge.sha256,
                "classifier_accuracy": round(judge.accuracy, 4),
            }
            return (lambda given: vars(shares(given))), judge.probabilities(samples), about
    raise ValueError(
        f"there is no score yet for {learned.config.run.data}: mode coverage is for ring, grid and the like, and "
        "pictures need labels, such as a folder a class"
    )


def _interval(value: float, draws: list[float]) -> dict[str, float | None]:
    low, high = np.nanpercentile(draws, [2.5, 97.5]) if any(map(math.isfinite, draws)) else (math.nan, math.nan)
    named = {"value": float(value), "low": float(low), "high": float(high)}
    return {key: number if math.isfinite(number) else None for key, number in named.items()}
