"""The Parzen window estimate, against scipy, scikit-learn's kernel density, and by hand."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from sklearn.neighbors import KernelDensity

from rivals.metrics import parzen_log_likelihood, parzen_sigma
from rivals.metrics.parzen import SIGMAS

draw = np.random.default_rng


def test_it_is_the_kernel_density_that_others_compute() -> None:
    samples, test = draw(0).normal(size=(300, 20)), draw(1).normal(size=(50, 20))
    for sigma in (0.1, 0.7, 2.0):
        apart = cdist(test, samples, "sqeuclidean") / (2 * sigma**2)
        exact = logsumexp(-apart, 1) - math.log(300) - 20 * math.log(sigma * math.sqrt(2 * math.pi))
        assert parzen_log_likelihood(samples, test, sigma) == pytest.approx(exact, rel=1e-9)
    theirs = KernelDensity(bandwidth=2.0).fit(samples).score_samples(test)  # of narrow ones it gives up precision
    assert parzen_log_likelihood(samples, test, 2.0) == pytest.approx(theirs, rel=1e-6)


def test_one_sample_by_hand() -> None:
    found = parzen_log_likelihood(np.zeros((1, 2)), np.array([[3.0, 4.0], [0.0, 0.0]]), 2.0)
    assert found == pytest.approx([-25 / 8 - math.log(8 * math.pi), -math.log(8 * math.pi)])


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    samples, test = draw(0).random((100, 5)), draw(1).random((33, 5))
    whole = parzen_log_likelihood(samples, test, 0.2)
    monkeypatch.setattr("rivals.metrics.features.ROOM", 250)
    assert parzen_log_likelihood(samples, test, 0.2) == pytest.approx(whole, rel=1e-12)


def test_far_samples_of_float32_lose_no_digits() -> None:
    samples = (draw(0).random((50, 784)) + 100).astype(np.float32)
    found = parzen_log_likelihood(samples, samples[:1], 0.1)
    apart = np.square(samples.astype(np.float64) - samples[0]).sum(1)
    value = math.log(np.exp(-apart / 0.02).mean()) - 784 * math.log(0.1 * math.sqrt(2 * math.pi))
    assert found[0] == pytest.approx(value, abs=1e-4)


def test_the_best_bandwidth_is_found() -> None:
    samples = draw(0).normal(size=(4000, 1))
    assert SIGMAS[0] == pytest.approx(0.1) and SIGMAS[-1] == pytest.approx(1) and len(SIGMAS) == 10
    assert parzen_sigma(samples, draw(1).normal(size=(1000, 1)), (0.01, 0.25, 2.0)) == 0.25
    tight = draw(2).normal(size=(1000, 1))
    assert parzen_sigma(tight, tight, SIGMAS) == pytest.approx(0.1)  # a sample is nearest to itself


@pytest.mark.parametrize(
    ("samples", "sigma", "said"),
    [(np.zeros((3, 2)), 0.0, "bandwidth must be above zero, found 0"), (np.zeros((3, 4)), 1.0, "of one width")],
)
def test_what_cannot_be_scored(samples: np.ndarray, sigma: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parzen_log_likelihood(samples, np.zeros((5, 2)), sigma)
