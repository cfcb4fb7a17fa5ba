"""Small networks for control: a policy with its critic, and a reward of observation and action."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributions import Categorical
from torch.nn.functional import one_hot


def orthogonal(inputs: int, outputs: int, gain: float) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(layer.weight, gain)
    nn.init.zeros_(layer.bias)
    return layer


def tanh_mlp(inputs: int, outputs: int, width: int, last_gain: float) -> nn.Sequential:
    """Two hidden layers, orthogonal weights, as policy gradients are usually started (1707.06347, sec. 6.1:
    64, tanh).
    """
    gain = math.sqrt(2)
    return nn.Sequential(
        orthogonal(inputs, width, gain), nn.Tanh(), orthogonal(width, width, gain), nn.Tanh(),
        orthogonal(width, outputs, last_gain),
    )  # fmt: skip


class DiscretePolicy(nn.Module):
    """Actor and critic apart: observations (n, d) -> (a Categorical over the actions, values (n,))."""

    def __init__(self, observation: int, actions: int, width: int = 64) -> None:
        super().__init__()
        self.actor = tanh_mlp(observation, actions, width, last_gain=0.01)
        self.critic = tanh_mlp(observation, 1, width, last_gain=1.0)

    def forward(self, observation: Tensor) -> tuple[Categorical, Tensor]:
        return Categorical(logits=self.actor(observation), validate_args=False), self.critic(observation).squeeze(-1)


class DiscreteReward(nn.Module):
    """A logit (n,) for each pair of observation (n, d) and discrete action (n,)."""

    def __init__(self, observation: int, actions: int, width: int = 64) -> None:
        super().__init__()
        self.actions = actions
        self.layers = tanh_mlp(observation + actions, 1, width, last_gain=1.0)

    def forward(self, observation: Tensor, action: Tensor) -> Tensor:
        chosen = one_hot(action, self.actions).to(observation)
        return self.layers(torch.cat((observation, chosen), -1)).squeeze(-1)


class Standardised(nn.Module):
    """A network that sees (observation - mean) / deviation, fixed numbers (d,) kept with its weights."""

    def __init__(self, network: nn.Module, mean: Tensor, deviation: Tensor) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)

    def forward(self, observation: Tensor, *others: Tensor) -> Any:
        return self.network((observation - self.mean) / self.deviation, *others)
