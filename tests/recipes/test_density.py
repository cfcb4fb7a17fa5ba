"""What a run can do with a density: nats, samples that stay the same draw, completions."""

from pathlib import Path
from typing import Any

import pytest
import torch

import rivals
from rivals.latent.completion import completions
from rivals.recipes import recipe
from rivals.run.run import load
from rivals.run.samples import explored
from tests.recipes.test_recipes import Pictures, options, trained
from tests.run.commands import called

PIXELS = ["pixelcnn", "pixelrnn"]


@pytest.mark.parametrize("name", PIXELS)
def test_samples_have_the_levels_and_are_a_function_of_the_seed(name: str) -> None:
    setup = trained(options(name, "pictures", levels=3), name, "pictures")
    torch.manual_seed(0)
    samples = setup.sample(5)
    assert set(samples.unique().tolist()) <= {-1, 0, 1}
    torch.manual_seed(0)
    assert torch.equal(setup.sample(5), samples)
    assert not torch.equal(setup.sample(5), samples)


@pytest.mark.parametrize("name", [*PIXELS, "gaussian"])
def test_its_likelihood_rises_with_training(name: str) -> None:
    pictures = Pictures().samples
    before, after = (
        trained(options(name, "pictures", average=5.0, rounds=100), name, "pictures", rounds=n).log_likelihood(pictures)
        for n in (0, 100)
    )
    assert before.shape == after.shape == (32,) and not after.requires_grad
    assert after.mean() > before.mean() + 0.2


@pytest.mark.parametrize("name", PIXELS)
def test_completions_keep_the_upper_half(name: str) -> None:
    setup = trained(options(name, "pictures"), name, "pictures")
    pictures = Pictures().samples[:3]
    taken, half, *drawn = completions(setup.complete, pictures, draws=4).unbind(1)
    assert torch.equal(taken, pictures) and len(drawn) == 4
    assert torch.equal(half[:, :, :4], pictures[:, :, :4]) and half[:, :, 4:].abs().max() == 0
    for each in drawn:
        assert torch.equal(each[:, :, :4], pictures[:, :, :4])
    assert not torch.equal(drawn[0], drawn[1])


def test_a_gaussian_finds_the_code_of_a_point() -> None:
    setup = trained(options("gaussian", "points"), "gaussian", "points")
    codes = setup.prior(6)
    assert torch.allclose(setup.encode(setup.generate(codes)), codes, atol=1e-4)
    assert torch.equal(setup.generator(codes), setup.generate(codes))


def test_a_run_without_codes_is_explored_by_completing(tmp_path: Path) -> None:
    small: dict[str, Any] = {"width": 8, "blocks": 1, "batch": 8, "rounds": 1, "quiet": True}
    rivals.train("pixelcnn", data="digits", out=tmp_path / "run", **small)
    learned = load(tmp_path / "run")
    assert list(explored(learned, 0)) == ["random", "completions", "neighbours"]
    learned.data = lambda: (_ for _ in ()).throw(ValueError("it is gone"))  # type: ignore[method-assign]
    assert list(explored(learned, 0)) == ["random"]


def test_what_it_cannot_be_trained_on_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pixelcnn trains on pictures, and this data is points"):
        recipe("pixelcnn").preset("points")
    code, _, said = called("train", "pixelcnn", "--width", 2, "--channels", 3, "--out", tmp_path / "run")
    assert code == 2 and "too small for pictures of 3 channels" in said


def test_mnist_may_stay_as_it_is_where_the_network_allows_it(tmp_path: Path) -> None:
    words = ("--data", "digits", "--size", 10, "--rounds", 1, "--batch", 4, "--width", 4)
    code, _, said = called("train", "pixelcnn", *words, "--blocks", 1, "--out", tmp_path / "a")
    assert code == 0 and "resized to 10x10" in said
    code, _, _ = called("train", "gan", *words, "--network", "mlp", "--augment", "none", "--out", tmp_path / "b")
    assert code == 0
    code, _, said = called("train", "gan", *words, "--out", tmp_path / "c")
    assert code == 2
    assert said == (
        "rivals: --network dcgan needs a power of two from 8 to 256, found --size 10; "
        "use --size 8, or --network mlp, which takes any\n"
    )


def test_infogans_network_takes_any_multiple_of_four(tmp_path: Path) -> None:
    words = ("train", "infogan", "--data", "digits", "--rounds", 1, "--batch", 4, "--width", 2)
    code, _, said = called(*words, "--size", 12, "--out", tmp_path / "a")
    assert code == 0 and "resized to 12x12" in said
    code, _, said = called(*words, "--size", 10, "--out", tmp_path / "b")
    assert code == 2
    assert said == "rivals: --network infogan needs a multiple of 4, found --size 10; use --size 8\n"
