"""Scores of runs: what they are compared with, and that they tell good samples from bad ones."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import rivals
from rivals.data.load import load
from rivals.data.pictures import Pictures
from rivals.data.stacked import Stacked
from rivals.metrics.judge import Classifier, Judge
from rivals.run import picture_scores
from rivals.run.picture_scores import PictureScores
from rivals.run.reference import Reference, reference
from rivals.run.scores import scored
from tests.cli.conftest import drawn

SMALL = {"size": 8, "batch": 8, "latent": 8, "width": 8, "discriminator_width": 8, "augment": "none", "quiet": True}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "cache"))


def digits_reference() -> Reference:
    source = load("digits")
    rows = np.arange(1000)
    return Reference("digits", source, source, rows[rows % 10 > 0], rows[::10], "every tenth", apart=False)


def by_an_untrained_judge(*given: Any, **options: Any) -> Judge:
    return Judge(Classifier(), 0.1, "digest")


def test_pictures_with_a_test_split_are_scored_against_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    drawn(data / "train", 60, size=8)
    drawn(data / "test", 40, size=8, prefix="t")
    run = rivals.train("nsgan", data=data, rounds=3, out=tmp_path / "run", **SMALL)
    result = scored(run, 50)
    assert result["protocol"]["held_out"] == "test split, 40 samples"
    assert result["protocol"]["features"] == "random convolutions" and len(result["protocol"]["features_sha256"]) == 64
    names = {"frechet_distance", "kernel_distance", "precision", "recall", "density", "coverage"}
    assert result["scores"].keys() == names | {"copying_z"} and result["floor"].keys() == names
    distance, floor = result["scores"]["frechet_distance"], result["floor"]["frechet_distance"]
    assert distance["low"] < distance["value"] < distance["high"]
    assert 10 * floor < min(distance["low"], result["ceiling"]["frechet_distance"])
    assert result["scores"]["copying_z"]["value"] > 3  # three rounds leave it far from anything


def test_some_samples_are_kept_where_there_is_no_test_split(tmp_path: Path) -> None:
    data = drawn(tmp_path / "data", 40, size=8)
    run = rivals.train("nsgan", data=data, rounds=1, out=tmp_path / "run", **SMALL)
    found = reference(run)
    assert found.unseen_rows.tolist() == list(range(0, 40, 2)) and len(found.rows) == 20 and not found.apart
    assert found.about == "one sample in 2, 20, which the run was trained on too"
    assert np.array_equal(found.held_out(2), run.data().restore(run.data().batch(*zeroed([0, 38]))["image"]))


@pytest.mark.parametrize(("count", "held"), [(14, 7), (60, 20), (100, 20), (205, 21), (1000, 100)])
def test_of_few_samples_more_are_held_out(tmp_path: Path, count: int, held: int) -> None:
    run = rivals.train("nsgan", data=drawn(tmp_path / "data", count, size=8), rounds=1, out=tmp_path / "run", **SMALL)
    found = reference(run)
    assert len(found.unseen_rows) == held and len(found.rows) == count - held
    assert not set(found.rows) & set(found.unseen_rows)
    if count == 14:
        assert scored(run, 7)["protocol"]["compared"] == 7
        with pytest.raises(ValueError, match="-n 6: there must be at least 7 samples to score"):
            scored(run, 6)


def test_too_few_samples_to_compare_with_are_told_of(tmp_path: Path) -> None:
    run = rivals.train("nsgan", data=drawn(tmp_path / "data", 12, size=8), rounds=1, out=tmp_path / "run", **SMALL)
    with pytest.raises(ValueError, match=r"has 6 held-out samples \(one sample in 2, 6, .*, and scores need 7; give"):
        scored(run)


def zeroed(rows: list[int]) -> tuple[Any, Any]:
    import torch

    return torch.tensor(rows), torch.zeros(len(rows), dtype=torch.int64)


def test_labelled_pictures_are_judged_in_the_space_of_their_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_scores, "judge_of", by_an_untrained_judge)
    real = digits_reference()
    judged = PictureScores(real, real.held_out(100), features="auto", seed=0, extractor_seed=0)
    assert judged.protocol["features_sha256"] == judged.protocol["classifier_sha256"] == "digest"
    found = judged.intervals(real.training(100))
    assert {"classifier_score", "confident", "rarest_class", "commonest_class", "coverage"} <= found.keys()
    assert found["coverage"].value > 0.8 and found["coverage"].low < found["coverage"].value
    assert {name: each.value for name, each in found.items()} == pytest.approx(judged.values(real.training(100)))


def test_a_floor_does_not_depend_on_the_order_of_the_classes() -> None:
    """In a folder a class, they come one after the other."""
    grey = load("digits")
    order = torch.argsort(grey.labels, stable=True)
    source = Pictures(grey.images[order.numpy()], grey.labels[order].numpy())
    rows = np.arange(len(source))
    real = Reference("sorted", source, source, rows[rows % 10 > 0], rows[::10], "every tenth", apart=False)
    judged = PictureScores(real, real.held_out(2500), features="random")
    floor = judged.values(real.training(2500))
    assert floor["recall"] > 0.9 and floor["coverage"] > 0.9


@pytest.mark.parametrize("features", ["random", "inception"])
def test_no_classifier_is_trained_for_other_features(features: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_scores, "judge_of", None)
    real = digits_reference()
    assert picture_scores.judge_for(real, features, 0) is None


def test_stacked_pictures_are_read_channel_by_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_scores, "judge_of", by_an_untrained_judge)
    grey = load("digits")
    source = Stacked(Pictures(grey.images, grey.labels.numpy()), count=60)
    real = Reference("stacked", source, source, np.arange(54), np.arange(54, 60), "six", apart=False)
    judged = PictureScores(real, real.held_out(6), features="auto", seed=0, extractor_seed=0)
    pictures = real.training(54)
    read = judged.digits(pictures)
    assert np.array_equal(read[:, 1], judged.judge.probabilities(pictures[..., 1:2]).argmax(1))
    assert judged.values(pictures)["stacked_modes"] == len({tuple(row) for row in read})
    with pytest.raises(ValueError, match="these pictures hold three"):
        PictureScores(real, real.held_out(6), features="classifier", seed=0, extractor_seed=0)


def test_points_close_to_the_data_score_like_data(tmp_path: Path) -> None:
    run = rivals.train("gan", data="ring", rounds=1, batch=16, width=8, out=tmp_path / "run", quiet=True)
    result = scored(run, 400)
    assert result["protocol"]["held_out"] == "test split, 100000 samples"
    for name in ("grid_kl_forward", "grid_kl_reverse", "wasserstein"):
        assert 2 * result["floor"][name] < result["scores"][name]["low"] < result["scores"][name]["value"]
    with pytest.raises(ValueError, match="--features colour is unknown; use auto, classifier, random, inception"):
        scored(run, features="colour")


def test_a_density_is_scored_in_nats_of_the_datas_units(tmp_path: Path) -> None:
    run = rivals.train("vae", data="mixture", rounds=300, batch=64, width=16, out=tmp_path / "run", quiet=True)
    result = scored(run, 400, particles=50)
    assert result["protocol"]["log_likelihood"] == "bound from 50 codes a sample, nats, 1000 held-out samples"
    found = result["scores"]["log_likelihood"]
    assert result["ceiling"]["log_likelihood"] < found["low"] < found["value"] < found["high"]
    assert found["value"] < -1.31  # minus the entropy of three Gaussians of sd 0.3: 1/2 log(2 pi e 0.09) + log 3
    assert abs(result["floor"]["log_likelihood"] - found["value"]) < 0.2  # training samples are no different
    assert "bits_per_dim" not in result["scores"]


def test_pictures_of_yes_and_no_are_scored_in_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_scores, "judge_of", by_an_untrained_judge)
    options = {"network": "mlp", "latent": 4, "width": 16, "likelihood": "bernoulli", "scored_particles": 20}
    run = rivals.train("vae", rounds=100, out=tmp_path / "run", quiet=True, **options)
    result = scored(run, 100, features="random")
    nats, bits = (result["scores"][name]["value"] for name in ("log_likelihood", "bits_per_dim"))
    assert bits == pytest.approx(-nats / (64 * np.log(2))) and 0.4 < bits < 1
    assert result["protocol"]["log_likelihood"].startswith("bound from 20 codes")


def test_particles_are_for_bounds(tmp_path: Path) -> None:
    run = rivals.train("gan", data="ring", rounds=1, batch=16, width=8, out=tmp_path / "run", quiet=True)
    with pytest.raises(ValueError, match="--particles is for bounds"):
        scored(run, 100, particles=5)


def test_codes_are_held_to_labels_where_an_encoder_was_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_scores, "judge_of", by_an_untrained_judge)
    small = SMALL | {"network": "mlp", "width": 32, "discriminator_width": 32, "latent": 8, "batch": 32}
    del small["augment"]
    run = rivals.train("bigan", data="digits", rounds=60, out=tmp_path / "run", **small)
    result = scored(run, 200)
    for name in ("probe_accuracy", "neighbour_accuracy"):
        score = result["scores"][name]
        assert 0.1 < score["low"] < score["value"] < score["high"] <= 1
        assert 0.1 < result["ceiling"][name] < 1 and name not in result["floor"]
    assert result["protocol"]["probes"] == "codes, learned from at most 10000 training samples"


def test_an_exact_density_says_so(tmp_path: Path) -> None:
    run = rivals.train("gaussian", data="mixture", rounds=200, batch=64, out=tmp_path / "run", quiet=True)
    result = scored(run, 100)
    assert result["protocol"]["log_likelihood"] == "exact, nats, 1000 held-out samples"
    best = -0.5 * (1 + np.log(2 * np.pi * (32 / 3 + 0.09)))  # of a Gaussian as wide as the three together
    assert result["scores"]["log_likelihood"]["value"] == pytest.approx(best, abs=0.1)
