"""Proximal policy optimisation as a rule: it improves a policy player under any reward."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from rivals.control.advantage import generalised_advantage, normalised
from rivals.control.rollout import Rollout
from rivals.losses.policy import clipped_surrogate, value_error
from rivals.play import Facts, Player


@dataclass(frozen=True)
class PPO:
    """Clipped PPO, actor-critic style (Schulman et al. 2017, 1707.06347, Algorithm 1, eq. 9).

    The policy is a player whose network maps observations (n, ...) to (a distribution over actions, values (n,)).
    Raises ValueError if a rollout is smaller than the number of minibatches.
    """

    epochs: int = 10  # K
    minibatches: int = 4
    clip: float = 0.2  # epsilon
    discount: float = 0.99  # gamma
    trace: float = 0.95  # lambda
    value_weight: float = 0.5  # c_1
    entropy_weight: float = 0.0  # c_2

    def improve(self, policy: Player, rollout: Rollout, reward: Tensor) -> Facts:
        """Takes `epochs * minibatches` steps of the policy on a rollout under `reward` (T, n); the last facts."""
        batch = self.judged(policy, replace(rollout, reward=reward))
        size = len(batch[0]) // self.minibatches
        if not size:
            raise ValueError(f"a rollout of {len(batch[0])} steps cannot be cut into {self.minibatches} minibatches")
        facts: Facts = {}
        for _ in range(self.epochs):
            order = torch.randperm(len(batch[0]), device=reward.device)[: size * self.minibatches]
            for chosen in order.view(self.minibatches, size):
                facts = policy.descend(self.loss, policy, *(part[chosen] for part in batch))
        return facts

    def judged(self, policy: Player, rollout: Rollout) -> tuple[Tensor, ...]:
        """(observation, action, log-probability, advantage, value target), each flat, as the policy now stands."""
        flat = rollout.flat()
        distribution, value = policy(flat.observation)
        next_value = policy(flat.following)[1]
        shape = rollout.reward.shape
        advantage = generalised_advantage(
            rollout.reward,
            value.view(shape),
            next_value.view(shape),
            terminated=rollout.terminated,
            ended=rollout.ended,
            discount=self.discount,
            trace=self.trace,
        ).flatten()
        old = distribution.log_prob(flat.action)
        return flat.observation, flat.action, old, normalised(advantage), advantage + value

    def loss(
        self, policy: Player, observation: Tensor, action: Tensor, old: Tensor, advantage: Tensor, target: Tensor
    ) -> tuple[Tensor, Facts]:
        distribution, value = policy(observation)
        log_probability, entropy = distribution.log_prob(action), distribution.entropy().mean()
        surrogate = clipped_surrogate(log_probability, old, advantage, clip=self.clip)
        error = value_error(value, target)
        facts = {
            "surrogate": surrogate,
            "value_error": error,
            "entropy": entropy,
            "moved": (old - log_probability).mean(),
        }
        return surrogate + self.value_weight * error - self.entropy_weight * entropy, facts
