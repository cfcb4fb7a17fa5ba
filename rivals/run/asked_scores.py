"""How often a picture shows the class that it was asked for, as a classifier of the data reads it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rivals.loop import set_random_state
from rivals.metrics import Interval, bootstrap
from rivals.metrics.judge import Judge
from rivals.recipes.conditions import class_names
from rivals.recipes.recipe import Setup
from rivals.run.reference import Reference
from rivals.run.samples import asked


class AskedScores:
    """The share of pictures whose class is the one that was asked for; of every class equally many, n in all.

    Nothing where a run can't be asked for the classes that the judge knows.
    """

    def __init__(self, learned: Any, real: Reference, judge: Judge | None, n: int, seed: int = 0) -> None:
        self.judge, self.real, self.seed, setup = judge, real, seed, learned.setup
        self.classes: tuple[str, ...] = ()
        if judge is not None and setup.conditions is not None and "label" in setup.fields:
            ours, theirs = (class_names(source.spec["label"]) for source in (learned.source, real.source))
            self.classes = ours if ours == theirs else ()
        self.each = max(1, n // max(1, len(self.classes)))

    @property
    def protocol(self) -> dict[str, str]:
        return {"asked": f"{self.each} of each of {len(self.classes)} classes"} if self.classes else {}

    def intervals(self, setup: Setup) -> Mapping[str, Interval]:
        """Of what has been learned."""
        return bootstrap(agreement, self.hits(setup), seed=self.seed) if self.classes else {}

    def values(self, setup: Setup) -> dict[str, float]:
        """The same without an interval."""
        return agreement(self.hits(setup)) if self.classes else {}

    def floor(self) -> dict[str, float]:
        """How often the judge reads the class of a held-out picture rightly."""
        return {"agreement": self.judge.accuracy} if self.judge and self.classes else {}

    def hits(self, setup: Setup) -> np.ndarray:
        """Whether each picture shows what was asked for, (n,)."""
        assert self.judge is not None
        set_random_state(self.seed)
        found = []
        for number, name in enumerate(self.classes):
            pictures = self.real.source.restore(asked(setup, name).sample(self.each))
            found.append(self.judge.probabilities(pictures).argmax(1) == number)
        return np.concatenate(found)


def agreement(hits: np.ndarray) -> dict[str, float]:
    return {"agreement": float(hits.mean())}
