"""VAE: one round by hand, and that a linear one is probabilistic principal component analysis."""

import math

import pytest
import torch
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games import VAE
from rivals.loop import fit
from rivals.losses.evidence import gaussian
from rivals.networks.coder import Decoder, GaussianCoder, GaussianEncoder
from rivals.parts.priors import gaussian as normal
from rivals.parts.schedules import rising
from rivals.play import Player
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, Points, descending, nothing, one_sample
from tests.games.tiny_codes import coder_by_hand


def test_round_by_hand() -> None:
    """With noise of 0 and variances of 1: KL = m^2 / 2 and -log p(x|z) = ((x - m - shift)^2 + log 2 pi) / 2."""
    game = VAE(descending(coder_by_hand(), "model"), gaussian, nothing, particles=3)
    facts = game.play_round(one_sample())
    m, coder = SLOPE * REAL, game.model.network
    short = REAL - m - SHIFT
    assert facts["model/divergence"] == pytest.approx(m**2 / 2)
    assert facts["model/log_likelihood"] == pytest.approx(-(short**2 + math.log(2 * math.pi)) / 2)
    assert facts["model/loss"] == pytest.approx(m**2 / 2 + (short**2 + math.log(2 * math.pi)) / 2)
    assert coder.encoder.slope.item() == pytest.approx(SLOPE - RATE * (m - short) * REAL)
    assert coder.decoder.body.shift.item() == pytest.approx(SHIFT + RATE * short)


def test_the_divergence_comes_in_by_degrees() -> None:
    game = VAE(descending(coder_by_hand(), "model"), gaussian, nothing, warmup=rising(4))
    m = SLOPE * REAL
    short = REAL - m - SHIFT
    facts = game.play_round(one_sample())
    assert facts["model/loss"] == pytest.approx((short**2 + math.log(2 * math.pi)) / 2)
    assert game.model.network.encoder.slope.item() == pytest.approx(SLOPE + RATE * short * REAL)
    facts = game.play_round(one_sample())
    assert facts["model/loss"] == pytest.approx(facts["model/divergence"] / 4 - facts["model/log_likelihood"])


def test_what_is_shown_is_what_is_coded() -> None:
    game = VAE(descending(coder_by_hand(), "model"), gaussian, nothing, shown=lambda x: x - 2)
    game.play_round(one_sample())
    assert game.model.network.encoder.slope.item() == pytest.approx(SLOPE)  # of x = 0
    assert game.model.network.decoder.body.shift.item() == pytest.approx(SHIFT - RATE * SHIFT)


def plane(n: int = 2000) -> Tensor:
    """Points (n, 5): a plane with noise of sd 0.5."""
    draw = torch.Generator().manual_seed(0)
    across = torch.tensor([[2.0, 1.0, 0.0, -1.0, 0.5], [0.0, 1.0, 1.5, 0.5, -1.0]])
    return torch.randn(n, 2, generator=draw) @ across + 0.5 * torch.randn(n, 5, generator=draw) + 1.0


def greatest_log_likelihood(x: Tensor, latent: int) -> float:
    """Of probabilistic PCA, in nats a sample (Tipping & Bishop 1999, eq. 2 to 8): what is left out is one variance."""
    eigenvalues = torch.linalg.eigvalsh(x.T.cov(correction=0).double()).flip(0)
    left = eigenvalues[latent:].mean()
    d = x.shape[1]
    return -0.5 * (d * math.log(2 * math.pi) + eigenvalues[:latent].log().sum() + (d - latent) * left.log() + d).item()


def test_a_linear_one_is_principal_component_analysis() -> None:
    """Its posterior is normal, so that the bound is tight and reaches the greatest likelihood of the linear model."""
    torch.manual_seed(0)
    coder = GaussianCoder(GaussianEncoder(nn.Linear(5, 4)), Decoder(nn.Linear(2, 5), 0.0, learned=True))
    steps = 700
    player = Player(coder, torch.optim.Adam(coder.parameters(), 0.03), schedule=lambda step: 1 - step / steps)
    game, x = VAE(player, gaussian, normal(2), particles=4), plane()
    for _ in fit(game, Feed(Points(x), 256), rounds=range(steps)):
        pass
    torch.manual_seed(1)
    loss, _ = game.model_loss(x, torch.randn(len(x), 64, 2))
    exact = greatest_log_likelihood(x, 2)
    assert -loss.item() == pytest.approx(exact, abs=0.03)
    W, variance = coder.decoder.body.weight, coder.decoder.log_variance.exp()
    eigenvalues = torch.linalg.eigvalsh(x.T.cov()).flip(0)
    assert variance.item() == pytest.approx(eigenvalues[2:].mean().item(), rel=0.05)
    torch.testing.assert_close(torch.linalg.eigvalsh(W @ W.T).flip(0)[:2] + variance, eigenvalues[:2], rtol=0.1, atol=0)
