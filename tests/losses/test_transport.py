import math

import numpy as np
import pytest
import torch
from scipy.stats import wasserstein_distance
from torch.distributions import Normal

from rivals.data.toys import line
from rivals.losses.cells import grid
from rivals.losses.divergences import exact, kullback_leibler, reverse_kullback_leibler, total_variation
from rivals.losses.optimum import jensen_shannon_divergence
from rivals.losses.transport import (
    wasserstein_of_numbers,
    wasserstein_of_points,
    wasserstein_of_weights,
    wasserstein_on_line,
)


def test_shifted_densities_are_their_shift_apart() -> None:
    x = grid(-20, 20, 4000)
    p, q = (Normal(mean, 1.0).log_prob(x).softmax(0) for mean in (-1.0, 2.5))
    assert wasserstein_on_line(p, q, 0.01) == pytest.approx(3.5, rel=1e-9)
    assert wasserstein_on_line(p, p, 0.01) == 0


def test_widths_of_normals() -> None:
    """Between N(0, 1) and N(0, 3^2) it is the mean of |3 z - z|."""
    x = grid(-40, 40, 8000)
    p, q = (Normal(0.0, sd).log_prob(x).softmax(0) for sd in (1.0, 3.0))
    assert wasserstein_on_line(p, q, 0.01) == pytest.approx(2 * math.sqrt(2 / math.pi), rel=1e-4)


@pytest.mark.parametrize(("n", "m"), [(50, 50), (30, 47), (1, 8)])
def test_samples_on_a_line_as_scipy_has_them(n: int, m: int) -> None:
    random = np.random.default_rng(0)
    a, b = random.normal(size=n), random.exponential(size=m)
    found = wasserstein_of_numbers(torch.from_numpy(a), torch.from_numpy(b))
    assert found == pytest.approx(wasserstein_distance(a, b), rel=1e-9)


def test_in_the_plane_points_on_a_line_are_as_far_as_their_numbers() -> None:
    a, b = torch.randn(2, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    flat = wasserstein_of_points(*(torch.stack([x, 0 * x], 1) for x in (a, b)))
    assert flat == pytest.approx(wasserstein_of_numbers(a, b).item())
    with pytest.raises(ValueError, match="as many points of each"):
        wasserstein_of_points(a[:, None], b[:5, None])


def test_weights_stand_for_repeated_points() -> None:
    a, b = torch.tensor([[0.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 1.0], [2.0, 2.0], [3.0, 0.0]])
    weighed = wasserstein_of_weights(a, torch.tensor([0.75, 0.25]), b, torch.tensor([0.25, 0.25, 0.5]))
    repeated = wasserstein_of_points(a[[0, 0, 0, 1]], b[[0, 1, 2, 2]])
    assert weighed == pytest.approx(repeated)


@pytest.mark.parametrize("distance", [0.0, 0.01, 0.5, -2.0])
def test_two_lines(distance: float) -> None:
    """Example 1 of 1701.07875: all but Wasserstein-1 jump at 0, and say nothing of how far."""
    columns = torch.tensor([0.0, distance], dtype=torch.float64).unique()  # cells of the plane: columns and rows
    p, q = (((columns == at) / 20).expand(20, -1).double() for at in (0.0, distance))
    apart = distance != 0
    assert jensen_shannon_divergence(p, q) == pytest.approx(apart * math.log(2))
    assert exact(total_variation, p, q) == pytest.approx(float(apart))
    for both_ways in (kullback_leibler, reverse_kullback_leibler):
        assert exact(both_ways, p, q) == (math.inf if apart else 0)
    height = torch.linspace(0, 1, 20, dtype=torch.float64)
    a, b = (torch.stack([torch.full_like(height, at), height], 1) for at in (0.0, distance))
    share = torch.full_like(height, 1 / 20)
    assert wasserstein_of_weights(a, share, b, share) == pytest.approx(abs(distance), abs=1e-9)


def test_samples_of_two_lines() -> None:
    a, b = (torch.from_numpy(line(x, 500, np.random.default_rng(seed))) for seed, x in ((0, 0.0), (1, 3.0)))
    assert wasserstein_of_points(a, b) == pytest.approx(3.0, rel=1e-3)  # above 3 by what the heights differ
