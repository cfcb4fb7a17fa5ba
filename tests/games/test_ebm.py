import pytest
import torch
from torch import Tensor

from rivals.games import Climb, EnergyModel
from rivals.parts.chains import Chains
from tests.games.tiny import RATE, REAL, SLOPE, Slope, descending, energy_distance, one_sample


def at_one(n: int) -> Tensor:
    return torch.ones(n, 1)


def test_round_by_hand() -> None:
    """Three steps up a line of slope w from 1 reach 1 + 3 * 0.5 w; then w is lowered there and raised at the data."""
    climb = Climb(steps=3, rate=0.5, noise=0.0)
    game = EnergyModel(descending(Slope(), "discriminator"), Chains(at_one, 16), climb, logit_weight=0.1)
    facts = game.play_round(one_sample())
    negative = 1 + 3 * 0.5 * SLOPE
    w = SLOPE - RATE * (negative - REAL + 0.1 * 2 * SLOPE * (REAL**2 + negative**2))
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert facts["discriminator/fake"] == pytest.approx(SLOPE * negative)
    assert sorted(game.chains.samples.unique().tolist()) == pytest.approx([1, negative])


def test_climbing_stays_within_bounds_and_below_the_longest_step() -> None:
    def steep(x: Tensor) -> Tensor:
        return 100 * x.sum(1)

    assert Climb(steps=1, rate=1.0, noise=0.0, longest=0.5)(steep, torch.zeros(2, 1)).tolist() == [[0.5], [0.5]]
    assert Climb(steps=1, rate=1.0, noise=0.0, high=1.0)(steep, torch.zeros(2, 1)).tolist() == [[1.0], [1.0]]


def test_climbing_finds_the_highest_point() -> None:
    found = Climb(steps=200, rate=0.1, noise=0.0)(lambda x: -(x - 3).square().sum(1), torch.randn(5, 2))
    torch.testing.assert_close(found, torch.full((5, 2), 3.0))


def test_langevin_dynamics_sample_the_density() -> None:
    """exp(-x^2/2 / T) with noise^2 = 2 rate T: a normal of variance T (Euler's step adds rate/2 of it)."""
    torch.manual_seed(0)
    rate, temperature = 0.05, 0.5
    noise = (2 * rate * temperature) ** 0.5
    x = Climb(steps=300, rate=rate, noise=noise)(lambda x: -x.square().sum(1) / 2, torch.zeros(20_000, 1))
    assert x.mean() == pytest.approx(0, abs=0.02)
    assert x.var() == pytest.approx(temperature / (1 - rate / 2), rel=0.03)


def test_no_gradient_leaves_the_climb() -> None:
    network = Slope()
    x = Climb()(network, torch.zeros(2, 1))
    assert not x.requires_grad and network.slope.grad is None


def test_samples_continue_the_chains() -> None:
    """From chains in a far corner, a little climbing brings samples to the model's peak."""
    torch.manual_seed(0)
    game = EnergyModel(descending(Slope(), "discriminator"), Chains(lambda n: torch.full((n, 1), 5.0), 16))
    game.climb = Climb(steps=50, rate=0.1, noise=0.1)
    game.discriminator.network = torch.nn.Module()  # replaced by a bowl around 0
    game.discriminator.network.forward = lambda x: -x.square().sum(1)
    samples = game.sample(500, climbs=2)
    assert energy_distance(samples, 0.075 * torch.randn(500, 1)) < 0.05
