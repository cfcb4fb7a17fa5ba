"""Distances of clouds of points, and the test of data copying, against values by hand and other implementations."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import mannwhitneyu, wasserstein_distance

from rivals.metrics import data_copying, grid_divergences, wasserstein
from rivals.metrics.copying import chance_below, k_means, to_nearest

draw = np.random.default_rng


def test_wasserstein_distance_in_one_dimension_is_that_of_the_sorted_samples() -> None:
    a, b = draw(0).normal(size=(300, 1)), draw(1).normal(0.5, 2, size=(300, 1))
    assert wasserstein(a, b) == pytest.approx(wasserstein_distance(a[:, 0], b[:, 0]), rel=1e-9)
    assert wasserstein(a, b, power=2) == pytest.approx(
        math.sqrt(np.square(np.sort(a, 0) - np.sort(b, 0)).mean()), rel=1e-9
    )


def test_wasserstein_distance_of_a_shifted_cloud_is_the_shift() -> None:
    points = draw(0).normal(size=(200, 2))
    assert wasserstein(points, draw(1).permutation(points) + [3, 4]) == pytest.approx(5)
    assert wasserstein(torch.from_numpy(points), points) == 0
    with pytest.raises(ValueError, match="take equally many"):
        wasserstein(points, points[:5])


def test_grid_divergences_by_hand() -> None:
    real = np.array([[0.0], [0.0], [0.0], [10.0]])
    fake = np.array([[1.0], [9.0], [9.0], [99.0]])
    p, q = np.array([3.5, 1.5, 0.5]) / 5.5, np.array([1.5, 2.5, 1.5]) / 5.5  # two halves, and outside
    found = grid_divergences(real, fake, cells=2)
    assert found.forward == pytest.approx(float((p * np.log(p / q)).sum()))
    assert found.reverse == pytest.approx(float((q * np.log(q / p)).sum()))


def test_the_forward_divergence_sees_missing_mass_and_the_reverse_misplaced_mass() -> None:
    two = np.concatenate([draw(0).normal(-3, 0.5, (2000, 2)), draw(1).normal(3, 0.5, (2000, 2))])
    one = draw(2).normal(3, 0.5, (4000, 2))
    missing, misplaced = grid_divergences(two, one), grid_divergences(one, two)
    assert missing.forward > 2 * missing.reverse
    # Half of the mass missing costs log 2 at least.
    assert missing.reverse == pytest.approx(math.log(2), rel=0.25)
    assert misplaced.reverse > 2 * misplaced.forward
    assert grid_divergences(two, two[::-1]).forward == pytest.approx(0, abs=1e-12)


def test_ranks_are_those_of_mann_and_whitney() -> None:
    a, b = draw(0).integers(0, 30, 80).astype(float), draw(1).integers(5, 35, 120).astype(float)
    share = chance_below(torch.from_numpy(a), torch.from_numpy(b))
    assert share == pytest.approx(1 - mannwhitneyu(a, b).statistic / (80 * 120))


def test_one_cell_is_the_plain_test() -> None:
    train, held, fake = (torch.from_numpy(draw(s).normal(size=(n, 3))) for s, n in ((0, 900), (1, 200), (2, 150)))
    ours, theirs = to_nearest(fake, train).numpy(), to_nearest(held, train).numpy()
    u = mannwhitneyu(ours, theirs).statistic
    z = (u - 150 * 200 / 2) / math.sqrt(150 * 200 * 351 / 12)
    assert data_copying(train, held, fake, cells=1).z == pytest.approx(z)


@pytest.mark.parametrize("cells", [1, 5])
def test_the_statistic_is_standard_normal_where_nothing_is_copied(cells: int) -> None:
    def z(seed: int) -> float:
        rows = torch.from_numpy(draw(seed).normal(size=(1400, 2)))
        return data_copying(rows[:800], rows[800:1100], rows[1100:], cells).z

    found = np.array([z(seed) for seed in range(100)])
    assert abs(found.mean()) < 0.3 and 0.8 < found.std() < 1.2


@pytest.mark.parametrize("origin", [0, 20_000])
def test_cells_are_weighed_by_their_held_out_samples_and_small_ones_left_out(origin: int) -> None:
    """Held-out ones are at 2; generated ones at 1 and 3 in the first cell, at 1 in the second, too few in the third.

    Far from the origin too, where squares in float32 would lose such distances.
    """
    train = np.repeat([0.0, 1000.0, 3000.0], 10)[:, None]
    held = np.repeat([2.0, 1002.0, 3002.0], [20, 40, 20])[:, None]
    fake = np.repeat([1.0, 3.0, 1001.0, 3001.0], [10, 10, 20, 19])[:, None]
    found = data_copying(*((x + origin).astype(np.float32) for x in (train, held, fake)), cells=3)
    assert found.closer == pytest.approx((20 * 0.5 + 40 * 1) / 60)
    assert found.z == pytest.approx(40 * -0.5 * math.sqrt(12 * 20 * 40 / 61) / math.sqrt(20**2 + 40**2))


def test_copies_are_told_from_new_samples() -> None:
    everything = draw(0).normal(size=(3400, 4)).astype(np.float32)
    train, held, fresh = everything[:2000], everything[2000:2700], everything[2700:]
    copies = train[:700] + 0.01 * draw(1).normal(size=(700, 4))
    assert abs(data_copying(train, held, fresh).z) < 2
    found = data_copying(train, held, copies)
    assert found.z < -10 and found.closer > 0.95
    assert data_copying(train, held, 1.5 * fresh).z > 3


def test_a_generator_that_prefers_a_dense_part_does_not_copy() -> None:
    def mixed(dense: int, sparse: int, seed: int) -> np.ndarray:
        parts = draw(seed).normal(-10, 0.01, (dense, 2)), draw(seed + 100).normal(10, 1, (sparse, 2))
        return np.concatenate(parts)

    train, held, fake = mixed(1000, 1000, 0), mixed(500, 500, 1), mixed(800, 200, 2)
    assert data_copying(train, held, fake, cells=1).z < -3
    assert abs(data_copying(train, held, fake, cells=2).z) < 2


def test_k_means_finds_what_lies_apart() -> None:
    centres = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
    points = np.concatenate([c + 0.1 * draw(i).normal(size=(50, 2)) for i, c in enumerate(centres)])
    found = k_means(torch.from_numpy(points), 3).numpy()
    assert np.abs(np.array(sorted(found.tolist())) - np.array(sorted(centres.tolist()))).max() < 0.1


@pytest.mark.parametrize("real, fake", [((5, 2), (5, 3)), ((5, 4), (5, 4)), ((5, 2), (0, 2)), ((5,), (5,))])
def test_points_that_no_grid_holds_are_refused(real: tuple[int, ...], fake: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"d from 1 to 3; found \("):
        grid_divergences(np.zeros(real), np.zeros(fake))


def test_real_points_must_be_finite_and_others_lie_outside() -> None:
    real, lost = draw(0).normal(size=(500, 2)), np.full((500, 2), np.nan)
    found = grid_divergences(real, lost)
    assert found == grid_divergences(real, np.full_like(real, 99)) and found.forward > 1
    with pytest.raises(ValueError, match="real: points must be finite"):
        grid_divergences(np.concatenate([real, lost[:1]]), real)
