"""What a reading of samples tells of the codes that they were made from: lower bounds on mutual information, in nats.

I(c; x) >= E log Q(c|x) + H(c), with equality where Q is the posterior (Barber & Agakov 2003; 1606.03657, eq. 4 and 5).
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import log_softmax


def category_information(*, logits: Tensor, category: Tensor) -> Tensor:
    """The bound for a category drawn uniformly: one-hot (n, k), and Q's logits (n, k). At most log k."""
    right = (log_softmax(logits, 1) * category).sum(1)
    return right.mean() + math.log(category.shape[1])


def uniform_information(*, mean: Tensor, log_sd: Tensor, code: Tensor) -> Tensor:
    """The bound for codes (n, k) uniform in [-1, 1], all k together: Q's Gaussians have `mean` and `log_sd` (n, k).

    A standard deviation fixed at 1 keeps it below 0, however well the mean is told: the bound is then no measure
    of information any more, its gradient is that of half the squared error.
    """
    told = -0.5 * ((code - mean) * torch.exp(-log_sd)).square() - log_sd - 0.5 * math.log(2 * math.pi)
    return told.sum(1).mean() + code.shape[1] * math.log(2)


def paired_information(*, logits: Tensor, others: Tensor) -> Tensor:
    """What the categories of samples tell of those of their copies: logits (n, k) both. At most log k.

    Invariant information clustering (Ji et al. 2019, 1807.06653, eq. 2 and 3): I(c; c') under the joint distribution
    of a sample's category and its copy's, over the batch and in either order. It is greatest where both are sure,
    are the same, and all categories are as common.
    """
    joint = (logits.softmax(1)[:, :, None] * others.softmax(1)[:, None]).mean(0)  # a product stays in full precision
    joint = ((joint + joint.T) / 2).clamp_min(torch.finfo(joint.dtype).tiny)
    return (joint * (joint.log() - joint.sum(0).log() - joint.sum(1, keepdim=True).log())).sum()
