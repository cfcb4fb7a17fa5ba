"""A variational auto-encoder: codes that are normal, and a bound on the evidence of the data."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.losses.evidence import Likelihood, evidence_bound, gaussian_kl
from rivals.parts.priors import Prior
from rivals.parts.schedules import Schedule, constant
from rivals.play import Facts, Player


@dataclass
class VAE:
    """Auto-encoding variational Bayes (Kingma & Welling 2013, 1312.6114, Algorithm 1, with the KL in closed form).

    `shown` is what the model sees of a sample, drawn anew for every batch, such as its binarisation. With `warmup` the
    divergence comes in by degrees: at its full weight from the start it silences dimensions of the code before the
    decoder has found a use for them (Sønderby et al. 2016, 1602.02282).
    """

    model: Player  # x, noise (n, L, latent) -> mean, log variance, codes, what is decoded
    likelihood: Likelihood  # p(x|z)
    noise: Prior  # epsilon: n -> (n, latent)
    particles: int = 1  # L
    shown: Callable[[Tensor], Tensor] = lambda x: x
    warmup: Schedule = constant  # a factor on the divergence, by the model's steps

    def play_round(self, feed: Feed) -> Facts:
        x = self.shown(next(feed))  # M samples
        noise = self.noise(len(x) * self.particles).unflatten(0, (len(x), self.particles))
        factor = torch.tensor(self.warmup(self.model.steps))
        return self.model.descend(self.model_loss, x, noise, factor)

    def model_loss(self, x: Tensor, noise: Tensor, factor: Tensor | float = 1.0) -> tuple[Tensor, Facts]:
        mean, log_variance, _, decoded = self.model(x, noise)
        log_likelihood = self.likelihood.log(x[:, None], decoded)
        value = -evidence_bound(log_likelihood, mean, log_variance, factor).mean()
        return value, {"divergence": gaussian_kl(mean, log_variance).mean(), "log_likelihood": log_likelihood.mean()}
