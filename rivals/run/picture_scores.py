"""The scores of pictures: by features, and by what a classifier makes of them."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from rivals.data.stacked import Stacked
from rivals.metrics import (
    Extractor,
    Interval,
    bootstrap,
    classifier_score,
    density_coverage,
    frechet_distance,
    jackknife,
    kernel_distance,
    precision_recall,
    random_extractor,
    stacked_modes,
)
from rivals.metrics.inception import inception_extractor
from rivals.metrics.judge import EPOCHS, Judge, judge_of, shares
from rivals.run.progress import say
from rivals.run.reference import Reference, evenly

FEATURES = ("auto", "classifier", "random", "inception")
RANGES = {
    "frechet_distance": (0, math.inf),
    "kernel_distance": (-math.inf, math.inf),
    "precision": (0, 1),
    "recall": (0, 1),
    "density": (0, math.inf),
    "coverage": (0, 1),
    "stacked_modes": (0, 1000),
    "stacked_kl": (0, math.inf),
}
"""What each score can be; the kernel distance is unbiased, and so below zero at times."""
SOONER = {"mnist": 3, "stacked-mnist": 3}
"""Epochs after which a judge is good enough where its usual number is more: MNIST's gets 99.3 % right."""


class PictureScores:
    """Scores of pictures uint8 (n, H, W, C) against held-out ones, in the space of an extractor's features."""

    def __init__(
        self,
        reference: Reference,
        unseen: np.ndarray,
        features: str = "auto",
        *,
        seed: int = 0,
        extractor_seed: int = 0,
        device: str = "cpu",
    ) -> None:
        self.seed = seed
        self.judge = judge_for(reference, features, extractor_seed)
        self.stacked = isinstance(reference.source, Stacked)
        self.extractor = extractor_for(reference, features, self.judge, extractor_seed, device)
        self.real = self.extractor.features(unseen)

    @property
    def protocol(self) -> dict[str, Any]:
        shared = {"features": self.extractor.name, "features_sha256": self.extractor.sha256, "compared": len(self.real)}
        if self.judge is None:
            return shared
        accuracy = round(self.judge.accuracy, 4)
        return shared | {"classifier_sha256": self.judge.sha256, "classifier_accuracy": accuracy}

    def values(self, pictures: np.ndarray) -> dict[str, float]:
        """Every score by name."""
        found = feature_scores(*self.compared(pictures))
        if self.stacked:
            return found | stacked_scores(self.digits(pictures))
        return found | (judged_scores(self.judge.probabilities(pictures)) if self.judge else {})

    def intervals(self, pictures: np.ndarray) -> Mapping[str, Interval]:
        """Every score with its interval: a jackknife of what compares features, a bootstrap of a classifier's words."""
        measured = jackknife(feature_scores, *self.compared(pictures))
        if self.stacked:
            measured |= jackknife(stacked_scores, self.digits(pictures))
        found = {name: each.within(*RANGES[name]) for name, each in measured.items()}
        if self.judge and not self.stacked:
            found |= bootstrap(judged_scores, self.judge.probabilities(pictures), seed=self.seed)
        return found

    def compared(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Equally many features of held-out pictures and of these: a bias by their number is then the same for all."""
        count = min(len(self.real), len(pictures))
        real, shown = (rows[evenly(np.arange(len(rows)), count)] for rows in (self.real, pictures))
        return real, self.extractor.features(shown)  # from all over: folders come a class after the other

    def digits(self, pictures: np.ndarray) -> np.ndarray:
        """The digit that a classifier reads in each channel, (n, 3)."""
        assert self.judge is not None
        return np.stack([self.judge.probabilities(pictures[..., c : c + 1]).argmax(1) for c in range(3)], 1)


def feature_scores(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """What features tell of generated pictures."""
    distances = {
        "frechet_distance": frechet_distance(real, fake),
        "kernel_distance": kernel_distance(real, fake, size=max(len(real), len(fake))).mean,
    }
    return distances | vars(precision_recall(real, fake)) | vars(density_coverage(real, fake))


def judged_scores(probabilities: np.ndarray) -> dict[str, float]:
    """What a classifier tells of generated pictures."""
    return {"classifier_score": classifier_score(probabilities)} | vars(shares(probabilities))


def stacked_scores(digits: np.ndarray) -> dict[str, float]:
    """What is reached of the thousand triplets."""
    return vars(stacked_modes(digits))


def judge_for(reference: Reference, features: str, seed: int) -> Judge | None:
    """The classifier of a data set's own pictures, where they have labels and no other features are asked for.

    Stacked pictures are judged by channels, whatever compares them.
    """
    if features in ("random", "inception") and not isinstance(reference.source, Stacked):
        return None
    source, unseen = (getattr(each, "grey", each) for each in (reference.source, reference.unseen))
    if getattr(source, "labels", None) is None:
        if features == "classifier":
            raise ValueError("--features classifier needs labels, such as a folder a class; use --features random")
        return None
    test = unseen if unseen is not source else None
    return judge_of(source, test, epochs=SOONER.get(reference.data, EPOCHS), seed=seed, say=say)


def extractor_for(reference: Reference, features: str, judge: Judge | None, seed: int, device: str) -> Extractor:
    """What turns pictures into features: by default the classifier where there is one, else random convolutions."""
    if features == "inception":
        return inception_extractor(device)
    if isinstance(reference.source, Stacked) and features == "classifier":
        raise ValueError("--features classifier reads one digit, and these pictures hold three; use --features random")
    if judge is None or features == "random" or isinstance(reference.source, Stacked):
        return random_extractor(reference.source.spec["image"].shape[0], seed)
    return judge.extractor
