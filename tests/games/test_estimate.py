"""Divergences estimated by trained discriminators, against their values on a grid."""

import itertools

import pytest
import torch
from torch.distributions import Normal
from torch.optim import AdamW

from rivals.games.estimate import Estimate
from rivals.loop import fit, set_random_state
from rivals.losses.cells import grid
from rivals.losses.divergences import exact
from rivals.networks.mlp import MLPDiscriminator
from rivals.play import Player
from tests.losses.test_adversarial import DIVERGENCES

P, Q = Normal(0.5, 1.0), Normal(0.0, 1.5)


def estimates(name: str, n: int, seed: int) -> tuple[float, float]:
    """On the n samples of each that the discriminator has learned from, and on as many that it has not."""
    set_random_state(seed)
    seen, fresh = ((P.sample((n, 1)), Q.sample((n, 1))) for _ in range(2))
    network = MLPDiscriminator((1,), 32, 1, "elu")
    optimizer = AdamW(network.parameters(), 0.05, weight_decay=0.2)
    game = Estimate(Player(network, optimizer, schedule=lambda step: 0.97**step), DIVERGENCES[name])
    for _ in fit(game, itertools.repeat(seen), rounds=range(100), seed=seed):
        pass
    return game.bound(*seen).item(), game.bound(*fresh).item()


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_bound_reaches_the_divergence_as_samples_grow(name: str) -> None:
    x = grid(-12, 12, 2000)
    value = exact(DIVERGENCES[name], P.log_prob(x).softmax(0), Q.log_prob(x).softmax(0)).item()
    many = torch.tensor([estimates(name, 4000, seed) for seed in range(2)])[:, 1]
    few = torch.tensor([estimates(name, 100, seed) for seed in range(4)])
    assert many.mean().item() == pytest.approx(value, rel=0.15)
    assert few[:, 1].std() > 2 * many.std()
    assert few[:, 0].mean() > few[:, 1].mean()  # what it has seen looks further apart than it is
