"""One Gaussian for two: what each divergence makes of a model that cannot be right."""

import math

import pytest
import torch
from torch.distributions import Normal
from torch.optim import Adam

from rivals.games.nearest import Nearest
from rivals.loop import fit
from rivals.losses.cells import grid
from rivals.losses.divergences import (
    Divergence,
    exact,
    jensen_shannon,
    kullback_leibler,
    pearson,
    reverse_kullback_leibler,
    squared_hellinger,
    total_variation,
)
from rivals.networks.gaussian import Gaussian
from rivals.play import Player

X = grid(-10, 10, 1000)
TWO = torch.stack([Normal(mean, 0.5).log_prob(X) for mean in (-2.0, 2.0)]).logsumexp(0).softmax(0)


def nearest(divergence: Divergence) -> Gaussian:
    model = Gaussian(mean=1.0)
    player = Player(model, Adam(model.parameters(), 0.05), schedule=lambda step: 0.99**step)
    for _ in fit(Nearest(player, divergence, X, TWO), None, rounds=range(400)):
        pass
    return model


def test_forward_kl_covers_both_modes() -> None:
    """It is least where the moments agree: mean 0, variance 0.5^2 + 2^2."""
    model = nearest(kullback_leibler)
    assert model.mean.item() == pytest.approx(0, abs=1e-3)
    assert model.sd.item() == pytest.approx(math.sqrt(4.25), rel=1e-3)


def test_reverse_kl_seeks_one_mode() -> None:
    """On one of two modes it is log 2, and that is less than what covering both costs."""
    model = nearest(reverse_kullback_leibler)
    assert (model.mean.item(), model.sd.item()) == pytest.approx((2, 0.5), rel=1e-2)
    assert exact(reverse_kullback_leibler, TWO, model(X).softmax(0)) == pytest.approx(math.log(2), rel=1e-3)
    covering = Normal(0.0, math.sqrt(4.25)).log_prob(X).softmax(0)
    assert exact(reverse_kullback_leibler, TWO, covering) > 2 * math.log(2)


def test_maximum_likelihood_is_minimum_kl() -> None:
    """E_p -log q = H(p) + KL(p|q), so both are least at one model: for a Gaussian, that of the samples' moments."""
    entropy = -(TWO * TWO.log()).sum()
    for model in (Gaussian(0.5, 1.5), Gaussian(-1.0, 3.0)):
        log_q = model(X).log_softmax(0).detach()
        assert -(TWO * log_q).sum() - entropy == pytest.approx(exact(kullback_leibler, TWO, log_q.exp()).item())
    index = torch.multinomial(TWO, 20_000, replacement=True, generator=torch.Generator().manual_seed(0))
    likeliest, best = X[index], nearest(kullback_leibler)
    assert likeliest.mean() == pytest.approx(best.mean.item(), abs=4 * math.sqrt(4.25 / 20_000))
    assert likeliest.std() == pytest.approx(best.sd.item(), rel=0.02)


@pytest.mark.parametrize("divergence", [kullback_leibler, squared_hellinger, jensen_shannon, pearson, total_variation])
def test_data_that_is_nowhere_in_some_cells_still_has_a_slope(divergence: Divergence) -> None:
    p, logits = torch.tensor([0.0, 0.5, 0.5, 0.0]), torch.zeros(4, requires_grad=True)
    exact(divergence, p, logits.softmax(0)).backward()
    assert logits.grad is not None and logits.grad[[0, 3]].gt(0).all() and logits.grad[[1, 2]].lt(0).all()
