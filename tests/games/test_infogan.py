import math

import pytest
import torch
from torch import Tensor, nn

from rivals.games import InfoGAN
from rivals.parts.codes import Codes
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Shift, descending, one_sample, sigmoid

CODE, READ = 0.5, 0.2
"""The only code, and how much of a sample Q takes for it."""


class One(Codes):
    """One continuous code, always the same."""

    def __call__(self, n: int) -> Tensor:
        return torch.full((n, 1), CODE)


class Lines(nn.Module):
    """D(x) = slope x and Q(x) = read x."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.read = nn.Parameter(torch.tensor(SLOPE)), nn.Parameter(torch.tensor(READ))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return (self.slope * x).flatten(), self.read * x


@pytest.mark.parametrize("weight", [0.0, 1.0, 3.0])
def test_round_by_hand(weight: float) -> None:
    """With a deviation of 1 the information is -(c - v x)^2 / 2 and a constant, x = c + s."""
    game = InfoGAN(descending(Shift(), "generator"), descending(Lines(), "discriminator"), One(0, (), 1), 1.0, weight)
    game.play_round(one_sample())
    fake = CODE + SHIFT
    w = SLOPE - RATE * (-REAL * sigmoid(-SLOPE * REAL) + fake * sigmoid(SLOPE * fake))
    v = READ + RATE * weight * (CODE - READ * fake) * fake
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert game.discriminator.network.read.item() == pytest.approx(v)
    s = SHIFT + RATE * (w * sigmoid(-w * fake) + weight * (CODE - v * fake) * v)
    assert game.generator.network.shift.item() == pytest.approx(s)


def test_both_players_gain_by_what_can_be_read() -> None:
    """Its facts are nats; both losses fall by them."""
    games = [
        InfoGAN(descending(Shift(), "generator"), descending(Lines(), "discriminator"), One(0, (), 1), weight)
        for weight in (0.0, 2.0)
    ]
    plain, told = (game.play_round(one_sample()) for game in games)
    nats = -0.5 * (CODE - READ * (CODE + SHIFT)) ** 2 - 0.5 * torch.log(torch.tensor(torch.pi / 2)).item()
    assert told["discriminator/continuous"] == pytest.approx(nats)
    assert told["discriminator/categories"] == 0
    assert told["discriminator/loss"] == pytest.approx(plain["discriminator/loss"].item() - 2 * nats)


class Sides(nn.Module):
    """D(x) = slope x, and Q's two categories: the sides of 0."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.sure = nn.Parameter(torch.tensor(SLOPE)), nn.Parameter(torch.tensor(20.0))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return (self.slope * x).flatten(), self.sure * torch.cat([x, -x], 1)


class First(Shift):
    """G(z) = the first number of z + shift."""

    def forward(self, z: Tensor) -> Tensor:
        return z[:, :1] + self.shift


@pytest.mark.parametrize("turned", [1.0, -1.0])
def test_pairs_are_worth_the_bit_that_both_tell(turned: float) -> None:
    """Real samples on both sides and copies that stay there, or all change sides: log 2 each, in D's loss alone."""
    game = InfoGAN(descending(First(), "generator"), descending(Sides(), "discriminator"), Codes(0, (2,), 0))
    real, z = torch.tensor([[1.0], [-1.0], [2.0], [-2.0]]), torch.eye(2).repeat(2, 1)
    plain, facts = game.discriminator_loss(real, z)
    assert "paired" not in facts
    game.changed, game.paired_weight = (lambda x: turned * x), 3.0
    told, facts = game.discriminator_loss(real, z)
    assert facts["paired"].item() == pytest.approx(math.log(2))
    assert told.item() == pytest.approx(plain.item() - 3 * math.log(2))
    game.changed = torch.zeros_like  # nobody knows what those are
    assert game.discriminator_loss(real, z)[1]["paired"].item() == pytest.approx(0, abs=1e-6)
