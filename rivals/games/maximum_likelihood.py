"""A density learns the data's, alone: no opponent is needed where a likelihood can be written down."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.play import Facts, Player


@dataclass
class MaximumLikelihood:
    """The mean negative log likelihood, in nats a sample (pixel models: 1601.06759, eq. 1 and 2).

    `view` is what is scored of a batch, drawn anew each time: levels of grey pixels, or numbers with noise.
    """

    model: Player  # (n, ...) -> nats (n,)
    view: Callable[[Tensor], Tensor] = lambda batch: batch

    def play_round(self, feed: Feed) -> Facts:
        return self.model.descend(self.model_loss, self.view(next(feed)))

    def model_loss(self, x: Tensor) -> tuple[Tensor, Facts]:
        return -self.model(x).mean(), {}
