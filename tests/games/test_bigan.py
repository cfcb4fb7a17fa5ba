import pytest
import torch
from torch import Tensor, nn

from rivals.games import BiGAN
from tests.games.tiny import RATE, REAL, SHIFT, Shift, descending, one_sample, sigmoid

ENCODED, CODE, A, B = 0.4, -0.5, 0.3, 0.6
"""E's parameter, the only code, and how D weighs sample and code."""


class Scaled(nn.Module):
    """E(x) = scale x."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(ENCODED))

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        return self.scale * x


class Weighed(nn.Module):
    """D(x, z) = a x + b z."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Parameter(torch.tensor(A)), nn.Parameter(torch.tensor(B))

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        return (self.a * x + self.b * z).flatten()


def test_round_by_hand() -> None:
    game = BiGAN(
        descending(Shift(), "generator"),
        descending(Scaled(), "encoder"),
        descending(Weighed(), "discriminator"),
        lambda n: torch.full((n, 1), CODE),
    )
    facts = game.play_round(one_sample())
    z, fake = ENCODED * REAL, CODE + SHIFT
    real_pull, fake_pull = sigmoid(-(A * REAL + B * z)), sigmoid(A * fake + B * CODE)
    a, b = A + RATE * (REAL * real_pull - fake * fake_pull), B + RATE * (z * real_pull - CODE * fake_pull)
    assert [game.discriminator.network.a.item(), game.discriminator.network.b.item()] == pytest.approx([a, b])
    assert facts["discriminator/real"] == pytest.approx(A * REAL + B * z)
    e = ENCODED - RATE * b * REAL * sigmoid(a * REAL + b * z)
    assert game.encoder.network.scale.item() == pytest.approx(e)
    s = SHIFT + RATE * a * sigmoid(-(a * fake + b * CODE))
    assert game.generator.network.shift.item() == pytest.approx(s)
