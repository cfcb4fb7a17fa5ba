"""What a classifier's probabilities say of generated samples."""

import numpy as np
from torch import Tensor

from rivals.metrics.modes import as_array


def classifier_score(probabilities: np.ndarray | Tensor) -> float:
    """exp(E KL(p(y|x) || p(y))) of probabilities (n, classes): the inception score, by any classifier (1606.03498).

    From 1, when every sample is judged alike, to the number of classes, when each is certain and all are equally
    frequent. It sees no real sample, so one perfect picture of each class is enough for it.

    Raises ValueError for what is not (n, classes), or has rows that do not add up to 1.
    """
    p = as_array(probabilities)
    if p.ndim != 2 or not p.size or (p < 0).any() or not np.allclose(p.sum(1), 1, atol=1e-3):
        raise ValueError(f"probabilities must be (n, classes) with rows that add up to 1, found {p.shape}")
    return float(np.exp(-_entropy(p).mean() + _entropy(p.mean(0))))


def _entropy(p: np.ndarray) -> np.ndarray:
    """In nats, over the last axis; 0 log 0 is 0."""
    return -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(-1)
