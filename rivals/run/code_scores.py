"""What the codes of samples know of their classes, of recipes that have learned an encoder."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rivals.metrics import Interval, bootstrap, linear_class, nearest_class
from rivals.recipes.recipe import Setup
from rivals.run.reference import Reference, evenly

LEARNED_FROM, PROBED = 10_000, 2_500
"""Labelled training samples that a probe learns from at most; held-out ones that it is asked about."""
PROTOCOL = f"codes, learned from at most {LEARNED_FROM} training samples"
PROBES = {"probe_accuracy": linear_class, "neighbour_accuracy": nearest_class}


def code_scores(setup: Setup, real: Reference, device: str, seed: int = 0) -> Mapping[str, Interval]:
    """Accuracy of a linear probe and of the nearest neighbour on codes; nothing without an encoder or labels."""
    return bootstrap(means, rights(setup, real, device), seed=seed) if probed(setup, real) else {}


def code_values(setup: Setup, real: Reference, device: str) -> dict[str, float]:
    """The same without intervals."""
    return means(rights(setup, real, device)) if probed(setup, real) else {}


def probed(setup: Setup, real: Reference) -> bool:
    """Whether there are codes, and labels to hold them to."""
    return setup.encode is not None and "label" in real.source.spec


def rights(setup: Setup, real: Reference, device: str) -> np.ndarray:
    """Which held-out samples each probe gets right, (n, probes)."""
    assert setup.encode is not None
    known, labels = coded(setup.encode, real.source, evenly(real.rows, LEARNED_FROM), device)
    others, truth = coded(setup.encode, real.unseen, evenly(real.unseen_rows, PROBED), device)
    return np.stack([(probe(known, labels, others) == truth).cpu().numpy() for probe in PROBES.values()], 1)


def coded(
    encode: Callable[[Tensor], Tensor], source: Any, rows: np.ndarray, device: str | torch.device
) -> tuple[Tensor, Tensor]:
    """Codes or features (n, latent) of labelled samples by row, and their labels (n,), on a device."""
    field, codes, labels = next(iter(source.spec)), list[Tensor](), list[Tensor]()
    for part in torch.from_numpy(rows).split(2000):
        batch = source.batch(part, torch.zeros_like(part))
        codes.append(encode(batch[field].to(device)))
        labels.append(batch["label"].to(device))
    return torch.cat(codes), torch.cat(labels)


def means(right: np.ndarray) -> dict[str, float]:
    return dict(zip(PROBES, right.mean(0).tolist(), strict=True))
