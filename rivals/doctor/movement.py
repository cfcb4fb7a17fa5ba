"""How far a player's step moves it: hooks on its optimiser that work in the rounds that are looked at alone."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from rivals.play import Player

Norms = tuple[Tensor, Tensor]


class Movement:
    """The last step of a player in a watched round: its gradient, and its length against that of the weights."""

    def __init__(self, player: Player, watched: Callable[[], bool]) -> None:
        self.player, self.watched = player, watched
        self.signals: dict[str, Tensor] = {}
        self._before: list[Tensor] = []
        player.optimizer.register_step_pre_hook(self._begin)
        player.optimizer.register_step_post_hook(self._end)

    def _begin(self, *_: Any) -> None:
        if self.watched():
            self._before = [p.detach().clone() for p in self.player.parameters]
            gradients = [p.grad for p in self.player.parameters if p.grad is not None]
            count = sum(g.numel() for g in gradients)
            self.signals["gradient"] = _length(gradients) / max(count, 1) ** 0.5

    def _end(self, *_: Any) -> None:
        if self.watched():
            weights = [p.detach() for p in self.player.parameters]
            moved = _length(torch._foreach_sub(weights, self._before))
            self.signals["step"] = moved / _length(self._before).clamp_min(1e-30)
            self._before = []


def _length(tensors: list[Tensor] | tuple[Tensor, ...]) -> Tensor:
    return torch.stack(torch._foreach_norm(tensors)).norm() if tensors else torch.zeros(())
