"""The Parzen window estimate of MNIST, as the GAN of 2014 was scored, and two samples that no model made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from rivals.data.load import load
from rivals.metrics import parzen_log_likelihood, parzen_sigma
from rivals.metrics.copying import k_means

SIDE, SAMPLES, VALIDATION = 28, 10_000, 1_000
CENTRES, STEPS = 10_000, 10


@dataclass(frozen=True)
class Known:
    """A sample that no model made, what was published of it (1511.01844, table 1), and what it takes."""

    paper: float
    make: Callable[[], np.ndarray]
    asked: dict[str, int]


def split(name: str) -> torch.Tensor:
    """The pictures of a split (n, 1, 28, 28) in [-1, 1]."""
    source: Any = load("mnist", size=SIDE, split=name, say=lambda text: None)
    index = torch.arange(len(source))
    return source.batch(index, torch.zeros_like(index))["image"]


def rows(pictures: torch.Tensor) -> np.ndarray:
    """Pictures in [-1, 1] as rows (n, d) in [0, 1]."""
    return ((pictures.flatten(1) + 1) / 2).double().numpy()


def estimated(samples: np.ndarray) -> dict[str, float]:
    """The estimate of samples (n, d), its standard error over the test pictures, and the bandwidth."""
    sigma = parzen_sigma(samples, rows(split("train")[-VALIDATION:]))
    found = parzen_log_likelihood(samples, rows(split("test")), sigma)
    return {"nats": float(found.mean()), "error": float(found.std() / len(found) ** 0.5), "sigma": sigma}


def training_pictures() -> np.ndarray:
    """None of those that choose the bandwidth."""
    return rows(split("train")[:SAMPLES])


def centres() -> np.ndarray:
    """Centres of the training pictures but for those."""
    pictures = torch.from_numpy(rows(split("train")[:-VALIDATION])).float()
    return k_means(pictures, CENTRES, STEPS).double().numpy()


KNOWN = {
    "training pictures": Known(243.0, training_pictures, {"samples": SAMPLES}),
    "centres of clusters": Known(313.0, centres, {"centres": CENTRES, "steps": STEPS}),
}
