import pytest

from rivals.games import EBGAN
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Scale, one_sample, pair_by_hand


@pytest.mark.parametrize("margin, pushed", [(1.0, 1.0), (0.1, 0.0)])
def test_round_by_hand(margin: float, pushed: float) -> None:
    """An auto-encoder that returns w x has the energy (1 - w)^2 x^2, 0.1225 for the fake."""
    game = EBGAN(**pair_by_hand(network=Scale()), margin=margin, pulling_weight=0.0)
    facts = game.play_round(one_sample())
    w = SLOPE + RATE * 2 * (1 - SLOPE) * (REAL**2 - pushed * SHIFT**2)
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT - RATE * 2 * (1 - w) ** 2 * SHIFT)
    assert facts["discriminator/fake_energy"] == pytest.approx(0.1225)


def test_pulling_away_reaches_the_generator_as_a_fact() -> None:
    game = EBGAN(**pair_by_hand(network=Scale()), pulling_weight=0.5)
    facts = game.play_round(one_sample())
    assert facts["generator/alike"] == pytest.approx(1.0)  # all four codes are the same
    w = game.discriminator.network.slope.item()
    assert facts["generator/loss"] == pytest.approx((1 - w) ** 2 * SHIFT**2 + 0.5)
