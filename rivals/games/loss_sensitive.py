"""Loss-sensitive GAN: a loss must tell a real from a generated sample by a margin that depends on both."""

from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.margins import LpMargin, Margin, loss_sensitive
from rivals.losses.penalties import zero_centred
from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class LossSensitiveGAN:
    """Loss-sensitive GAN on Lipschitz densities (Qi 2017, 1701.06264, Algorithm 1). Not the least-squares GAN.

    The loss function is L = -logit, so its player is the discriminator. The paper keeps L Lipschitz by weight decay or
    by the norm of its gradient (sec. 5): the weight decay is the optimiser's, the gradient's is `penalty_weight`.
    """

    generator: Player
    discriminator: Player
    prior: Prior  # n -> (n, latent)
    margin: Margin = LpMargin()  # Delta
    margin_weight: float = 50.0  # lambda
    real_weight: float = 1.0  # of E L(x), which has no lower bound; the authors' code leaves it out
    penalty_weight: float = 10.0
    discriminator_steps: int = 1

    def play_round(self, feed: Feed) -> Facts:
        facts: Facts = {}
        for _ in range(self.discriminator_steps):
            real = next(feed)
            facts = self.discriminator.descend(self.discriminator_loss, real, self.prior(len(real)))
        return facts | self.generator.descend(self.generator_loss, self.prior(feed.batch))

    def discriminator_loss(self, real: Tensor, z: Tensor) -> tuple[Tensor, Facts]:
        D, fake = self.discriminator, self.generator(z)
        real_logits, fake_logits, margin = D(real), D(fake), self.margin(real, fake)
        weights = {"weight": self.margin_weight, "real_weight": self.real_weight}
        value = loss_sensitive(real=real_logits, fake=fake_logits, margin=margin, **weights)
        facts = {"real": real_logits.mean(), "fake": fake_logits.mean(), "margin": margin.mean()}
        if self.penalty_weight:
            penalty = zero_centred(D, real)
            return value + self.penalty_weight * penalty, facts | {"penalty": penalty}
        return value, facts

    def generator_loss(self, z: Tensor) -> tuple[Tensor, Facts]:
        return -self.discriminator(self.generator(z)).mean(), {}
