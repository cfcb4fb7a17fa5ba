import math

import pytest
import torch

from rivals.games import GAN
from rivals.losses.adversarial import hinge, minimax, relativistic
from rivals.losses.penalties import r1
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.history import FakeHistory, PastPlayers
from rivals.parts.lecam import LeCam
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Slope, one_sample, pair_by_hand, sigmoid


def parameters(game: GAN) -> tuple[float, float]:
    return game.discriminator.network.slope.item(), game.generator.network.shift.item()


def discriminator_by_hand() -> float:
    """One step down the slope of softplus(-w x) + softplus(w s)."""
    return SLOPE - RATE * (-REAL * sigmoid(-SLOPE * REAL) + SHIFT * sigmoid(SLOPE * SHIFT))


def test_non_saturating_round_by_hand() -> None:
    game = GAN(**pair_by_hand())
    facts = game.play_round(one_sample())
    w = discriminator_by_hand()
    assert parameters(game) == pytest.approx((w, SHIFT + RATE * w * sigmoid(-w * SHIFT)))
    assert facts["discriminator/loss"] == pytest.approx(-math.log(sigmoid(0.6)) - math.log(sigmoid(-0.15)))
    assert facts["discriminator/real"] == pytest.approx(0.6) and facts["discriminator/fake"] == pytest.approx(0.15)


def test_minimax_round_by_hand() -> None:
    game = GAN(**pair_by_hand(), loss=minimax)
    game.play_round(one_sample())
    w = discriminator_by_hand()
    assert parameters(game) == pytest.approx((w, SHIFT + RATE * w * sigmoid(w * SHIFT)))


def test_relativistic_round_by_hand() -> None:
    game = GAN(**pair_by_hand(), loss=relativistic)
    game.play_round(one_sample())
    gap = SHIFT - REAL
    w = SLOPE - RATE * gap * sigmoid(SLOPE * gap)
    assert parameters(game) == pytest.approx((w, SHIFT + RATE * w * sigmoid(-w * gap)))


def test_several_discriminator_steps() -> None:
    game, feed = GAN(**pair_by_hand(), loss=hinge, discriminator_steps=3), one_sample()
    game.play_round(feed)
    assert (game.discriminator.steps, game.generator.steps, feed.given) == (3, 1, 3)
    w = SLOPE + 3 * RATE * (REAL - SHIFT)  # all three within the hinge of the fakes, two within that of the reals
    assert parameters(game)[0] == pytest.approx(w - (RATE * REAL if SLOPE + 2 * RATE * 1.5 > 0.5 else 0))


def test_penalty_adds_to_the_loss() -> None:
    """R1 of a line is weight/2 * w^2."""
    game = GAN(**pair_by_hand(), penalty=r1(2.0))
    facts = game.play_round(one_sample())
    assert parameters(game)[0] == pytest.approx(discriminator_by_hand() - RATE * 2 * SLOPE)
    assert facts["discriminator/penalty"] == pytest.approx(SLOPE**2)


def test_lazy_penalty_is_a_move_of_its_own_every_so_many_rounds() -> None:
    game, feed = GAN(**pair_by_hand(), penalty=r1(0.5), penalty_every=2), one_sample()
    game.play_round(feed)
    first = discriminator_by_hand()
    assert parameters(game)[0] == pytest.approx(first - RATE * 2 * 0.5 * first)
    assert game.discriminator.steps == 2
    assert "discriminator/penalty" not in game.play_round(feed) and game.discriminator.steps == 3
    assert "discriminator/penalty" in game.play_round(feed) and game.discriminator.steps == 5


def test_a_lazy_penalty_is_as_heavy_however_often_the_discriminator_moves() -> None:
    """It comes every so many of its moves, not of the rounds."""
    for steps, penalties in ((1, 2), (2, 4), (4, 8)):
        game, feed = GAN(**pair_by_hand(), penalty=r1(0.5), penalty_every=4, discriminator_steps=steps), one_sample()
        for _ in range(8):
            game.play_round(feed)
        assert game.discriminator.steps == 8 * steps + penalties


def test_past_discriminators_must_be_fooled_as_well() -> None:
    game, feed = GAN(**pair_by_hand()), one_sample()
    game.past = PastPlayers(game.discriminator.network, keep=2, every=1)
    game.play_round(feed)
    w1, s1 = parameters(game)
    game.play_round(feed)
    w2, s2 = parameters(game)
    by_hand = sum(w * sigmoid(-w * s1) for w in (w2, w1, w2)) / 3  # the present one and the copies of both rounds
    assert s2 == pytest.approx(s1 + RATE * by_hand, rel=1e-5)


def test_lecam_remembers_and_holds() -> None:
    game = GAN(**pair_by_hand(), lecam=LeCam(decay=0.9), lecam_weight=0.5)
    game.play_round(one_sample())
    held = 0.5 * (2 * SLOPE * REAL**2 + 2 * SLOPE * SHIFT**2)  # both averages start at 0
    assert parameters(game)[0] == pytest.approx(discriminator_by_hand() - RATE * held)
    averages = game.lecam.real.item(), game.lecam.fake.item()
    assert averages == pytest.approx((0.1 * SLOPE * REAL, 0.1 * SLOPE * SHIFT))


def test_label_noise_takes_fakes_for_real_and_keeps_the_facts() -> None:
    game = GAN(**pair_by_hand(), label_noise=1.0)
    facts = game.play_round(one_sample())
    climbed = (
        sigmoid(-SLOPE * SHIFT) * SHIFT - sigmoid(SLOPE * REAL) * REAL
    )  # D, d/dw of log D(fake) + log(1 - D(real))
    assert parameters(game)[0] == pytest.approx(SLOPE + RATE * climbed)
    assert facts["discriminator/real"] == pytest.approx(SLOPE * REAL)
    assert facts["discriminator/fake"] == pytest.approx(SLOPE * SHIFT)


def test_history_shows_past_fakes() -> None:
    torch.manual_seed(0)
    game, feed = GAN(**pair_by_hand(), history=FakeHistory(4)), one_sample()
    game.play_round(feed)
    slope, shift = parameters(game)
    facts = game.play_round(feed)
    share = (facts["discriminator/fake"].item() - slope * shift) / (slope * (SHIFT - shift))  # of past fakes among four
    assert share == pytest.approx(round(4 * share) / 4, abs=1e-4) and 0 < share <= 1


def test_strength_of_augmentation_follows_the_sign_of_real_logits() -> None:
    game = GAN(**pair_by_hand(), augment=AdaptiveAugment(samples=100))
    facts = game.play_round(one_sample())
    assert facts["discriminator/sign"] == 1 and game.augment.strength == pytest.approx(4 / 100)


def test_sign_of_a_relativistic_loss_is_that_of_the_margin() -> None:
    game = GAN(**pair_by_hand(network=Slope()), loss=relativistic)
    with torch.no_grad():
        game.generator.network.shift.fill_(3.0)  # the fake's logit is the larger, though the real one's is positive
    assert game.play_round(one_sample())["discriminator/sign"] == -1
