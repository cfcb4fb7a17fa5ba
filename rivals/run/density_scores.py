"""The score of a model that has a density: the mean log-likelihood of samples that it has not seen, in nats."""

import math
from typing import Any

import numpy as np
import torch

from rivals.loop import set_random_state
from rivals.metrics import Interval, bootstrap
from rivals.recipes.recipe import Setup
from rivals.run.reference import Reference, evenly

SCORED = 1000
"""Samples at most: a bound takes many codes for each."""


class DensityScores:
    """Log-likelihoods of held-out and of training samples under a setup, in the units of the data.

    Pictures are counted as what they are, levels or black and white: bits per dimension are -nats / (d log 2).
    Raises ValueError for particles where the log-likelihood is exact.
    """

    def __init__(self, real: Reference, setup: Setup, *, particles: int = 0, seed: int = 0) -> None:
        if particles and not setup.particles:
            raise ValueError(
                "--particles is for bounds, and this recipe's log-likelihood, if any, is exact; leave it out"
            )
        self.real, self.setup, self.seed = real, setup, seed
        self.particles = particles or setup.particles
        self.pictures = "image" in real.source.spec

    @property
    def protocol(self) -> dict[str, Any]:
        """How the log-likelihood is had."""
        how = f"bound from {self.particles} codes a sample" if self.particles else "exact"
        return {"log_likelihood": f"{how}, nats, {min(SCORED, len(self.real.unseen_rows))} held-out samples"}

    def intervals(self) -> dict[str, Interval]:
        """Of held-out samples."""
        return bootstrap(self.measured, self.nats(self.setup, self.real.unseen, self.real.unseen_rows), seed=self.seed)

    def training(self) -> dict[str, float]:
        """Of as many training samples: what it is above the held-out ones has been learned by heart."""
        return self.measured(self.nats(self.setup, self.real.source, self.real.rows))

    def untrained(self, setup: Setup) -> dict[str, float]:
        """Of held-out samples under another setup, with the weights that the run began with."""
        return self.measured(self.nats(setup, self.real.unseen, self.real.unseen_rows))

    def measured(self, nats: np.ndarray) -> dict[str, float]:
        found = {"log_likelihood": float(nats.mean())}
        if self.pictures:
            d = math.prod(self.real.source.spec["image"].shape)
            found["bits_per_dim"] = -found["log_likelihood"] / (d * math.log(2))
        return found

    def nats(self, setup: Setup, source: Any, rows: np.ndarray) -> np.ndarray:
        """The log-likelihood of at most a thousand samples of a source, (n,), a function of the seed."""
        assert setup.log_likelihood is not None
        set_random_state(self.seed)
        index = torch.from_numpy(evenly(rows, SCORED))
        field = next(iter(source.spec))
        x = source.batch(index, torch.zeros_like(index))[field].to(setup.sample(1).device)
        found = setup.log_likelihood(x, particles=self.particles) if self.particles else setup.log_likelihood(x)
        width = 0.0 if self.pictures else x.shape[1] * math.log(source.scale)
        return found.double().cpu().numpy() - width
