import pytest

from rivals.games import WGANGP
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, one_sample, pair_by_hand


def test_round_by_hand() -> None:
    """The penalty of a line of slope w is lambda (|w| - 1)^2, wherever it is looked at."""
    game, feed = WGANGP(**pair_by_hand("critic"), critic_steps=2, penalty_weight=3.0), one_sample()
    facts = game.play_round(feed)
    w = SLOPE
    for _ in range(2):
        last, w = w, w + RATE * (REAL - SHIFT) - RATE * 3 * 2 * (w - 1)
    assert game.critic.network.slope.item() == pytest.approx(w, rel=1e-5)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * w, rel=1e-5)
    assert facts["critic/distance"] == pytest.approx(last * (REAL - SHIFT), rel=1e-5)
    assert facts["critic/penalty"] == pytest.approx((last - 1) ** 2, abs=1e-6)
