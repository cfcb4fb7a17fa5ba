"""What a representation of samples knows of their classes, which nobody told it."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

Probe = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Features (n, d), their classes (n,) int64, other features (m, d) -> classes (m,) int64."""

ROWS = 500  # whose distances are taken at once
STEPS = 100  # of L-BFGS
DECAY = 1e-4


def nearest_class(features: Tensor, labels: Tensor, others: Tensor) -> Tensor:
    """The class of the nearest of `features`, by Euclidean distance: 1-NN."""
    parts = [torch.cdist(part.float(), features.float()).argmin(1) for part in others.split(ROWS)]
    return labels[torch.cat(parts)]


def linear_class(features: Tensor, labels: Tensor, others: Tensor) -> Tensor:
    """What logistic regression on standardised features says: a linear probe (1610.01644).

    `DECAY` is the weight of the squared weights beside the mean cross-entropy, L-BFGS the way down.
    """
    mean, scale = features.float().mean(0), features.float().std(0).clamp_min(1e-6)
    x, y = (features.float() - mean) / scale, labels
    layer = torch.nn.Linear(x.shape[1], int(labels.max()) + 1, device=x.device)
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
        return layer((others.float() - mean) / scale).argmax(1)


def matched(codes: np.ndarray, labels: np.ndarray) -> tuple[dict[int, int], float]:
    """A class for each code, no class twice, such that most samples agree; and the share of samples that do.

    codes, labels: (n,) whole numbers from 0. The best assignment (Kuhn 1955): a code that two classes share costs one
    of them. Raises ModuleNotFoundError, with what to install, where SciPy is absent.
    """
    try:
        from scipy.optimize import linear_sum_assignment
    except ModuleNotFoundError:
        raise ModuleNotFoundError('matching codes to classes needs SciPy: pip install "rivals[metrics]"') from None

    counts = np.zeros((int(codes.max()) + 1, int(labels.max()) + 1), np.int64)
    np.add.at(counts, (codes, labels), 1)
    rows, columns = linear_sum_assignment(-counts)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True)), float(counts[rows, columns].sum() / len(codes))
