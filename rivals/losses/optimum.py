"""Where the game of 2014 ends if both players play best (Goodfellow et al. 2014, 1406.2661, sec. 4)."""

import math

import torch
from torch import Tensor

from rivals.losses.divergences import exact, jensen_shannon


def optimal_discriminator(p: Tensor, q: Tensor) -> Tensor:
    """D*(x) = p(x) / (p(x) + q(x)) of the densities of data and model (prop. 1); 1/2 where neither is."""
    return torch.where(p + q > 0, p / (p + q), 0.5)


def game_value(D: Tensor, p: Tensor, q: Tensor) -> Tensor:
    """V(D, G) = E_p log D + E_q log(1 - D) of probabilities on the same cells (eq. 1)."""
    return torch.xlogy(p, D).sum() + torch.xlogy(q, 1 - D).sum()


def criterion(p: Tensor, q: Tensor) -> Tensor:
    """C(G) = max over D of V(D, G) = -log 4 + 2 JSD(p|q), at least -log 4, and that for p = q alone (theorem 1)."""
    return 2 * jensen_shannon_divergence(p, q) - math.log(4)


def jensen_shannon_divergence(p: Tensor, q: Tensor) -> Tensor:
    """JSD = (KL(p|m) + KL(q|m)) / 2 for the mean m of both: the usual one, from 0 to log 2."""
    return exact(jensen_shannon, p, q) / 2
