"""Features of pictures: fixed by their seed, and sensitive to what spoils pictures."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from rivals.data.load import load
from rivals.metrics import (
    Interval,
    bootstrap,
    frechet_distance,
    jackknife,
    precision_recall,
    random_extractor,
    schooling,
)
from rivals.metrics.judge import Classifier, Judge, judge_of


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Two halves of the embedded digits, uint8 (n, 8, 8, 1)."""
    images = np.asarray(load("digits").images).transpose(0, 2, 3, 1)
    return images[::3], images[1::3]


def spoilt(pictures: np.ndarray, amount: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(size=pictures.shape)
    return np.clip(pictures + amount * noise, 0, 255).astype(np.uint8)


def test_random_features_are_fixed_by_the_seed_and_take_any_size() -> None:
    a, b, other = random_extractor(3), random_extractor(3), random_extractor(3, seed=1)
    assert a.sha256 == b.sha256 != other.sha256
    pictures = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3)).astype(np.uint8)
    assert np.array_equal(a.features(pictures), b.features(pictures))
    assert a.features(np.zeros((2, 128, 128, 3), np.uint8)).shape == (2, 736)


@pytest.mark.parametrize("seed", [0, 1])
def test_random_features_tell_noise_and_lost_variety(digits: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    real, other = digits
    features = random_extractor(1, seed).features
    reference = features(real)
    few = other[np.arange(len(other)) % 20]
    series = [features(each) for each in (other, spoilt(other, 20), spoilt(other, 40), spoilt(other, 80))]
    distances = [frechet_distance(reference, each) for each in series]
    assert distances == sorted(distances) and distances[-1] > 2 * distances[0]
    assert frechet_distance(reference, features(few)) > 3 * distances[0]
    assert precision_recall(reference, features(few)).recall < 0.1 < precision_recall(reference, series[0]).recall


def test_a_judge_learns_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schooling, "SPOKEN", 0.0)
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path))
    monkeypatch.setattr("rivals.metrics.schooling.FEWEST_ROUNDS", 25)
    source, said = load("digits"), list[str]()
    first = judge_of(source, epochs=1, say=said.append)
    again = judge_of(source, epochs=1, say=said.append)
    assert first.accuracy > 0.8 and said[0].startswith("training a classifier") and len(said) == 25
    assert (
        first.sha256 == again.sha256 == hashlib.sha256(next(tmp_path.rglob("*.safetensors")).read_bytes()).hexdigest()
    )


def test_the_features_of_a_judge_are_its_last_hidden_layer(digits: tuple[np.ndarray, np.ndarray]) -> None:
    judge = Judge(Classifier(), 0.0, "")
    hidden = torch.from_numpy(judge.extractor.features(digits[0]))
    assert hidden.shape == (599, 128)
    logits = judge.network.layers[-1](hidden)
    assert np.allclose(judge.probabilities(digits[0]), logits.softmax(1).detach().numpy(), atol=1e-6)


def test_the_bootstrap_of_a_mean_is_the_normal_interval() -> None:
    x = np.random.default_rng(0).normal(size=400)
    found = bootstrap(lambda rows: {"mean": float(rows.mean())}, x, draws=2000)["mean"]
    error = 1.96 * x.std() / 20
    assert (found.value - found.low, found.high - found.value) == pytest.approx((error, error), rel=0.1)


def test_of_few_samples_the_jackknife_leaves_out_one_at_a_time() -> None:
    x = np.random.default_rng(0).normal(size=7)
    found = jackknife(lambda rows: {"mean": float(rows.mean())}, x)["mean"]
    assert found.high - found.value == pytest.approx(2.447 * x.std(ddof=1) / np.sqrt(7), rel=1e-3)


def test_the_jackknife_of_a_mean_is_students_interval() -> None:
    x = np.random.default_rng(0).normal(size=100)
    found = jackknife(lambda rows: {"mean": float(rows.mean())}, x)["mean"]
    parts = np.array([x[i::10].mean() for i in range(10)])
    error = parts.std(ddof=1) / np.sqrt(10)
    assert (found.value, found.high - found.value) == pytest.approx((x.mean(), 2.262 * error))


def test_an_interval_ends_where_its_score_does() -> None:
    assert Interval(0.9, 0.2, 1.6).within(0, 1) == Interval(0.9, 0.2, 1)
    assert Interval(3.0, -2.0, 8.0).within(0) == Interval(3.0, 0.0, 8.0)
    assert Interval(0.5, 0.4, 0.6).within(0, 1) == Interval(0.5, 0.4, 0.6)


@pytest.mark.parametrize(
    "pictures", [np.zeros((2, 8, 8, 1)), np.zeros((2, 8, 8), np.uint8), np.zeros((0, 8, 8, 1), np.uint8)]
)
def test_pictures_of_no_known_scale_or_shape_are_refused(pictures: np.ndarray) -> None:
    with pytest.raises(
        ValueError, match=r"pictures must be uint8 [(]n, H, W, C[)], as run.arrays[(][)] gives them; found"
    ):
        random_extractor(1).features(pictures)
