import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Normal

from rivals.losses.divergences import (
    Divergence,
    exact,
    jensen_shannon,
    kullback_leibler,
    pearson,
    reverse_kullback_leibler,
    squared_hellinger,
    total_variation,
    variational_bound,
)
from tests.losses.test_adversarial import DIVERGENCES

P = torch.tensor([0.5, 0.3, 0.15, 0.05], dtype=torch.float64)
Q = torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=torch.float64)
LOGITS = torch.linspace(-1.9, 3, 25, dtype=torch.float64)  # within the part where Pearson's conjugate holds


@pytest.mark.parametrize("name", DIVERGENCES)
def test_conjugate_is_the_largest_gap(name: str) -> None:
    """f*(t) = sup over u of t u - f(u), searched on a grid."""
    divergence = DIVERGENCES[name]
    t = divergence.activation(LOGITS)
    u = torch.logspace(-9, 3.3, 400_000, dtype=torch.float64)
    largest = torch.stack([(slope * u - divergence.f(u)).max() for slope in t])
    torch.testing.assert_close(divergence.conjugate(t), largest, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_conjugate_of_activation(name: str) -> None:
    divergence = DIVERGENCES[name]
    torch.testing.assert_close(divergence.on_fake(LOGITS), divergence.conjugate(divergence.activation(LOGITS)))


@pytest.mark.parametrize("name", DIVERGENCES)
def test_zero_for_equals(name: str) -> None:
    assert exact(DIVERGENCES[name], P, P) == pytest.approx(0, abs=1e-12)
    assert exact(DIVERGENCES[name], P, Q) > 0.05


def test_closed_forms_of_discrete_distributions() -> None:
    middle = (P + Q) / 2
    expected = {
        kullback_leibler: (P * (P / Q).log()).sum(),
        reverse_kullback_leibler: (Q * (Q / P).log()).sum(),
        pearson: ((P - Q).square() / Q).sum(),
        squared_hellinger: (P.sqrt() - Q.sqrt()).square().sum(),
        jensen_shannon: (P * (P / middle).log() + Q * (Q / middle).log()).sum(),  # twice the usual
        total_variation: (P - Q).abs().sum() / 2,
    }
    for divergence, value in expected.items():
        assert exact(divergence, P, Q) == pytest.approx(value.item())


def best_logits(divergence: Divergence, ratio: Tensor) -> Tensor:
    """V with g(V) = f'(p/q), by bisection of the increasing g."""
    u = ratio.clone().requires_grad_()
    (slope,) = torch.autograd.grad(divergence.f(u).sum(), u)
    low, high = torch.full_like(ratio, -40), torch.full_like(ratio, 40)
    for _ in range(100):
        middle = (low + high) / 2
        below = divergence.activation(middle) < slope
        low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return (low + high) / 2


@pytest.mark.parametrize("name", DIVERGENCES)
def test_bound_is_tight_at_the_best_discriminator_and_below_elsewhere(name: str) -> None:
    divergence = DIVERGENCES[name]
    best = best_logits(divergence, P / Q)

    def bound(logits: Tensor) -> Tensor:
        return (P * divergence.activation(logits)).sum() - (Q * divergence.on_fake(logits)).sum()

    value = exact(divergence, P, Q)
    assert bound(best) == pytest.approx(value.item(), rel=1e-6)
    for seed in range(5):
        shift = 0.3 * torch.randn(4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        assert bound(best + shift) < value + 1e-6


def test_gaussians_on_a_grid() -> None:
    """Kullback-Leibler between normals, both ways, and squared Hellinger: closed forms."""
    x = torch.linspace(-12, 12, 20_001, dtype=torch.float64)
    p, q = (Normal(mean, std).log_prob(x).exp() * (x[1] - x[0]) for mean, std in ((0.5, 1.0), (0.0, 1.5)))
    forward = math.log(1.5) + (1 + 0.25) / (2 * 2.25) - 0.5
    backward = -math.log(1.5) + (2.25 + 0.25) / 2 - 0.5
    overlap = math.sqrt(2 * 1.5 / (1 + 2.25)) * math.exp(-0.25 / (4 * (1 + 2.25)))
    assert exact(kullback_leibler, p, q) == pytest.approx(forward, rel=1e-6)
    assert exact(reverse_kullback_leibler, p, q) == pytest.approx(backward, rel=1e-6)
    assert exact(squared_hellinger, p, q) == pytest.approx(2 - 2 * overlap, rel=1e-6)


def test_jensen_shannon_is_log_4_for_disjoint_supports() -> None:
    p, q = torch.tensor([1.0, 1e-30]), torch.tensor([1e-30, 1.0])
    assert variational_bound(jensen_shannon, real=torch.tensor([50.0]), fake=torch.tensor([-50.0])) == pytest.approx(
        math.log(4)
    )
    assert exact(total_variation, p, q) == pytest.approx(1)


def test_cells_that_only_one_of_the_two_reaches() -> None:
    p, q = torch.tensor([0.5, 0.5, 0.0, 0.0]), torch.tensor([0.0, 0.5, 0.5, 0.0])
    expected = {
        kullback_leibler: math.inf,
        reverse_kullback_leibler: math.inf,
        pearson: math.inf,
        squared_hellinger: 1.0,
        jensen_shannon: math.log(2),
        total_variation: 0.5,
    }
    for divergence, value in expected.items():
        assert exact(divergence, p, q) == pytest.approx(value)
    assert exact(kullback_leibler, q[1:3], torch.tensor([0.5, 0.5])) == pytest.approx(0)
    assert exact(kullback_leibler, torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5])) == pytest.approx(math.log(2))
    assert exact(reverse_kullback_leibler, torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0])) == pytest.approx(
        math.log(2)
    )
    # (1 - 0.5)^2 / 0.5 where data is, and as much where the model is alone
    assert exact(pearson, torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5])) == pytest.approx(1.0)
