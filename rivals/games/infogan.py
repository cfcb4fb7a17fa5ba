"""InfoGAN: codes that the generator may not ignore, because somebody reads them off its samples."""

from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import non_saturating
from rivals.losses.information import category_information, uniform_information
from rivals.parts.codes import Codes
from rivals.play import Facts, Player


@dataclass
class InfoGAN:
    """Information-maximising GAN (Chen et al. 2016, 1606.03657, eq. 6): min over G and Q, max over D of V - lambda L_I.

    D and Q share a body, and so are one player: `discriminator` gives logits (n,) and Q's reading of the codes.
    """

    generator: Player
    discriminator: Player  # D and Q: x -> (n,), (n, reading)
    prior: Codes  # n -> (n, latent)
    information_weight: float = 1.0  # lambda
    continuous_weight: float = 1.0  # of the continuous codes' share, in units of lambda

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        facts = self.discriminator.descend(self.discriminator_loss, real, self.prior(len(real)))
        return facts | self.generator.descend(self.generator_loss, self.prior(len(real)))

    def discriminator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        (real_logits, _), (fake_logits, reading) = self.discriminator(real), self.discriminator(self.generator(z))
        information, facts = self.information(z, reading)
        value = non_saturating.discriminator(real=real_logits, fake=fake_logits)
        return value - information, facts | {"real": real_logits.mean(), "fake": fake_logits.mean()}

    def generator_loss(self, z: Tensor) -> tuple[Tensor, Facts]:
        logits, reading = self.discriminator(self.generator(z))
        information, facts = self.information(z, reading)
        return non_saturating.generator(real=logits, fake=logits) - information, facts

    def information(self, z: Tensor, reading: Tensor) -> tuple[Tensor, Facts]:
        """lambda L_I (eq. 5), and its parts in nats."""
        categories, values = self.prior.parts(z)
        logits, mean, log_sd = self.prior.read(reading)
        facts = {"continuous": uniform_information(mean=mean, log_sd=log_sd, code=values)}
        told = [category_information(logits=said, category=c) for said, c in zip(logits, categories, strict=True)]
        facts["categories"] = sum(told, start=reading.new_zeros(()))
        return self.information_weight * (facts["categories"] + self.continuous_weight * facts["continuous"]), facts
