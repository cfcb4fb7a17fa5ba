"""Energy-based GAN: the discriminator is an auto-encoder, and its reconstruction error is the energy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.energies import energy_margin, pulling_away, reconstruction_energy
from rivals.parts.priors import Prior
from rivals.play import Facts, Player, gather


@dataclass
class EBGAN:
    """Energy-based GAN (Zhao et al. 2016, 1609.03126, eq. 1 and 2), with the pulling-away term (sec. 2.4).

    The discriminator's network maps samples to their reconstruction; its `encode` gives the codes to pull apart.
    """

    generator: Player
    discriminator: Player
    prior: Prior  # n -> (n, latent)
    margin: float = 1.0  # m
    pulling_weight: float = 0.1  # of the pulling-away term; 0 leaves it out

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        facts = self.discriminator.descend(self.discriminator_loss, real, self.prior(len(real)))
        return facts | self.generator.descend(self.generator_loss, self.prior(len(real)))

    def energy(self, x: Tensor) -> Tensor:
        return reconstruction_energy(x, self.discriminator(x))

    def discriminator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        real_energy, fake_energy = self.energy(real), self.energy(self.generator(z))
        value = energy_margin(real=real_energy, fake=fake_energy, margin=self.margin)
        return value, {"real_energy": real_energy.mean(), "fake_energy": fake_energy.mean()}

    def generator_loss(self, z: Tensor) -> tuple[Tensor, Facts]:
        fake = self.generator(z)
        energy = self.energy(fake).mean()
        if not self.pulling_weight:
            return energy, {}
        encode = cast(Callable[[Tensor], Tensor], self.discriminator.network.encode)
        alike = pulling_away(gather(encode(fake)))
        return energy + self.pulling_weight * alike, {"alike": alike}
