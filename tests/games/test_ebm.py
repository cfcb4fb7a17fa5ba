import pytest
import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.games import Climb, EnergyModel
from rivals.parts.average import MovingAverage
from rivals.parts.chains import Chains
from rivals.play import Player
from tests.games.tiny import RATE, REAL, SLOPE, Points, Slope, descending, energy_distance, one_sample


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


class Watched(Slope):
    """Remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        self.shown.append(x.detach())
        return super().forward(x)


def test_positives_are_blurred_each_in_its_own_way_and_negatives_are_not() -> None:
    torch.manual_seed(0)
    network = Watched()
    game = EnergyModel(descending(network, "discriminator"), Chains(at_one, 4000), Climb(steps=0), blur=0.5)
    game.play_round(Feed(Points(torch.full((4000, 1), REAL)), 4000))
    real, negative = network.shown
    assert real.std().item() == pytest.approx(0.5, abs=0.02) and real.mean().item() == pytest.approx(REAL, abs=0.03)
    assert negative.unique().tolist() == [1]


def test_chains_that_begin_anew_climb_from_a_fresh_start() -> None:
    """Every chain restarts: after two rounds each stands one climb above the start, not two."""
    chains = Chains(at_one, 4, restart=1.0)
    game = EnergyModel(descending(Slope(), "discriminator", rate=0.0), chains, Climb(steps=2, rate=0.5, noise=0.0))
    for _ in range(2):
        game.play_round(one_sample())
    assert chains.samples.flatten().tolist() == pytest.approx([1 + 2 * 0.5 * SLOPE] * 4)


def test_samples_are_climbed_to_by_the_averaged_discriminator_as_often_as_asked() -> None:
    network = Slope()
    average = MovingAverage(network)
    average.network.slope.fill_(2.0)
    judge = Player(network, torch.optim.SGD(network.parameters(), lr=RATE), average=average)
    game = EnergyModel(judge, Chains(at_one, 4), Climb(steps=3, rate=0.5, noise=0.0))
    assert game.sample(5, climbs=2).tolist() == [[1 + 2 * 3 * 0.5 * 2.0]] * 5


def test_samples_continue_the_chains() -> None:
    """From chains in a far corner, a little climbing brings samples to the model's peak."""
    torch.manual_seed(0)
    game = EnergyModel(descending(Slope(), "discriminator"), Chains(lambda n: torch.full((n, 1), 5.0), 16))
    game.climb = Climb(steps=50, rate=0.1, noise=0.1)
    game.discriminator.network = torch.nn.Module()  # replaced by a bowl around 0
    game.discriminator.network.forward = lambda x: -x.square().sum(1)
    samples = game.sample(500, climbs=2)
    assert energy_distance(samples, 0.075 * torch.randn(500, 1)) < 0.05
