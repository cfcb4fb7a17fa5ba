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
