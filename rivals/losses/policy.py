"""What a policy lowers: score-function gradients and PPO's surrogate, of log-probabilities and advantages."""

import torch
from torch import Tensor


def policy_gradient(log_probability: Tensor, value: Tensor) -> Tensor:
    """REINFORCE (Williams 1992; 1609.05473, eq. 6 and 8): -E sum_t log pi(a_t | s_t) Q(s_t, a_t).

    (n,) or (n, T) both: the sum is over the steps of a sequence, the mean over the sequences. Its gradient is that of
    minus the expected return; its own value means nothing. `value` must not depend on the policy's parameters.

    Raises ValueError where the two differ in shape.
    """
    if log_probability.shape != value.shape:
        raise ValueError(f"each step needs its value, found {tuple(log_probability.shape)} and {tuple(value.shape)}")
    return -(log_probability * value).sum() / len(value)


def clipped_surrogate(log_probability: Tensor, old: Tensor, advantage: Tensor, *, clip: float) -> Tensor:
    """PPO's clipped surrogate, negated (1707.06347, eq. 7), of (n,); `old` was the log-probability before any step."""
    ratio = (log_probability - old).exp()
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


def value_error(value: Tensor, target: Tensor) -> Tensor:
    """The critic's squared error against its target (1707.06347, L^VF of eq. 9, halved). (n,)."""
    return 0.5 * (value - target).square().mean()
