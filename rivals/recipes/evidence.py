"""From options to a variational auto-encoder, its samples and its evidence."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from rivals.feed import Field
from rivals.losses.evidence import Likelihood, bernoulli, gaussian, log_weights
from rivals.networks.coder import Decoder, GaussianCoder, GaussianEncoder, drawn
from rivals.networks.evaluation import evaluating
from rivals.parts import priors
from rivals.parts.priors import Prior
from rivals.play import Game, Player
from rivals.recipes.coders import decoder_of, encoder_of, means
from rivals.recipes.codes import Density
from rivals.recipes.networks import field_of
from rivals.recipes.players import player
from rivals.recipes.recipe import Machine, Setup

ROOM = 1 << 22  # numbers decoded at once, 16 MB
STEP = 2 / 255
"""Between neighbouring levels of a pixel."""


def binarised(x: Tensor) -> Tensor:
    """Pictures in [-1, 1] drawn as black and white, with their brightness as the probability of white."""
    return torch.where(torch.rand_like(x) < 0.5 * (x + 1), 1.0, -1.0)


@dataclass
class Coded:
    """A variational auto-encoder of some options: a player, a likelihood, and what both can do."""

    model: Player
    likelihood: Likelihood
    noise: Prior
    shown: Callable[[Tensor], Tensor]
    """What the model sees of a sample."""
    field: str
    drawn: bool
    """Whether samples are drawn from p(x|z); pictures are its mean."""
    particles: int
    """Codes a sample for its log-likelihood, unless others are asked for."""
    levels: bool
    """Whether the data has levels and the model a density: a level then is as wide as a step."""
    scored: bool
    """Whether p(x|z) is a distribution of what the model is shown."""

    def setup(self, game: Game) -> Setup:
        averaged: Any = self.model.sampler
        return Setup(
            game,
            (self.field,),
            lambda n: self.sampled(averaged, n),
            self.generate,
            self.generator,
            partial(means, averaged.encoder),
            self.noise,
            draw=lambda n: self.sampled(self.model.network, n),
            log_likelihood=self.log_likelihood if self.scored else None,
            particles=self.particles if self.scored else 0,
        )

    def sampled(self, network: Any, n: int) -> Tensor:
        with torch.no_grad(), evaluating(network):
            decoded = network.decoder(self.noise(n))
            x = self.likelihood.mean(decoded)
            return x + (0.5 * decoded[1]).exp() * torch.randn_like(x) if self.drawn else x

    def generator(self, codes: Tensor) -> Tensor:
        """The mean of p(x|z) under the averaged weights, with gradients in the codes."""
        network: Any = self.model.sampler
        with evaluating(network):
            return self.likelihood.mean(network.decoder(codes))

    def generate(self, codes: Tensor) -> Tensor:
        with torch.no_grad():
            return torch.cat([self.generator(part) for part in codes.split(256)])

    @torch.no_grad()
    def log_likelihood(self, x: Tensor, particles: int = 0) -> Tensor:
        """The importance bound of log p(x) in nats, (n,), from so many codes a sample, averaged weights.

        Of binarised pictures where the model is of those; otherwise of pictures of 256 levels, through noise that
        fills the levels (1511.01844, sec. 3.1).
        """
        particles = particles or self.particles
        x = self.shown(x)
        if self.levels:
            x = x + STEP * (torch.rand_like(x) - 0.5)
        network: Any = self.model.sampler
        with evaluating(network):
            decodes = max(1, ROOM // x[0].numel())
            parts = [self.bound(network, part, particles, decodes) for part in x.split(max(1, decodes // particles))]
        width = x[0].numel() * math.log(STEP) if self.levels else 0.0
        return torch.cat(parts) + width

    def bound(self, network: Any, x: Tensor, particles: int, decodes: int) -> Tensor:
        """The same of few samples, so many decoded codes at a time."""
        mean, log_variance = network.encoder.moments(x)
        total = x.new_full((len(x),), -math.inf)
        for k in _shares(particles, max(1, decodes // len(x))):
            noise = torch.randn(len(x), k, mean.shape[1], device=x.device)
            code = drawn(mean, log_variance, noise)
            weights = log_weights(self.likelihood.log(x[:, None], network.decoder(code)), code, noise, log_variance)
            total = torch.logaddexp(total, weights.logsumexp(1))
        return total - math.log(particles)


def coded(o: Any, spec: Mapping[str, Field], machine: Machine) -> Coded:
    """The model of options with `training`, `networks`, `optimisers` and `density`.

    Raises ValueError for a likelihood that the data can't have.
    """
    name = field_of(spec)
    shape, pictures = spec[name].shape, len(spec[name].shape) == 3
    choice: Density = o.density
    yes_no = choice.likelihood == "bernoulli"
    if yes_no and not pictures:
        raise ValueError("--likelihood bernoulli is for pixels, and this data is points; use --likelihood gaussian")
    body = decoder_of(o.networks, shape, bounded=not yes_no)
    decoder = Decoder(body) if yes_no else Decoder(body, 2 * math.log(choice.scale), choice.learn_scale)
    encoder = GaussianEncoder(encoder_of(o.networks, shape, 2 * o.networks.latent))
    return Coded(
        player(GaussianCoder(encoder, decoder), o, machine, lr=o.optimisers.lr, average=True),
        bernoulli if yes_no else gaussian,
        priors.gaussian(o.networks.latent, machine.device),
        binarised if yes_no and choice.binarise == "dynamic" else _as_it_is,
        name,
        drawn=not pictures,
        particles=choice.scored_particles,
        levels=pictures and not yes_no,
        scored=not yes_no or choice.binarise == "dynamic",
    )


def _as_it_is(x: Tensor) -> Tensor:
    return x


def _shares(total: int, most: int) -> list[int]:
    return [min(most, total - start) for start in range(0, total, most)]
