"""The evidence of a model with hidden codes, log p(x), and bounds of it from below, in nats a sample.

The prior of the codes is standard normal; q(z|x) is a normal with a variance for each dimension. Noise is an argument.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

LOG_TWO_PI = math.log(2 * math.pi)


@dataclass(frozen=True)
class Likelihood:
    """p(x|z), from what the decoder makes of a code."""

    log: Callable[[Tensor, Any], Tensor]
    """Samples (n, 1, *shape) in the network's range, and what was decoded from k codes each -> nats (n, k)."""
    mean: Callable[[Any], Tensor]
    """What was decoded -> the mean of x, in the network's range."""


def gaussian_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(q(z|x) | p(z)) of (n, latent), (n,): 1/2 sum exp(s) - (1 + s) + m^2 (1312.6114, app. B)."""
    return 0.5 * (log_variance.exp() - (1 + log_variance) + mean.square()).sum(-1)


def gaussian_log_density(x: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    """log N(x | mean, exp(s)) summed over the last dimension; `log_variance` of its shape or of none."""
    square = (x - mean).square() * (-log_variance).exp()
    return -0.5 * (square + log_variance + LOG_TWO_PI).sum(-1)


def bernoulli_log_probability(x: Tensor, logits: Tensor) -> Tensor:
    """log P(x) of x in {0, 1}, summed over the last dimension (1312.6114, app. C.1).

    Of x in between it is the mean over what would be drawn with those probabilities.
    """
    return (x * logits - softplus(logits)).sum(-1)


def log_weights(log_likelihood: Tensor, code: Tensor, noise: Tensor, log_variance: Tensor) -> Tensor:
    """log p(x, z) / q(z|x) of codes (n, k, latent) made of `noise`, given log p(x|z) (n, k) (1509.00519, sec. 3).

    log q(z|x) is that of the noise, less the widths: the codes' own densities would cancel to fewer digits.
    """
    return log_likelihood + 0.5 * (noise.square() - code.square()).sum(-1) + 0.5 * log_variance.sum(-1, keepdim=True)


def evidence_bound(log_likelihood: Tensor, mean: Tensor, log_variance: Tensor, weight: Tensor | float = 1.0) -> Tensor:
    """The estimate of the bound with its KL in closed form: -KL + 1/L sum log p(x|z) (1312.6114, eq. 7).

    log p(x|z) (n, L) of L codes a sample. (n,) A `weight` below 1 lets the KL in by degrees (1602.02282).
    """
    return log_likelihood.mean(1) - weight * gaussian_kl(mean, log_variance)


def importance_bound(weights: Tensor) -> Tensor:
    """log 1/k sum w of log weights (n, k): at most log p(x) in the mean, nearer the larger k (1509.00519, eq. 8)."""
    return torch.logsumexp(weights, 1) - math.log(weights.shape[1])


def _bernoulli(x: Tensor, logits: Tensor) -> Tensor:
    return bernoulli_log_probability(0.5 * (x + 1).flatten(2), logits.flatten(2))


def _gaussian(x: Tensor, decoded: tuple[Tensor, Tensor]) -> Tensor:
    return gaussian_log_density(x.flatten(2), decoded[0].flatten(2), decoded[1])


bernoulli = Likelihood(_bernoulli, lambda logits: torch.tanh(0.5 * logits))  # 2 sigmoid - 1
"""Pictures in [-1, 1] of independent pixels; decoded are logits (n, k, *shape)."""

gaussian = Likelihood(_gaussian, lambda decoded: decoded[0])
"""Independent normals of one width; decoded are means (n, k, *shape) and a log variance ()."""
