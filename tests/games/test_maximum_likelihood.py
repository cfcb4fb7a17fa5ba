"""A density moves towards what it is shown, by the amount that the equation says."""

import math

import pytest

from rivals.games import MaximumLikelihood
from rivals.networks.gaussian import Gaussian
from tests.games.tiny import RATE, REAL, SHIFT, descending, one_sample


def test_a_round_by_hand() -> None:
    game = MaximumLikelihood(descending(Gaussian(SHIFT, 1.0), "model"))
    facts = game.play_round(one_sample())
    away = REAL - SHIFT
    assert facts["model/loss"].item() == pytest.approx(0.5 * (away**2 + math.log(2 * math.pi)))
    assert game.model.network.mean.item() == pytest.approx(SHIFT + RATE * away)
    assert game.model.network.log_sd.item() == pytest.approx(RATE * (away**2 - 1))


def test_what_is_scored_is_the_view_of_a_batch() -> None:
    game = MaximumLikelihood(descending(Gaussian(SHIFT, 1.0), "model"), view=lambda batch: batch - REAL)
    game.play_round(one_sample())
    assert game.model.network.mean.item() == pytest.approx(SHIFT - RATE * SHIFT)
