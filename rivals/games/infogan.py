"""InfoGAN: codes that the generator may not ignore, because somebody reads them off its samples."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.adversarial import non_saturating
from rivals.losses.information import category_information, paired_information, uniform_information
from rivals.parts.codes import Codes
from rivals.play import Facts, Player, gather


@dataclass
class InfoGAN:
    """Information-maximising GAN (Chen et al. 2016, 1606.03657, eq. 6): min over G and Q, max over D of V - lambda L_I.

    D and Q share a body, and so are one player: `discriminator` gives logits (n,) and Q's reading of the codes.
    With `changed`, Q finds its categories in real pictures too: as those that stay when a picture is changed (Ji et
    al. 2019, 1807.06653; the idea for InfoGAN is that of 1910.01112).
    """

    generator: Player
    discriminator: Player  # D and Q: x -> (n,), (n, reading)
    prior: Codes  # n -> (n, latent)
    information_weight: float = 1.0  # lambda
    continuous_weight: float = 1.0  # of the continuous codes' share, in units of lambda
    changed: Callable[[Tensor], Tensor] | None = None  # a picture to one that shows the same
    paired_weight: float = 1.0  # of what the categories of such two tell of each other

    def play_round(self, feed: Feed) -> Facts:
        real = next(feed)
        facts = self.discriminator.descend(self.discriminator_loss, real, self.prior(len(real)))
        return facts | self.generator.descend(self.generator_loss, self.prior(len(real)))

    def discriminator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        real_logits, real_reading = self.discriminator(real)
        fake_logits, reading = self.discriminator(self.generator(z))
        information, facts = self.information(z, reading)
        if self.changed:
            facts["paired"] = self.paired(real_reading, self.discriminator(self.changed(real))[1])
            information = information + self.paired_weight * facts["paired"]
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

    def paired(self, reading: Tensor, other: Tensor) -> Tensor:
        """What Q's categories of pictures tell of those of their changed copies, in nats."""
        both = zip(self.prior.read(reading)[0], self.prior.read(other)[0], strict=True)
        told = [paired_information(logits=gather(one), others=gather(two)) for one, two in both]
        return sum(told, start=reading.new_zeros(()))
