"""Distances between clouds: values worked out by hand, and the values that theory gives for equal clouds."""

import math

import pytest
import torch

from rivals.doctor.bins import centres_of, missing, shares, turnover
from rivals.doctor.distances import (
    copies,
    coverage,
    dimension,
    distances,
    energy_coefficient,
    jensen_shannon,
    mean_of_pairs,
    nearest_two,
    separation,
)

DRAW = torch.Generator().manual_seed(0)
LINE = torch.tensor([[0.0], [1.0], [3.0]])


def cloud(n: int, d: int = 2) -> torch.Tensor:
    return torch.randn(n, d, generator=DRAW)


def energy(real: torch.Tensor, fake: torch.Tensor) -> float:
    within = [mean_of_pairs(distances(x, x)) for x in (real, fake)]
    return float(energy_coefficient(*within, distances(real, fake)))


def test_pairs_and_neighbours_by_hand() -> None:
    within = distances(LINE, LINE)
    assert float(mean_of_pairs(within)) == pytest.approx((1 + 3 + 2) / 3)
    assert nearest_two(within).tolist() == [[1.0, 3.0], [1.0, 2.0], [2.0, 3.0]]


def test_energy_is_zero_for_equal_clouds_and_a_half_for_a_point_beside_the_data() -> None:
    assert abs(energy(cloud(500), cloud(500))) < 0.01
    assert energy(torch.zeros(5, 1), torch.ones(5, 1)) == pytest.approx(1.0)
    assert energy(torch.tensor([[-1.0], [1.0]]), torch.zeros(4, 1)) == pytest.approx(0.0)  # 2 * 1 - 2 - 0
    assert energy(cloud(500) + 3, cloud(500)) > 0.3


def test_dimension_of_a_plane_and_of_a_line_through_space() -> None:
    flat = torch.cat([cloud(800, 2), torch.zeros(800, 6)], 1)
    line = cloud(800, 1) @ torch.ones(1, 8)
    assert float(dimension(nearest_two(distances(flat, flat)))) == pytest.approx(2, abs=0.3)
    assert float(dimension(nearest_two(distances(line, line)))) == pytest.approx(1, abs=0.15)


def test_copies_are_three_times_as_near_to_one() -> None:
    assert float(copies(torch.tensor([[0.1, 1.0], [0.5, 1.0], [0.0, 0.0]]))) == pytest.approx(1 / 3)


def test_coverage_of_equal_clouds_is_what_the_paper_has() -> None:
    real, fake = cloud(400), cloud(400)
    radii = distances(real, real).topk(6, dim=1, largest=False).values[:, -1]
    assert float(coverage(radii, distances(real, fake))) == pytest.approx(1 - 2**-5, abs=0.03)
    assert float(coverage(radii, distances(real, fake + 20))) == 0


def test_separation_counts_ties_half() -> None:
    assert float(separation(torch.tensor([2.0, 0.0]), torch.tensor([0.0, 1.0]))) == (1 + 1 + 0.5 + 0) / 4


def test_the_parts_of_distances_by_hand() -> None:
    assert float(mean_of_pairs(torch.tensor([[5.0, 1.0], [3.0, 7.0]]))) == 2  # what is on the diagonal is no pair
    assert float(mean_of_pairs(torch.tensor([[4.0]]))) == 0
    assert float(copies(torch.tensor([[0.1, 1.0], [0.5, 1.0], [0.3, 1.0], [1.0, 3.0]]))) == 0.5
    assert float(coverage(torch.tensor([1.0]), torch.tensor([[1.0, 2.0]]))) == 1  # the border belongs to it
    assert float(separation(torch.tensor([3.0, 0.0]), torch.zeros(2))) == 0.75
    assert energy(torch.ones(3, 1), torch.ones(4, 1)) == 0  # not 0 / 0


def test_dimension_by_hand() -> None:
    two = torch.tensor([[1.0, math.e], [2.0, 2 * math.e**2], [1.0, math.e**3]])
    assert float(dimension(two)) == pytest.approx(1 / 2)
    several_times_over = torch.tensor([[0.0, 1.0], [0.0, 0.0]])
    assert float(dimension(torch.cat([two, several_times_over]))) == pytest.approx(1 / 2)
    assert float(dimension(torch.cat([two[:2], several_times_over]))) == 0
    assert float(dimension(torch.ones(3, 2))) == pytest.approx(1e6)  # on a grid: as good as any number


def test_near_copies_of_bright_pictures_are_told_apart_and_bytes_are_no_modulus() -> None:
    bright = torch.full((1, 64), 1000.0)
    assert float(distances(bright, bright + 0.25)) == pytest.approx(0.25 * 8)
    assert float(distances(bright, bright + 0.01)) == pytest.approx(0.01 * 8, rel=0.02)
    assert distances(torch.tensor([[3]], dtype=torch.uint8), torch.tensor([[5]], dtype=torch.uint8)).tolist() == [[2]]


def test_what_a_perfect_judge_tells_is_log_2_and_a_blind_one_nothing() -> None:
    assert float(jensen_shannon(torch.ones(8), -torch.ones(8))) == pytest.approx(math.log(2))
    assert float(jensen_shannon(torch.arange(8.0), torch.arange(8.0))) == pytest.approx(0, abs=1e-6)


def test_bins_find_what_is_missing() -> None:
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    real = centres.repeat(50, 1) + 0.1 * cloud(200)
    found = centres_of(real, bins=4)
    assert distances(centres, found).min(1).values.max() < 0.1
    of_real, of_fake = shares(real, found), shares(real[real[:, 0] < 5], found)
    assert float(missing(of_real, of_fake)) == pytest.approx(0.5)
    assert float(missing(of_real, of_real)) == 0
    assert float(turnover(of_real, of_fake)) == pytest.approx(0.5)


def test_bins_by_hand() -> None:
    assert centres_of(torch.tensor([[0], [1], [10], [12]]), bins=2).tolist() == [[0.5], [11]]
    assert centres_of(torch.tensor([[1.0], [4.0]]), bins=5).tolist() == [[1], [4]]
    assert len(centres_of(torch.arange(40.0)[:, None])) == 16
    copies = torch.tensor([[2.0], [2.0], [5.0]])
    assert shares(copies, centres_of(copies, bins=3)).tolist() == pytest.approx([2 / 3, 1 / 3, 0])  # one is empty
    assert shares(torch.tensor([[0.0], [1.0], [9.0]]), torch.tensor([[0.0], [10.0]])).tolist() == pytest.approx(
        [2 / 3, 1 / 3]
    )


def test_a_bin_is_missing_below_a_fifth_of_what_is_due() -> None:
    real = torch.tensor([0.5, 0.5])
    assert float(missing(real, torch.tensor([0.1, 0.9]))) == 0
    assert float(missing(real, torch.tensor([0.099, 0.901]))) == 0.5
