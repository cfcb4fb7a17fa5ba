import pytest
import torch
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games import BiGAN
from tests.games.tiny import RATE, REAL, SHIFT, Points, Shift, descending, one_sample, sigmoid

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


class Drawn(Scaled):
    """E(x) = scale x + noise, and the noise that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Tensor] = []

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        self.given.append(noise.detach())
        return self.scale * x + noise


def test_each_sample_has_standard_normal_noise_of_its_own_that_both_moves_see() -> None:
    """1606.00704, Algorithm 1: one draw of codes a round, its noise as sec. 2.1 has it."""
    torch.manual_seed(0)
    encoder = Drawn()
    game = BiGAN(
        descending(Shift(), "generator"),
        descending(encoder, "encoder"),
        descending(Weighed(), "discriminator"),
        lambda n: torch.full((n, 1), CODE),
    )
    facts = game.play_round(Feed(Points(torch.full((4000, 1), REAL)), 4000))
    noise, again = encoder.given
    assert torch.equal(noise, again) and len(noise.unique()) > 3990
    assert noise.mean().item() == pytest.approx(0, abs=0.05) and noise.std().item() == pytest.approx(1, abs=0.04)
    mean_code = ENCODED * REAL + noise.mean().item()  # the noise reaches the discriminator
    assert facts["discriminator/real"].item() == pytest.approx(A * REAL + B * mean_code, rel=1e-4)
