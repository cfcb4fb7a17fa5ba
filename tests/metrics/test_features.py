"""Scores of features, held against independent implementations on the same features and against values by hand."""

import math
import warnings

import numpy as np
import pytest
import torch
from prdc import compute_prdc
from scipy.linalg import sqrtm
from sklearn.metrics.pairwise import polynomial_kernel
from torch import Tensor

from rivals.metrics import (
    classifier_score,
    density_coverage,
    frechet_distance,
    kernel_distance,
    precision_recall,
)


def gaussian(n: int, d: int, seed: int, shift: float = 0.0, scale: float = 1.0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return shift + scale * draw.normal(size=(n, d)) @ (np.eye(d) + 0.3 * draw.normal(size=(d, d)))


def frechet_by_scipy(real: np.ndarray, fake: np.ndarray) -> float:
    """The formula as it stands, with SciPy's matrix root."""
    a, b = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of singular matrices
        root = sqrtm(a @ b)
    return float(np.square(real.mean(0) - fake.mean(0)).sum() + np.trace(a + b - 2 * root.real))


@pytest.mark.parametrize("n", [40, 300, 9000])
def test_frechet_distance_is_the_formula(n: int) -> None:
    real, fake = gaussian(n, 24, 0), gaussian(n // 2, 24, 1, shift=0.3, scale=1.2)
    assert frechet_distance(real, fake) == pytest.approx(frechet_by_scipy(real, fake), rel=1e-7)


def test_frechet_distance_of_fewer_samples_than_dimensions() -> None:
    real, fake = gaussian(20, 64, 0), gaussian(15, 64, 1)
    assert frechet_distance(real, fake) == pytest.approx(frechet_by_scipy(real, fake), rel=1e-3)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_one_dimension_by_hand() -> None:
    # means 0 and 5, variances 2 and 8: 25 + (sqrt 2 - sqrt 8)^2
    assert frechet_distance(np.array([[-1.0], [1.0]]), torch.tensor([[3.0], [7.0]])) == pytest.approx(27.0)


@pytest.mark.parametrize(("scale", "k"), [(1.0, 5), (0.7, 3), (1.4, 4)])
def test_neighbourhoods_are_those_of_prdc(scale: float, k: int) -> None:
    real, fake = gaussian(700, 12, 0), gaussian(500, 12, 1, shift=0.2, scale=scale)
    expected = compute_prdc(real, fake, k)
    found = vars(precision_recall(real, fake, k)) | vars(density_coverage(real, fake, k))
    assert found == pytest.approx(expected, rel=1e-9)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, fake = gaussian(101, 5, 0), gaussian(77, 5, 1)
    whole = precision_recall(real, fake), density_coverage(real, fake), frechet_distance(real, fake)
    monkeypatch.setattr("rivals.metrics.features.ROOM", 500)
    monkeypatch.setattr("rivals.metrics.frechet.ROWS", 30)
    assert (precision_recall(real, fake), density_coverage(real, fake)) == whole[:2]
    assert frechet_distance(real, fake) == pytest.approx(whole[2], rel=1e-12)


def test_neighbourhoods_by_hand() -> None:
    real, fake = np.array([[0.0], [1.0], [3.0]]), np.array([[0.5], [2.5], [9.0]])
    # Balls of k = 1 around the real ones reach 1, 1 and 2 far; around the generated 2, 2 and 6.5.
    assert vars(precision_recall(real, fake, k=1)) == {"precision": 2 / 3, "recall": 1.0}
    # 0.5 lies in the first two balls and 2.5 in the third; 9 in none.
    assert vars(density_coverage(real, fake, k=1)) == {"density": pytest.approx(3 / 3), "coverage": 1.0}


def test_equal_distributions_cover_all_but_one_in_two_to_the_k() -> None:
    found = [density_coverage(*np.random.default_rng(s).normal(size=(2, 2000, 4)), k=5) for s in range(4)]
    n, coverage = 2000, 1 - math.prod((2000 - i) / (4000 - i) for i in range(1, 6))
    assert np.mean([each.coverage for each in found]) == pytest.approx(coverage, abs=3 / math.sqrt(4 * n) / 5)
    assert np.mean([each.density for each in found]) == pytest.approx(1, abs=0.02)


def test_kernel_distance_is_that_of_scikit_learn() -> None:
    real, fake = gaussian(120, 10, 0), gaussian(90, 10, 1, shift=0.2)
    xx, yy, xy = (
        polynomial_kernel(a, b, degree=3, gamma=1 / 10, coef0=1) for a, b in ((real, real), (fake, fake), (real, fake))
    )
    off = [(k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (xx, yy)]
    found = kernel_distance(real, fake)
    assert found.mean == pytest.approx(off[0] + off[1] - 2 * xy.mean(), rel=1e-9)
    assert math.isnan(found.sd)


def test_kernel_distance_is_unbiased_over_its_subsets() -> None:
    real, fake = np.random.default_rng(0).normal(size=(2, 3000, 8))
    found = kernel_distance(real, fake, subsets=40, size=300)
    assert abs(found.mean) < 3 * found.sd / math.sqrt(10)  # 3000 samples hold 10 subsets that share nothing
    assert kernel_distance(real, fake + 0.3, subsets=40, size=300).mean > 5 * found.sd
    assert kernel_distance(real, fake, subsets=40, size=300) == found


def test_kernel_distance_draws_its_subsets_without_repeats_and_averages_them(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[list[float], list[float]]] = []

    def counted(x: Tensor, y: Tensor) -> Tensor:
        drawn.append((x.flatten().tolist(), y.flatten().tolist()))
        return torch.tensor(float(len(drawn)))

    monkeypatch.setattr("rivals.metrics.kernel.unbiased_mmd", counted)
    real, fake = np.arange(60.0)[:, None], np.arange(60.0, 80.0)[:, None]
    found = kernel_distance(real, fake, subsets=4, size=30)
    assert (found.mean, found.sd) == pytest.approx((2.5, math.sqrt(5 / 3)))  # of 1, 2, 3, 4
    for some, others in drawn:
        assert len(set(some)) == len(some) == 30 and set(some) <= set(real.flatten())
        assert sorted(others) == fake.flatten().tolist()  # all of them, where there are no more
    assert len({tuple(sorted(some)) for some, _ in drawn}) == 4
    assert math.isnan(kernel_distance(real, fake, subsets=1, size=30).sd)

    drawn.clear()
    kernel_distance(np.zeros((1001, 1)), np.zeros((5, 1)))
    assert {(len(some), len(others)) for some, others in drawn} == {(1000, 5)} and len(drawn) == 50


def test_classifier_score_by_hand() -> None:
    assert classifier_score(np.eye(4)) == pytest.approx(4)
    assert classifier_score(np.full((3, 5), 0.2)) == pytest.approx(1)
    p = np.array([[0.5, 0.5], [1.0, 0.0]])
    mean = [0.75, 0.25]
    divergence = (0.5 * math.log(0.5 / mean[0]) + 0.5 * math.log(0.5 / mean[1]) + math.log(1 / mean[0])) / 2
    assert classifier_score(torch.from_numpy(p)) == pytest.approx(math.exp(divergence))
    with pytest.raises(ValueError, match="add up to 1"):
        classifier_score(np.ones((3, 5)))


@pytest.mark.parametrize("score", [frechet_distance, kernel_distance, precision_recall, density_coverage])
def test_what_cannot_be_scored_is_named(score: object) -> None:
    assert callable(score)
    good = gaussian(20, 3, 0)
    for bad, word in (
        (good[:1], "fake: 1 samples are too few"),
        (good[:, :2], "real has 3, fake 2"),
        (good[:, 0], r"fake: features must be \(n, d\), found \(20,\)"),
        (np.where(good > 1, np.nan, good), "fake: features must be finite"),
    ):
        with pytest.raises(ValueError, match=word):
            score(good, bad)


def test_a_sample_on_the_border_of_a_neighbourhood_is_inside_for_precision_and_outside_for_density() -> None:
    """1904.06991, eq. 1 has <=; 2002.09797, eq. 2 has a ball of its own: `prdc` takes it as open."""
    line, border = np.arange(10.0)[:, None], np.array([[-3.0], [-3.0], [-3.0], [-3.0], [-3.0], [-3.0]])
    assert precision_recall(line, border, k=3).precision == 1.0
    assert density_coverage(line, border, k=3).density == 0.0


def test_copies_have_no_neighbourhood_and_are_not_covered_by_rounding() -> None:
    rows = np.repeat(np.random.default_rng(0).normal(size=(20, 3)), 10, axis=0)
    found = density_coverage(rows, rows, k=5)
    assert (found.density, found.coverage) == (0.0, 0.0)


@pytest.mark.parametrize("k", [0, -1])
def test_no_neighbour_is_too_few(k: int) -> None:
    x = np.random.default_rng(0).normal(size=(20, 2))
    for score in (precision_recall, density_coverage):
        with pytest.raises(ValueError, match="k counts neighbours and must be 1 or more"):
            score(x, x, k=k)
