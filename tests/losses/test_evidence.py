"""The evidence and its bounds: by hand, against torch's distributions, and against what is known in closed form."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from rivals.losses.evidence import (
    bernoulli,
    bernoulli_log_probability,
    evidence_bound,
    gaussian,
    gaussian_kl,
    gaussian_log_density,
    importance_bound,
    log_weights,
)


def draws(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_divergence_by_hand_and_by_torch() -> None:
    """1/2 (exp(s) - (1 + s) + m^2): 0 for the prior, 2 at m = 2 and s = 0, (3 - log 4) / 2 at m = 0 and s = log 4."""
    mean, log_variance = torch.tensor([[0.0], [2.0], [0.0]]), torch.tensor([[0.0], [0.0], [math.log(4)]])
    found = gaussian_kl(mean, log_variance)
    torch.testing.assert_close(found, torch.tensor([0.0, 2.0, (3 - math.log(4)) / 2]))
    m, s = draws(5, 3), draws(5, 3, seed=1)
    theirs = kl_divergence(Normal(m, (0.5 * s).exp()), Normal(torch.zeros_like(m), torch.ones_like(m))).sum(1)
    torch.testing.assert_close(gaussian_kl(m, s), theirs)
    assert torch.autograd.gradcheck(gaussian_kl, (m.requires_grad_(), s.requires_grad_()))


def test_a_divergence_is_finite_far_out() -> None:
    assert gaussian_kl(torch.tensor([[50.0]]), torch.tensor([[50.0]])).isfinite().all()
    assert bernoulli_log_probability(torch.ones(1), torch.tensor([-500.0])) == -500


def test_log_likelihoods_are_those_of_torch() -> None:
    x, m, s = draws(4, 6), draws(4, 6, seed=1), torch.tensor(-1.3, dtype=torch.float64)
    torch.testing.assert_close(gaussian_log_density(x, m, s), Normal(m, (0.5 * s).exp()).log_prob(x).sum(1))
    torch.testing.assert_close(
        bernoulli_log_probability((x > 0).double(), m), Bernoulli(logits=m).log_prob((x > 0).double()).sum(1)
    )
    assert bernoulli_log_probability(torch.tensor([1.0, 0.0]), torch.zeros(2)).item() == pytest.approx(-2 * math.log(2))


def test_a_grey_pixel_is_the_mean_of_its_draws() -> None:
    logit = torch.tensor([0.7])
    white, black = (bernoulli_log_probability(torch.tensor([x]), logit) for x in (1.0, 0.0))
    assert bernoulli_log_probability(torch.tensor([0.3]), logit).item() == pytest.approx(
        (0.3 * white + 0.7 * black).item()
    )


def test_likelihoods_of_pictures_take_what_is_decoded() -> None:
    """Pictures (n, 1, C, H, W) against k decoded ones each; white is 1."""
    x, logits = (
        torch.tensor([1.0, -1.0]).view(1, 1, 1, 1, 2),
        torch.tensor([[0.0, 0.0], [2.0, -2.0]]).view(1, 2, 1, 1, 2),
    )
    found = bernoulli.log(x, logits)
    torch.testing.assert_close(found, torch.tensor([[-2 * math.log(2), -2 * math.log1p(math.exp(-2))]]))
    torch.testing.assert_close(bernoulli.mean(logits), 2 * logits.sigmoid() - 1)
    exact = -0.5 * torch.tensor([[2.0, 2.0]]) - math.log(2 * math.pi)
    torch.testing.assert_close(gaussian.log(x, (logits, torch.tensor(0.0))), exact)


def weights_of(code: Tensor, noise: Tensor, mean: Tensor, log_variance: Tensor, log_likelihood: Tensor) -> Tensor:
    """log p(x|z) + log p(z) - log q(z|x), each by torch."""
    q = Independent(Normal(mean[:, None], (0.5 * log_variance).exp()[:, None]), 1)
    p = Independent(Normal(torch.zeros_like(code), torch.ones_like(code)), 1)
    return log_likelihood + p.log_prob(code) - q.log_prob(code)


def test_weights_are_ratios_of_densities() -> None:
    noise, mean, s, log_likelihood = draws(4, 7, 3), draws(4, 3, seed=1), draws(4, 3, seed=2), draws(4, 7, seed=3)
    code = mean[:, None] + (0.5 * s).exp()[:, None] * noise
    torch.testing.assert_close(
        log_weights(log_likelihood, code, noise, s), weights_of(code, noise, mean, s, log_likelihood)
    )


def test_the_importance_bound_is_the_log_of_the_mean() -> None:
    weights = torch.tensor([[1.0, 3.0], [2.0, 2.0]]).log() + 500
    torch.testing.assert_close(importance_bound(weights), torch.tensor([2.0, 2.0]).log() + 500)


def bounds(k: int, seed: int = 5) -> Tensor:
    """The bounds of 4,000 draws with k codes each, at x = 1.5 under p(x|z) = N(z, 1) and a q that is off."""
    noise, n = draws(4000, k, 1, seed=seed), 4000
    mean, s = torch.full((n, 1), 0.2, dtype=torch.float64), torch.full((n, 1), -0.5, dtype=torch.float64)
    code = mean[:, None] + (0.5 * s).exp()[:, None] * noise
    likelihood = gaussian_log_density(
        torch.tensor([1.5], dtype=torch.float64), code, torch.zeros((), dtype=torch.float64)
    )
    return importance_bound(log_weights(likelihood, code, noise, s))


def test_one_code_gives_the_evidence_bound_and_more_come_nearer_to_the_evidence() -> None:
    """p(x) = N(0, 2); -KL + E log p(x|z) with E (x - z)^2 = (x - m)^2 + exp(s)."""
    x, m, s = 1.5, 0.2, -0.5
    evidence = -0.5 * (x * x / 2 + math.log(2) + math.log(2 * math.pi))
    divergence = gaussian_kl(torch.tensor([[m]]), torch.tensor([[s]])).item()
    elbo = -divergence - 0.5 * ((x - m) ** 2 + math.exp(s) + math.log(2 * math.pi))
    one, error = bounds(1).mean().item(), bounds(1).std().item() / 4000**0.5
    assert abs(one - elbo) < 4 * error
    means = [bounds(k).mean().item() for k in (1, 2, 8, 64)]
    assert means == sorted(means) and means[0] < evidence - 0.3
    assert evidence - 0.02 < means[-1] < evidence + 0.005


def test_the_evidence_bound_has_its_divergence_in_closed_form() -> None:
    found = evidence_bound(torch.tensor([[-3.0, -5.0]]), torch.tensor([[2.0]]), torch.tensor([[0.0]]))
    assert found.tolist() == [-6.0]
