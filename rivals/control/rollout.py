"""Playing a policy in many environments at once, and what is kept of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

import torch
from torch import Tensor


@dataclass(frozen=True)
class Step:
    """What n environments answered: `following` is what was seen after the action, before any restart."""

    following: Tensor  # (n, ...)
    reward: Tensor  # (n,)
    terminated: Tensor  # (n,) bool: the task itself was over
    truncated: Tensor  # (n,) bool: only time was up


class Environment(Protocol):
    """n copies of a task, stepped together. All its memory is in its state_dict, so that runs resume exactly."""

    def observe(self) -> Tensor:
        """What is seen now (n, ...); environments whose episode ended start a new one first."""
        ...

    def step(self, action: Tensor) -> Step: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Mapping[str, Any]) -> Any: ...


@dataclass(frozen=True)
class Rollout:
    """T steps of n environments, (T, n, ...), or the same flattened to (T * n, ...)."""

    observation: Tensor
    action: Tensor
    following: Tensor
    reward: Tensor
    terminated: Tensor
    ended: Tensor  # terminated or truncated

    def flat(self) -> "Rollout":
        return Rollout(*(getattr(self, f.name).flatten(0, 1) for f in fields(self)))


class Returns:
    """The undiscounted returns of whole episodes, which may outlast a rollout. Its memory is in its state_dict."""

    def __init__(self) -> None:
        self.running, self.last = torch.zeros(()), torch.zeros(())

    def add(self, rollout: Rollout) -> Tensor:
        """The mean return () of the episodes that ended in this rollout; of the last that ended, where none did."""
        total, count = rollout.reward.new_zeros(()), rollout.ended.sum()
        for reward, ended in zip(rollout.reward, rollout.ended, strict=True):
            self.running = self.running.to(reward) + reward
            total = total + (self.running * ended).sum()
            self.running = self.running.masked_fill(ended, 0.0)
        self.last = torch.where(count > 0, total / count.clamp(min=1), self.last.to(total))
        return self.last

    def state_dict(self) -> dict[str, Tensor]:
        return {"running": self.running, "last": self.last}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        self.running, self.last = state["running"].clone(), state["last"].clone()


def collect(act: Callable[[Tensor], Tensor], environment: Environment, steps: int) -> Rollout:
    """Plays `act`, observations (n, ...) -> actions (n, ...), for so many steps; episodes go on into the next call."""
    rows: list[tuple[Tensor, ...]] = []
    for _ in range(steps):
        observation = environment.observe()
        action = act(observation)
        step = environment.step(action)
        ended = step.terminated | step.truncated
        rows.append((observation, action, step.following, step.reward, step.terminated, ended))
    return Rollout(*(torch.stack(column) for column in zip(*rows, strict=True)))


def first_returns(act: Callable[[Tensor], Tensor], environment: Environment, steps: int) -> Tensor:
    """The undiscounted return (n,) of each environment's first episode, of at most so many steps."""
    rollout = collect(act, environment, steps)
    alive = (rollout.ended.cumsum(0) - rollout.ended.long()) == 0  # up to and including the step that ends it
    return (rollout.reward * alive).sum(0)
