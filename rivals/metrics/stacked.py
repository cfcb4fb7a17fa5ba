"""A thousand modes: pictures of three digits, one a channel."""

from dataclasses import dataclass

import numpy as np

from rivals.metrics.modes import divergence_from_uniform


@dataclass(frozen=True)
class StackedModes:
    """What a generator reaches of the 1000 triplets of digits."""

    stacked_modes: int
    """Triplets that occur at all."""
    stacked_kl: float
    """KL(shares of the triplets || uniform), nats."""


def stacked_modes(digits: np.ndarray) -> StackedModes:
    """Modes and divergence of digits (n, 3) from 0 to 9, as a classifier reads the three channels (1705.07761).

    26,000 samples of the data itself come to 1000 modes and about 0.024: (1000 - 1) / (2 n) from counting, the rest
    because MNIST has more of some digits. Raises ValueError for what are not triplets of digits.
    """
    if digits.ndim != 2 or digits.shape[1] != 3 or not len(digits) or digits.min() < 0 or digits.max() > 9:
        raise ValueError(f"digits must be (n, 3), each from 0 to 9; found {digits.shape}")
    counts = np.bincount(digits.astype(np.int64) @ [100, 10, 1], minlength=1000)
    return StackedModes(int((counts > 0).sum()), divergence_from_uniform(counts))
