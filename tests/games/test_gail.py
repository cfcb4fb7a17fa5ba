"""GAIL: one round by hand, and the signs of its rewards."""

import math
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.distributions import Categorical
from torch.nn.functional import logsigmoid

from rivals.control.ppo import PPO
from rivals.control.rollout import Step
from rivals.games.gail import GAIL, log_odds, paper_reward
from rivals.loop import fit
from rivals.play import Player


class Lever(nn.Module):
    """A policy that takes action 1 with probability sigmoid(weight); its critic always says 0."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, observation: Tensor) -> tuple[Categorical, Tensor]:
        logits = torch.stack((torch.zeros_like(self.weight), self.weight)).expand(len(observation), 2)
        return Categorical(logits=logits, validate_args=False), torch.zeros(len(observation))


class Taste(nn.Module):
    """Logit of a pair: weight if the action is 1, else 0."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, observation: Tensor, action: Tensor) -> Tensor:
        return self.weight * action


class Bandit:
    """n levers to pull; every episode is one step long. Remembers what was done."""

    def __init__(self, count: int) -> None:
        self.count, self.taken = count, torch.empty(0)

    def observe(self) -> Tensor:
        return torch.zeros(self.count, 1)

    def step(self, action: Tensor) -> Step:
        self.taken, over = action, torch.ones(self.count, dtype=torch.bool)
        return Step(torch.zeros(self.count, 1), torch.zeros(self.count), over, ~over)

    def state_dict(self) -> dict[str, Any]:
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        pass


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_one_round_by_hand() -> None:
    """1606.03476, Algorithm 1: the discriminator moves on all pairs, then the policy under its new logits."""
    theta, w, rate, n = 0.3, 0.2, 0.5, 8
    policy, reward, bandit = Lever(theta), Taste(w), Bandit(n)
    game = GAIL(
        Player(policy, torch.optim.SGD(policy.parameters(), lr=rate)),
        Player(reward, torch.optim.SGD(reward.parameters(), lr=rate)),
        bandit,
        steps=1,
        discriminator_steps=1,
        rule=PPO(epochs=1, minibatches=1),
    )
    expert = torch.tensor([1, 1, 1, 0])
    with pytest.MonkeyPatch.context() as patch:  # the discriminator is shown the first four of the policy's pairs
        patch.setattr(torch, "randint", lambda high, size, **options: torch.arange(*size))
        list(fit(game, iter([(torch.zeros(4, 1), expert)]), rounds=range(1), seed=2))
    taken = bandit.taken.tolist()
    assert 0 < sum(taken) < n

    # logits are w a: -log sigmoid(w a) on the expert's pairs, -log sigmoid(-w a) on the policy's
    slope = sum((sigmoid(w) - 1) * a for a in expert.tolist()) / 4 + sum(sigmoid(w) * a for a in taken[:4]) / 4
    moved = w - rate * slope
    assert reward.weight.item() == pytest.approx(moved)

    # the reward is the logit; one epoch from the old policy is the policy gradient of the standardised reward
    rewards = [moved * a for a in taken]
    mean = sum(rewards) / n
    deviation = math.sqrt(sum((r - mean) ** 2 for r in rewards) / n)
    p = sigmoid(theta)
    climb = sum((a - p) * (r - mean) / (deviation + 1e-8) for a, r in zip(taken, rewards, strict=True)) / n
    assert policy.weight.item() == pytest.approx(theta + rate * climb, abs=1e-6)


def test_rewards_are_high_where_the_expert_is() -> None:
    logits = torch.linspace(-5, 5, 11)
    chance = torch.sigmoid(logits)  # of the pair being the expert's
    torch.testing.assert_close(log_odds(logits), chance.log() - (1 - chance).log(), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(paper_reward(logits), -logsigmoid(-logits))
    for reward in (log_odds, paper_reward):
        assert (reward(logits).diff() > 0).all()
    assert (paper_reward(logits) > 0).all() and log_odds(logits).sum().abs() < 1e-6
