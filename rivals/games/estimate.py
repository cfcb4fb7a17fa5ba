"""A discriminator alone: it learns how far apart two sets of samples are."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from rivals.losses.divergences import Divergence, variational_bound
from rivals.play import Facts, Player


@dataclass
class Estimate:
    """A divergence estimated from below by a discriminator (Nguyen et al. 2010, 0809.0853; 1606.00709, eq. 4 to 6)."""

    discriminator: Player  # (n, d) -> logits (n,)
    divergence: Divergence

    def play_round(self, feed: Iterator[tuple[Tensor, Tensor]]) -> Facts:
        return self.discriminator.descend(self.discriminator_loss, *next(feed))

    def discriminator_loss(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Facts]:
        return -self.bound(real, fake), {}

    def bound(self, real: Tensor, fake: Tensor) -> Tensor:
        """The estimate; at most the divergence in the mean, if the discriminator has not seen these samples."""
        D = self.discriminator
        return variational_bound(self.divergence, real=D(real), fake=D(fake))
