import pytest
import torch

from rivals.games import BEGAN
from rivals.parts.equilibrium import Equilibrium
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Scale, one_sample, pair_by_hand


def test_round_by_hand() -> None:
    """An auto-encoder that returns w x has the error (1 - w) x."""
    equilibrium = Equilibrium(balance=0.8, rate=0.25)
    equilibrium.k.copy_(torch.tensor(0.4))
    game = BEGAN(**pair_by_hand(network=Scale()), equilibrium=equilibrium)
    facts = game.play_round(one_sample())
    w = SLOPE + RATE * (REAL - 0.4 * SHIFT)
    real, fake = (1 - SLOPE) * REAL, (1 - w) * SHIFT  # before the discriminator's step, and after it
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT - RATE * (1 - w))
    assert facts["discriminator/k"] == pytest.approx(0.4 + 0.25 * (0.8 * real - fake))
    assert facts["discriminator/convergence"] == pytest.approx(real + abs(0.8 * real - fake))
