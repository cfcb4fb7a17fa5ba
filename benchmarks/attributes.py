"""Faces with attributes: a hair and an eye colour each, and the classifiers that read them.

The regressor of the VAE-GAN table: two classifiers, one an attribute, whose probabilities stand beside each other.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch

from rivals.data.load import load
from rivals.data.pictures import Pictures
from rivals.metrics.judge import Judge, judge_of

COLUMNS = ("hair", "eyes")
SIDE, EPOCHS = 32, 16


@dataclass(frozen=True)
class Faces:
    """Pictures of a split, and which of the attributes each of them has."""

    source: Any
    attributes: np.ndarray
    """1 for a hair and for an eye colour, 0 for all others: float32 (n, k)."""
    words: tuple[str, ...]
    """Of the attributes, such as "blue hair"; those of one column stand together."""

    def labelled(self, column: str) -> Pictures:
        """The same pictures, labelled by the value of one column."""
        places = [place for place, word in enumerate(self.words) if word.endswith(column)]
        digest = f"{self.source.index_sha256} {column}"
        return Pictures(self.source.images, self.attributes[:, places].argmax(1), index_sha256=digest)


@cache
def faces(split: str) -> Faces:
    """The anime faces of a split."""
    source: Any = load("anime", size=SIDE, split=split, say=lambda text: None)
    index = torch.arange(len(source))
    return Faces(source, source.batch(index, index * 0)["tags"].numpy(), source.spec["tags"].words)


@cache
def readers() -> list[Judge]:
    """A classifier for each column, trained on the training split, from the cache or now."""
    train, test = faces("train"), faces("test")
    return [
        judge_of(train.labelled(column), test.labelled(column), epochs=EPOCHS, flip=True, nothing=0)
        for column in COLUMNS
    ]


def read(pictures: np.ndarray) -> np.ndarray:
    """What the classifiers make of pictures uint8 (n, H, W, 3): probabilities as `attributes`, (n, k)."""
    return np.concatenate([reader.probabilities(pictures) for reader in readers()], 1)


def similarity(asked: np.ndarray, found: np.ndarray) -> list[float]:
    """Mean cosine of attributes (n, k) asked for and found, and their mean squared distance (1512.09300, tab. 1)."""
    cosine = (asked * found).sum(1) / (np.linalg.norm(asked, axis=1) * np.linalg.norm(found, axis=1))
    return [float(cosine.mean()), float(np.square(asked - found).sum(1).mean())]
