import pytest
import torch
from torch import nn

from rivals.games import WGAN
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, one_sample, pair_by_hand


def test_round_by_hand() -> None:
    game, feed = WGAN(**pair_by_hand("critic"), critic_steps=2, clip=10.0), one_sample()
    facts = game.play_round(feed)
    w = SLOPE + 2 * RATE * (REAL - SHIFT)
    assert game.critic.network.slope.item() == pytest.approx(w)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * w)
    assert facts["critic/distance"] == pytest.approx((SLOPE + RATE * 1.5) * 1.5)
    assert feed.given == 2


def test_clips_after_each_critic_step() -> None:
    game = WGAN(**pair_by_hand("critic"), critic_steps=2, clip=0.4)
    facts = game.play_round(one_sample())
    assert facts["critic/distance"] == pytest.approx(0.4 * 1.5)  # clipped before the second step
    assert game.critic.network.slope.item() == pytest.approx(0.4)
    assert game.generator.network.shift.item() == pytest.approx(SHIFT + RATE * 0.4)


def test_every_weight_is_clipped() -> None:
    network = nn.Sequential(nn.Linear(1, 2), nn.Linear(2, 1), nn.Flatten(0))
    for weight in network.parameters():
        nn.init.constant_(weight, 3.0)
    game = WGAN(**pair_by_hand("critic", network), clip=0.4)
    facts = game.play_round(one_sample())
    assert all(torch.equal(weight, torch.full_like(weight, 0.4)) for weight in network.parameters())
    assert facts["critic/clipped"] == 1
