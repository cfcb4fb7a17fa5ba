"""The cart and pole, many at once, as tensors: its state is saved with the game, so runs resume bit for bit."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from rivals.control.rollout import Step

GRAVITY, CART, POLE, HALF_LENGTH, FORCE, SECONDS = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
LIMIT_X, LIMIT_ANGLE = 2.4, 12 * 2 * math.pi / 360


class CartPole:
    """Balancing a pole on a cart (Barto, Sutton & Anderson 1983), the dynamics of Gymnasium's CartPole-v1.

    Observation (n, 4) float32: position (m), speed (m/s), angle (rad), angular speed (rad/s). Actions (n,): 0 pushes
    left, 1 right. Reward 1 a step. An episode terminates when the cart leaves ±2.4 m or the pole ±12°, and is truncated
    after `limit` steps; the next `observe` starts a new one, drawn from torch's global generator.
    """

    def __init__(self, count: int, limit: int = 500, device: str | torch.device = "cpu") -> None:
        self.limit = limit
        self.state = torch.zeros(count, 4, dtype=torch.float64, device=device)
        self.age = torch.zeros(count, dtype=torch.int64, device=device)
        self.ended = torch.ones(count, dtype=torch.bool, device=device)

    def observe(self) -> Tensor:
        start = torch.rand_like(self.state) * 0.1 - 0.05
        self.state = torch.where(self.ended[:, None], start, self.state)
        self.age = self.age.masked_fill(self.ended, 0)
        self.ended = torch.zeros_like(self.ended)
        return self.state.float()

    def step(self, action: Tensor) -> Step:
        self.state = advance(self.state, action)
        self.age = self.age + 1
        terminated = (self.state[:, 0].abs() > LIMIT_X) | (self.state[:, 2].abs() > LIMIT_ANGLE)
        truncated = ~terminated & (self.age >= self.limit)
        self.ended = terminated | truncated
        return Step(self.state.float(), torch.ones_like(terminated, dtype=torch.float32), terminated, truncated)

    def state_dict(self) -> dict[str, Tensor]:
        return {"state": self.state, "age": self.age, "ended": self.ended}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        for name in ("state", "age", "ended"):
            mine = getattr(self, name)
            if state[name].shape != mine.shape:
                raise ValueError(f"the saved state is of {len(state[name])} environments, this game has {len(mine)}")
            setattr(self, name, state[name].to(mine).clone())


def advance(state: Tensor, action: Tensor) -> Tensor:
    """The state (n, 4) one Euler step of 0.02 s later."""
    x, speed, angle, spin = state.unbind(1)
    force = torch.where(action == 1, FORCE, -FORCE).to(state)
    cosine, sine = angle.cos(), angle.sin()
    push = (force + POLE * HALF_LENGTH * spin.square() * sine) / (CART + POLE)
    turn = (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4 / 3 - POLE * cosine.square() / (CART + POLE)))
    pull = push - POLE * HALF_LENGTH * turn * cosine / (CART + POLE)
    return state + SECONDS * torch.stack((speed, pull, spin, turn), 1)
