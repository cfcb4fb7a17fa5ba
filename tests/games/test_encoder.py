"""A round of the encoder's game worked out by hand, from 1609.03552, eq. 4."""

import pytest
import torch

from rivals.games.encoder import Inverter
from tests.games.tiny import RATE, REAL, SLOPE, Scale, descending, one_sample

SHIFT, CODE, WEIGHT = 0.5, 1.5, 0.2


def test_a_round_by_hand() -> None:
    """E(x) = s x, G(z) = z + SHIFT, a prior that always draws CODE."""
    encoder = descending(Scale(), "encoder")
    game = Inverter(encoder, lambda z: z + SHIFT, lambda n: torch.full((n, 1), CODE), WEIGHT)
    facts = game.play_round(one_sample())
    missed, astray = REAL - (SLOPE * REAL + SHIFT), CODE - SLOPE * (CODE + SHIFT)
    assert facts["encoder/picture"].item() == pytest.approx(missed**2)
    assert facts["encoder/code"].item() == pytest.approx(astray**2)
    assert facts["encoder/loss"].item() == pytest.approx(missed**2 + WEIGHT * astray**2)
    slope = -2 * missed * REAL - WEIGHT * 2 * astray * (CODE + SHIFT)
    assert encoder.network.slope.item() == pytest.approx(SLOPE - RATE * slope)
