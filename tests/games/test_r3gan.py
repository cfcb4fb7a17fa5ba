import pytest

from rivals.games import R3GAN
from rivals.parts.adaptive_augment import AdaptiveAugment
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, one_sample, pair_by_hand, sigmoid


def test_round_by_hand() -> None:
    """softplus(w (s - x)) + gamma/2 (w^2 + w^2) for the discriminator, softplus(w (x - s)) for the generator."""
    game = R3GAN(**pair_by_hand(), penalty_weight=0.5)
    facts = game.play_round(one_sample())
    gap = SHIFT - REAL
    w = SLOPE - RATE * (gap * sigmoid(SLOPE * gap) + 0.5 * 2 * SLOPE)
    assert game.discriminator.network.slope.item() == pytest.approx(w)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * w * sigmoid(-w * gap))
    assert facts["discriminator/r1"] == pytest.approx(SLOPE**2 / 2)
    assert facts["discriminator/r2"] == pytest.approx(SLOPE**2 / 2)


def test_strength_of_augmentation_follows_the_sign_of_the_margin() -> None:
    game = R3GAN(**pair_by_hand(), augment=AdaptiveAugment(samples=100))
    game.play_round(one_sample())
    assert game.augment.strength == pytest.approx(4 / 100)
