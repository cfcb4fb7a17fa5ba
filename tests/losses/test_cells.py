import pytest
import torch

from rivals.losses.cells import counted, grid, smoothed
from rivals.losses.divergences import exact, kullback_leibler


def test_a_grid_has_the_middles_of_its_cells() -> None:
    assert grid(0, 1, 4).tolist() == [0.125, 0.375, 0.625, 0.875]


def test_shares_of_cells() -> None:
    points = torch.tensor([[0.1, 0.1], [0.2, 0.3], [0.9, 0.1], [0.6, 0.9], [7.0, 0.0]])
    assert counted(points, 0, 1, 2).tolist() == [[0.5, 0.0], [0.25, 0.25]]
    assert counted(points[:, 0], 0, 1, 2).tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="no sample lies within 8 and 9"):
        counted(points, 8, 9, 2)


def test_no_sample_at_all_is_refused() -> None:
    for none in (torch.zeros(0), torch.zeros(0, 2)):
        with pytest.raises(ValueError, match="no sample lies within 0 and 1"):
            counted(none, 0, 1, 2)


def test_a_smoothed_sample_is_a_gaussian_around_each_point() -> None:
    xs, ys = grid(-4, 4, 80), grid(-4, 4, 60)
    p = smoothed(torch.tensor([[1.0, -1.0]], dtype=torch.float64), xs, ys, 0.5)
    q = smoothed(torch.tensor([[0.0, -1.0]], dtype=torch.float64), xs, ys, 0.5)
    assert p.shape == (80, 60) and p.sum() == pytest.approx(1)
    assert (p.sum(1) * xs).sum() == pytest.approx(1, abs=1e-4)
    assert exact(kullback_leibler, p, q) == pytest.approx(1 / (2 * 0.5**2), rel=1e-4)


def test_what_lies_beyond_the_grid_is_spread_evenly() -> None:
    xs = grid(-1, 1, 10)
    p = smoothed(torch.tensor([[0.0, 0.0], [50.0, 50.0]], dtype=torch.float64), xs, xs, 0.2, floor=0.1)
    assert p.sum() == pytest.approx(1)
    assert p.min() == pytest.approx((1 - 0.9 / 2) / 100, rel=1e-3)
    assert smoothed(torch.full((3, 2), 1e9), xs, xs, 0.2) == pytest.approx(torch.full((10, 10), 0.01))
