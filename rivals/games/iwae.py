"""An importance-weighted auto-encoder: several codes a sample, and a tighter bound on the evidence."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from rivals.feed import Feed
from rivals.losses.evidence import Likelihood, importance_bound, log_weights
from rivals.parts.priors import Prior
from rivals.play import Facts, Player


@dataclass
class IWAE:
    """Importance weighted auto-encoder (Burda et al. 2015, 1509.00519, eq. 8 and 13).

    `shown` is what the model sees of a sample, drawn anew for every batch, such as its binarisation. The fact
    `particles` is how many codes count, (sum w)^2 / sum w^2: 1 if a single one has all the weight.
    """

    model: Player  # x, noise (n, k, latent) -> mean, log variance, codes, what is decoded
    likelihood: Likelihood  # p(x|h)
    noise: Prior  # epsilon: n -> (n, latent)
    particles: int = 5  # k
    shown: Callable[[Tensor], Tensor] = lambda x: x

    def play_round(self, feed: Feed) -> Facts:
        x = self.shown(next(feed))
        noise = self.noise(len(x) * self.particles).unflatten(0, (len(x), self.particles))
        return self.model.descend(self.model_loss, x, noise)

    def model_loss(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Facts]:
        _, log_variance, code, decoded = self.model(x, noise)
        weights = log_weights(self.likelihood.log(x[:, None], decoded), code, noise, log_variance)
        counting = 1 / weights.softmax(1).square().sum(1)
        return -importance_bound(weights).mean(), {"particles": counting.mean()}
