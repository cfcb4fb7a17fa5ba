import pytest

from rivals.games import LossSensitiveGAN
from rivals.losses.margins import LpMargin
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, one_sample, pair_by_hand


@pytest.mark.parametrize("real_weight", [1.0, 0.0])
@pytest.mark.parametrize("scale, pushed", [(1.0, 1.0), (0.2, 0.0)])
def test_round_by_hand(scale: float, pushed: float, real_weight: float) -> None:
    """-r w x + 3 (scale |x - s| - w x + w s)+ + 2 w^2/2: the losses' gap of 0.45 meets a margin of 0.3, not of 1.5."""
    options = {"margin": LpMargin(scale), "margin_weight": 3.0, "penalty_weight": 2.0, "real_weight": real_weight}
    game = LossSensitiveGAN(**pair_by_hand(), **options)
    facts = game.play_round(one_sample())
    w = SLOPE - RATE * (-real_weight * REAL + 3 * pushed * (SHIFT - REAL) + 2 * SLOPE)
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * w)
    assert facts["discriminator/margin"] == pytest.approx(scale * 1.5)
