import pytest
import torch

from rivals.games import Autoencoder
from rivals.networks.coder import PlainCoder
from rivals.parts.moments import CodeMoments
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Scale, Shift, descending, one_sample


def test_round_by_hand() -> None:
    """x -> slope * x -> slope * x + shift."""
    encoder, decoder = Scale(), Shift()
    game = Autoencoder(descending(PlainCoder(encoder, decoder), "model"), CodeMoments(1))
    facts = game.play_round(one_sample())
    short = REAL - SLOPE * REAL - SHIFT
    assert facts == {"model/loss": pytest.approx(short**2)}
    assert encoder.slope.item() == pytest.approx(SLOPE + RATE * 2 * short * REAL)
    assert decoder.shift.item() == pytest.approx(SHIFT + RATE * 2 * short)
    assert game.codes.mean.item() == pytest.approx(SLOPE * REAL)


def test_a_code_is_what_the_moments_have_seen() -> None:
    moments, draw = CodeMoments(2, memory=20), torch.Generator().manual_seed(0)
    assert moments(5).shape == (5, 2) and torch.equal(moments.covariance, torch.eye(2))
    mix = torch.tensor([[2.0, 0.0], [1.0, 0.5]])
    for _ in range(200):
        moments.update(torch.randn(500, 2, generator=draw) @ mix.T + torch.tensor([3.0, -1.0]))
    torch.testing.assert_close(moments.mean, torch.tensor([3.0, -1.0]), atol=0.1, rtol=0)
    torch.testing.assert_close(moments.covariance, mix @ mix.T, atol=0.3, rtol=0)
    torch.manual_seed(0)
    drawn = moments(50_000)
    torch.testing.assert_close(drawn.mean(0), moments.mean, atol=0.05, rtol=0)
    torch.testing.assert_close(drawn.T.cov(), moments.covariance, atol=0.1, rtol=0)


def test_codes_that_are_all_alike_are_drawn_alike() -> None:
    moments = CodeMoments(3)
    moments.update(torch.full((4, 3), 2.0))
    torch.testing.assert_close(moments(6), torch.full((6, 3), 2.0))


def test_the_moments_are_plain_means_at_first_and_then_forget() -> None:
    moments = CodeMoments(1, memory=3)
    for value in (1.0, 2.0, 6.0):
        moments.update(torch.full((4, 1), value))
    assert moments.mean.item() == pytest.approx(3.0)
    moments.update(torch.full((4, 1), 12.0))  # a third of what it has seen is forgotten, not a fourth
    assert moments.mean.item() == pytest.approx(3.0 * 2 / 3 + 12.0 / 3)
