"""Generation as supervised learning, which blurs: the baseline that a discriminator is there to beat."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.reconstruction import absolute_error
from rivals.parts.priors import Prior
from rivals.parts.seen import SeenConditions
from rivals.play import Facts, Player


@dataclass
class Supervised:
    """A condition is the input, the sample the target (Dosovitskiy et al. 2015, 1411.5928): lowers E |x - G(z, c)|.

    Many samples have one condition, and the best answer to all of them is their median (of the squared error, their
    mean); the code says nothing about which is meant, so that it goes unused. Fed with (sample, condition).
    """

    generator: Player  # (code, condition) -> sample
    prior: Prior  # n -> (n, latent)
    seen: SeenConditions
    distance: Callable[[Tensor, Tensor], Tensor] = absolute_error

    def play_round(self, feed: Feed) -> Facts:
        real, condition = next(feed)
        self.seen.add(condition)
        return self.generator.descend(self.generator_loss, real, condition, self.prior(len(real)))

    def generator_loss(self, real: Tensor, condition: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        return self.distance(real, self.generator(z, condition)), {}
