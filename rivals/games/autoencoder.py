"""An auto-encoder: codes from which the samples come back, and nothing that says where codes lie."""

from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.reconstruction import squared_error
from rivals.parts.moments import CodeMoments
from rivals.play import Facts, Player


@dataclass
class Autoencoder:
    """An auto-encoder under the squared error (Hinton & Salakhutdinov 2006, doi 10.1126/science.1127647).

    `codes` remembers where the codes lie: a normal there is the least that makes samples of a decoder (1903.12436).
    """

    model: Player  # x -> codes (n, latent), reconstructions
    codes: CodeMoments

    def play_round(self, feed: Feed) -> Facts:
        facts = self.model.descend(self.model_loss, next(feed))
        self.codes.update(facts.pop(f"{self.model.name}/code"))
        return facts

    def model_loss(self, x: Tensor) -> tuple[Tensor, Facts]:
        code, returned = self.model(x)
        return squared_error(x, returned), {"code": code}
