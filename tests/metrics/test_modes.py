"""Mode coverage against values worked out by hand, and against what a perfect sampler must reach."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rivals.metrics.modes import divergence_from_uniform, mode_coverage

RING = np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], 1)


def perfect(centres: np.ndarray, sd: float, n: int, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return centres[draw.integers(0, len(centres), n)] + sd * draw.normal(size=(n, 2))


def test_a_perfect_sampler_reaches_what_theory_says() -> None:
    trials = [mode_coverage(perfect(RING, 0.01, 2500, seed), RING, 0.01) for seed in range(40)]
    assert {trial.modes for trial in trials} == {8}
    # P(|z| < 3) in two dimensions, and (k - 1) / (2 n) over the 2472 high-quality samples
    assert np.mean([trial.high_quality for trial in trials]) == pytest.approx(1 - math.exp(-4.5), abs=0.001)
    assert np.mean([trial.reverse_kl for trial in trials]) == pytest.approx(7 / (2 * 2472), rel=0.25)


def test_values_by_hand() -> None:
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    samples = np.array([[0, 0], [0, 0.2], [0.1, 0], [10, 0], [10, 0.31], [5, 5], [0, 0.29], [np.nan, 0]])
    found = mode_coverage(samples, centres, 0.1)
    assert (found.modes, found.high_quality) == (2, 5 / 8)  # 0.31 is beyond 3 sd, 0.29 within
    by_hand = 4 / 5 * math.log(4 / 5 * 4) + 1 / 5 * math.log(1 / 5 * 4)
    assert found.reverse_kl == pytest.approx(by_hand, rel=1e-12)


def test_three_standard_deviations_are_outside() -> None:
    centre = np.zeros((1, 2))
    assert mode_coverage(np.array([[3.0, 0.0]]), centre, 1.0).modes == 0
    assert mode_coverage(np.array([[2.999, 0.0]]), centre, 1.0).modes == 1


def test_one_mode_of_k_costs_log_k() -> None:
    found = mode_coverage(torch.zeros(10, 2), torch.from_numpy(RING) - torch.tensor([1.0, 0.0]), 0.01)
    assert (found.modes, found.high_quality) == (1, 1.0)
    assert found.reverse_kl == pytest.approx(math.log(8))


def test_without_a_good_sample_the_divergence_is_undefined() -> None:
    found = mode_coverage(np.full((5, 2), np.inf), RING, 0.01)
    assert (found.modes, found.high_quality) == (0, 0.0)
    assert math.isnan(found.reverse_kl)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any))
def test_divergence_is_log_k_minus_entropy(counts: list[int]) -> None:
    shares = [count / sum(counts) for count in counts if count]
    entropy = -sum(share * math.log(share) for share in shares)
    assert divergence_from_uniform(np.array(counts)) == pytest.approx(math.log(len(counts)) - entropy, abs=1e-12)


@pytest.mark.parametrize("shape", [(0, 2), (5, 3), (5,)])
def test_shapes_that_do_not_fit_are_named(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must agree in d"):
        mode_coverage(np.zeros(shape), RING, 0.01)


@pytest.mark.parametrize(("centres", "sd"), [([[0.0, 0.0]], 0.0), ([[0.0, 0.0]], -1.0), ([[math.nan, 0.0]], 1.0)])
def test_modes_that_are_none_are_refused(centres: list[list[float]], sd: float) -> None:
    with pytest.raises(ValueError, match="centres must be finite and sd above 0"):
        mode_coverage(np.zeros((4, 2)), np.array(centres), sd)
