"""Faces with attributes: a hair and an eye colour each, and the classifiers that read them.

The regressor of the VAE-GAN table: two classifiers, one an attribute, whose probabilities stand beside each other.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rivals.data.load import load
from rivals.data.named import named_file
from rivals.data.pictures import Pictures
from rivals.metrics.judge import Judge, judge_of

COLUMNS = ("hair", "eyes")
SIDE, EPOCHS = 32, 16


@dataclass(frozen=True)
class Faces:
    """Pictures of a split, and the number of each one's value in every column."""

    source: Pictures
    values: np.ndarray
    """(n, columns)"""
    names: tuple[tuple[str, ...], ...]
    """Of the values, for each column."""

    @property
    def attributes(self) -> np.ndarray:
        """One number for every value of every column, 1 where a face has it: float32 (n, k)."""
        each = [np.eye(len(names), dtype=np.float32)[self.values[:, c]] for c, names in enumerate(self.names)]
        return np.concatenate(each, 1)

    def labelled(self, column: int) -> Pictures:
        """The same pictures, labelled by one column."""
        digest = f"{self.source.index_sha256} {COLUMNS[column]}"
        return Pictures(self.source.images, self.values[:, column], classes=self.names[column], index_sha256=digest)


@cache
def faces(split: str) -> Faces:
    """The anime faces of a split. Raises ValueError unless there is a row of tags for each picture."""
    source: Any = load("anime", size=SIDE, split=split, say=lambda text: None)
    rows, training = tags(split), tags("train")
    if len(rows) != len(source):
        raise ValueError(f"the {split} split of anime has {len(source)} pictures and {len(rows)} rows of tags")
    names = tuple(tuple(sorted({row[column] for row in training})) for column in COLUMNS)
    found = [[names[c].index(row[column]) for c, column in enumerate(COLUMNS)] for row in rows]
    return Faces(source, np.array(found), names)


def tags(split: str) -> list[dict[str, str]]:
    """The rows of tags beside the archive, in the order of its pictures."""
    archive = named_file("anime", split=split, say=lambda text: None)
    with open(archive.parent / f"{split}_tags.csv") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["file"])


@cache
def readers() -> list[Judge]:
    """A classifier for each column, trained on the training split, from the cache or now."""
    train, test = faces("train"), faces("test")
    return [
        judge_of(train.labelled(c), test.labelled(c), epochs=EPOCHS, flip=True, nothing=0) for c in range(len(COLUMNS))
    ]


def read(pictures: np.ndarray) -> np.ndarray:
    """What the classifiers make of pictures uint8 (n, H, W, 3): probabilities as `attributes`, (n, k)."""
    return np.concatenate([reader.probabilities(pictures) for reader in readers()], 1)


def similarity(asked: np.ndarray, found: np.ndarray) -> list[float]:
    """Mean cosine of attributes (n, k) asked for and found, and their mean squared distance (1512.09300, tab. 1)."""
    cosine = (asked * found).sum(1) / (np.linalg.norm(asked, axis=1) * np.linalg.norm(found, axis=1))
    return [float(cosine.mean()), float(np.square(asked - found).sum(1).mean())]
