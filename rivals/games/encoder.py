"""An encoder for a generator that is there already: a game with one player."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class Inverter:
    """E for a fixed G: lowers |x - G(E(x))|^2 on real pictures x (Zhu et al. 2016, 1609.03552, eq. 4).

    `code_weight` adds |z - E(G(z))|^2 on codes of the prior (as 1605.09782, sec. 4.2, has it by itself): it keeps E's
    codes where G knows them. Both are means over pixels and dimensions.
    """

    encoder: Player  # E: (n, C, H, W) -> (n, latent)
    generator: Callable[[Tensor], Tensor]  # G, with gradients in its codes
    prior: Prior  # n -> (n, latent)
    code_weight: float = 0.1

    def play_round(self, feed: Any) -> Facts:
        return self.encoder.descend(self.encoder_loss, next(feed), self.prior(feed.batch))

    def encoder_loss(self, x: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        E, G = self.encoder, self.generator
        picture, code = (x - G(E(x))).square().mean(), (z - E(G(z))).square().mean()
        return picture + self.code_weight * code, {"picture": picture, "code": code}
