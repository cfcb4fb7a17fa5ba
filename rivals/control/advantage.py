"""How much better an action was than the critic expected."""

import torch
from torch import Tensor

from rivals.play import average_over_ranks


def generalised_advantage(
    reward: Tensor,
    value: Tensor,
    next_value: Tensor,
    *,
    terminated: Tensor,
    ended: Tensor,
    discount: float,  # gamma
    trace: float,  # lambda
) -> Tensor:
    """Generalised advantage estimation (Schulman et al. 2016, 1506.02438, eq. 16), (T, n) throughout.

    `next_value` is the critic's value of what followed, before any restart. A terminated episode is worth nothing
    afterwards; one that was only cut off (`ended` but not `terminated`) is bootstrapped from `next_value`.
    The sum of exponentially weighted errors stops at the end of an episode and at the end of the rollout.
    """
    error = reward + discount * next_value * ~terminated - value  # delta_t
    carry = discount * trace * ~ended
    advantage, later = torch.empty_like(error), torch.zeros_like(error[0])
    for t in range(len(error) - 1, -1, -1):
        later = error[t] + carry[t] * later
        advantage[t] = later
    return advantage


def normalised(advantage: Tensor) -> Tensor:
    """The same advantages with mean 0 and variance 1 over the whole rollout of every rank."""
    centred = advantage - average_over_ranks(advantage.mean())
    return centred / (average_over_ranks(centred.square().mean()).sqrt() + 1e-8)
