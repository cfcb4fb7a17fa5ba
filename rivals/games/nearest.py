"""The model nearest to the data: a game with one player, whose loss is the divergence itself."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from rivals.losses.divergences import Divergence, exact
from rivals.play import Facts, Player


@dataclass
class Nearest:
    """Lowers D_f(P|Q) in the model Q, both on the cells of a grid, as in the mixture fits of 1606.00709, sec. 2.4."""

    model: Player  # cells (n,) -> log densities (n,)
    divergence: Divergence
    x: Tensor  # the cells' middles
    p: Tensor  # the data's probabilities there

    def play_round(self, feed: Any) -> Facts:
        return self.model.descend(self.model_loss)

    def model_loss(self) -> tuple[Tensor, Facts]:
        return exact(self.divergence, self.p, self.model(self.x).softmax(0)), {}
