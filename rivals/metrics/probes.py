"""What a representation of samples knows of their classes, which nobody told it."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from rivals.metrics.features import Features, both, centred

Labels = np.ndarray | Tensor
Probe = Callable[[Features, Labels, Features], Tensor]
"""Features (n, d), their classes (n,), other features (m, d) -> classes (m,) int64."""

ROWS = 500  # whose distances are taken at once
STEPS = 100  # of L-BFGS
DECAY = 1e-4


def nearest_class(features: Features, labels: Labels, others: Features) -> Tensor:
    """The class of the nearest of `features`, by Euclidean distance: 1-NN.

    Raises ValueError for features that differ in width or are not finite, and labels that are not one each.
    """
    known, classes, asked = _learned_from(features, labels, others)
    parts = [torch.cdist(part, known).argmin(1) for part in asked.split(ROWS)]
    return classes[torch.cat(parts)]


def linear_class(features: Features, labels: Labels, others: Features) -> Tensor:
    """What logistic regression on standardised features says: a linear probe (1610.01644).

    `DECAY` is the weight of the squared weights beside the mean cross-entropy, L-BFGS the way down.
    Raises ValueError as `nearest_class` does.
    """
    known, y, asked = _learned_from(features, labels, others)
    scale = known.std(0)
    scale = scale.where(scale > 1e-6, 1)  # of a constant, rounding would be all there is
    x = known / scale
    layer = torch.nn.Linear(x.shape[1], int(y.max()) + 1, device=x.device)
    torch.nn.init.zeros_(layer.weight), torch.nn.init.zeros_(layer.bias)
    descent = torch.optim.LBFGS(layer.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        descent.zero_grad()
        value = cross_entropy(layer(x), y) + DECAY * layer.weight.square().sum()
        value.backward()
        return value

    with torch.enable_grad():
        descent.step(loss)
    with torch.no_grad():
        return layer(asked / scale).argmax(1)


def _learned_from(features: Features, labels: Labels, others: Features) -> tuple[Tensor, Tensor, Tensor]:
    """Features about their mean, labels, and the others from the same middle."""
    x, z = both(features, others, fewest=1, names=("features", "others"))
    y = torch.as_tensor(labels, device=x.device)
    if y.shape != (len(x),) or y.is_floating_point() or (y < 0).any():
        raise ValueError(
            f"labels must be {len(x)} whole numbers from 0, one a sample; found {tuple(y.shape)} {y.dtype}"
        )
    if len(x) < 2:
        raise ValueError("one sample teaches nothing; give two or more with their labels")
    x, z = centred(x, z)
    return x.float(), y.long(), z.float()


def matched(codes: np.ndarray, labels: np.ndarray) -> tuple[dict[int, int], float]:
    """A class for each code, no class twice, such that most samples agree; and the share of samples that do.

    codes, labels: (n,) whole numbers from 0. The best assignment (Kuhn 1955): a code that two classes share costs one
    of them. Raises ModuleNotFoundError, with what to install, where SciPy is absent, and ValueError for other codes.
    """
    codes, labels = np.asarray(codes), np.asarray(labels)
    if codes.shape != labels.shape or codes.ndim != 1 or not codes.size or min(codes.min(), labels.min()) < 0:
        raise ValueError(f"codes and labels must be as many whole numbers from 0; found {codes.shape}, {labels.shape}")
    try:
        from scipy.optimize import linear_sum_assignment
    except ModuleNotFoundError:
        raise ModuleNotFoundError('matching codes to classes needs SciPy: pip install "rivals[metrics]"') from None

    counts = np.zeros((int(codes.max()) + 1, int(labels.max()) + 1), np.int64)
    np.add.at(counts, (codes, labels), 1)
    rows, columns = linear_sum_assignment(-counts)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True)), float(counts[rows, columns].sum() / len(codes))
