"""IWAE: one round by hand, and that its bound is tighter than the one of a VAE where the posterior is no normal."""

import math

import pytest
import torch
from torch import Tensor

from rivals.games import IWAE, VAE
from rivals.losses.evidence import gaussian
from tests.games.tiny import RATE, REAL, SHIFT, SLOPE, descending, nothing, one_sample
from tests.games.tiny_codes import TINY, coder_by_hand
from tests.games.tiny_gans import fixed


def either_side(n: int) -> Tensor:
    """Noise of 1 and -1 in turns."""
    return torch.tensor([1.0, -1.0]).repeat(n // 2)[:, None]


def test_round_by_hand() -> None:
    """h = m +- 1 and log w = -1/2 ((x - h - shift)^2 + h^2 - 1 + log 2 pi); each pulls by its share of the weight."""
    game = IWAE(descending(coder_by_hand(), "model"), gaussian, either_side, particles=2)
    facts = game.play_round(one_sample())
    codes = [SLOPE * REAL + 1, SLOPE * REAL - 1]
    short = [REAL - h - SHIFT for h in codes]
    w = [math.exp(-0.5 * (r**2 + h**2 - 1 + math.log(2 * math.pi))) for r, h in zip(short, codes, strict=True)]
    share = [each / sum(w) for each in w]
    assert facts["model/loss"] == pytest.approx(-math.log(sum(w) / 2))
    assert facts["model/particles"] == pytest.approx(1 / sum(s**2 for s in share))
    up = sum(s * r for s, r in zip(share, short, strict=True))
    along = sum(s * (r - h) * REAL for s, r, h in zip(share, short, codes, strict=True))
    assert game.model.network.decoder.body.shift.item() == pytest.approx(SHIFT + RATE * up)
    assert game.model.network.encoder.slope.item() == pytest.approx(SLOPE + RATE * along)


def test_one_particle_is_a_vae_whose_divergence_is_sampled() -> None:
    one, other = (make(descending(coder_by_hand(), "model"), gaussian, nothing, 1) for make in (IWAE, VAE))
    for game in (one, other):
        game.play_round(one_sample())
    mine, theirs = (game.model.network.state_dict() for game in (one, other))
    torch.testing.assert_close(mine, theirs)  # at a noise of 0 both have the same slope


def test_its_bound_grows_with_the_particles() -> None:
    game = TINY["iwae"]().game
    x, noise = fixed(0, 500, 2), fixed(1, 500, 64, 2)
    losses = [game.model_loss(x, noise[:, :k])[0].item() for k in (1, 4, 16, 64)]
    assert losses == sorted(losses, reverse=True)
