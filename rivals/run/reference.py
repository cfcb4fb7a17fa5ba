"""The real samples that a run is scored against: those kept from training where there are such."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from rivals.data.bad import DataError
from rivals.run.opening import open_data
from rivals.run.progress import say

TENTH, HALF, TWENTY = 10, 2, 20
"""One sample in ten is held out; of a small set more of them, so that they are twenty, or half of all."""


@dataclass(frozen=True)
class Reference:
    """Training samples and held-out ones of a data set, as rows of sources."""

    data: str
    """Its name or path."""
    source: Any
    unseen: Any
    rows: np.ndarray
    """Of the training samples."""
    unseen_rows: np.ndarray
    about: str
    """Which samples are held out, in words."""
    apart: bool
    """Whether the run has surely not been trained on the held-out ones."""

    def training(self, n: int) -> np.ndarray:
        """At most n training samples in data units, evenly from all."""
        return units(self.source, evenly(self.rows, n))

    def held_out(self, n: int) -> np.ndarray:
        """At most n held-out samples in data units, evenly from all."""
        return units(self.unseen, evenly(self.unseen_rows, n))


def reference(learned: Any, data: str = "") -> Reference:
    """The test split of a run's data, or of another data set; where there is none, every tenth sample, or more of them
    where there are few.

    Raises ValueError for data that is not there or of another shape than the run's samples.
    """
    run = learned.config.run if not data else replace(learned.config.run, data=data, tags="")
    shape = learned.source.spec["image"].shape if "image" in learned.source.spec else None
    if shape:
        run = replace(run, channels=shape[0], size=shape[1])
    source = open_data(run, "cpu", say=say)
    ours, theirs = (next(iter(spec.items())) for spec in (learned.source.spec, source.spec))
    if (ours[0], ours[1].shape) != (theirs[0], theirs[1].shape):
        raise ValueError(f"--data {run.data} holds {source.describe()}; this run makes {learned.source.describe()}")
    unseen = _test_split(run, source)
    if unseen is not None:
        about = f"test split, {len(unseen)} samples"
        return Reference(
            run.data, source, unseen, np.arange(len(source)), np.arange(len(unseen)), about, apart=not data
        )
    one_in = min(TENTH, max(HALF, len(source) // TWENTY))
    held = np.arange(len(source)) % one_in == 0
    seen = "" if data else ", which the run was trained on too"
    about = f"one sample in {one_in}, {held.sum()}{seen}"
    return Reference(run.data, source, source, np.flatnonzero(~held), np.flatnonzero(held), about, apart=False)


def evenly(rows: np.ndarray, n: int) -> np.ndarray:
    """At most n of the rows, spread over all."""
    return rows if len(rows) <= n else rows[np.linspace(0, len(rows) - 1, n).astype(np.int64)]


def units(source: Any, rows: np.ndarray) -> np.ndarray:
    """Samples of a source by row in data units, none of them flipped."""
    field, parts = next(iter(source.spec)), torch.from_numpy(rows).split(2000)
    return np.concatenate([source.restore(source.batch(part, torch.zeros_like(part))[field]) for part in parts])


def _test_split(run: Any, source: Any) -> Any:
    """The source of the test split, or None. A file that knows no splits gives the training samples again."""
    try:
        unseen = open_data(run, "cpu", say=lambda text: None, split="test")
    except DataError as error:
        say(f"{error}: some of the training samples are held out to compare with")
        return None
    return None if unseen.index_sha256 == source.index_sha256 else unseen
