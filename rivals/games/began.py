"""BEGAN: two auto-encoded errors held in balance."""

from dataclasses import dataclass, field

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.energies import reconstruction_energy
from rivals.parts.equilibrium import Equilibrium
from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class BEGAN:
    """Boundary equilibrium GAN (Berthelot et al. 2017, 1703.10717, sec. 3.4).

    The discriminator's network maps samples to their reconstruction. The fact `convergence` is the paper's global
    measure M: it falls as the samples get better.
    """

    generator: Player
    discriminator: Player
    prior: Prior  # n -> (n, latent)
    equilibrium: Equilibrium = field(default_factory=Equilibrium)  # gamma, lambda_k, k_t
    power: int = 1  # eta

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        facts = self.discriminator.descend(self.discriminator_loss, real, self.prior(len(real)), self.equilibrium.k)
        facts |= self.generator.descend(self.generator_loss, self.prior(len(real)))
        judge = self.discriminator.name
        real_error, fake_error = facts[f"{judge}/real_error"], facts[f"{self.generator.name}/loss"]
        convergence = self.equilibrium.update(real=real_error, fake=fake_error)
        ours = {"convergence": convergence, "k": self.equilibrium.k.clone(), "ratio": fake_error / real_error}
        return facts | {f"{judge}/{name}": fact for name, fact in ours.items()}

    def error(self, x: Tensor) -> Tensor:
        return reconstruction_energy(x, self.discriminator(x), power=self.power).mean()

    def discriminator_loss(self, real: Tensor, z: Tensor, k: Tensor) -> tuple[Tensor, Facts]:
        real_error, fake_error = self.error(real), self.error(self.generator(z))
        return real_error - k * fake_error, {"real_error": real_error, "fake_error": fake_error}

    def generator_loss(self, z: Tensor) -> tuple[Tensor, Facts]:
        return self.error(self.generator(z)), {}
