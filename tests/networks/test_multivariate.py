"""A Gaussian with a whole covariance, against torch's own, and its codes."""

import pytest
import torch
from torch.distributions import MultivariateNormal

from rivals.networks.multivariate import MultivariateGaussian


def some() -> MultivariateGaussian:
    torch.manual_seed(0)
    network = MultivariateGaussian((1, 2, 3), mean=0.5, sd=2.0)
    for p in network.parameters():
        p.data += 0.3 * torch.randn_like(p)
    return network


def test_it_is_the_density_of_torch() -> None:
    network = some()
    precision = network.whitening.T @ network.whitening
    mean = torch.linalg.solve(network.whitening, network.whitened_mean)
    x = torch.randn(7, 1, 2, 3)
    theirs = MultivariateNormal(mean, precision_matrix=precision).log_prob(x.flatten(1))
    assert torch.allclose(network(x), theirs, atol=1e-4)


def test_codes_and_samples_belong_together() -> None:
    network, z = some(), torch.randn(5, 6)
    assert network.generate(z).shape == (5, 1, 2, 3)
    assert torch.allclose(network.encode(network.generate(z)), z, atol=1e-4)


def test_it_begins_as_it_is_told() -> None:
    network = MultivariateGaussian((4,), mean=3.0, sd=0.5)
    samples = network.generate(torch.randn(20_000, 4, generator=torch.Generator().manual_seed(0)))
    assert samples.mean(0).tolist() == pytest.approx([3] * 4, abs=0.02)
    assert samples.T.cov().flatten().tolist() == pytest.approx((0.25 * torch.eye(4)).flatten().tolist(), abs=0.01)


def test_too_many_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="of 12288 numbers is too large, 4096 are possible; use a smaller --size"):
        MultivariateGaussian((3, 64, 64))
