"""A run that heeds conditions is asked for them in words; others say that they can't be."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import rivals
from rivals.data.load import load
from rivals.recipes import RECIPES
from rivals.report.grid import grouped_grid
from rivals.run.augment import folder_name
from rivals.run.samples import even_columns
from tests.run.asked import MEANS
from tests.run.commands import called

LIGHT = {"black": 40, "gray": 128, "white": 215}


@pytest.fixture(autouse=True)
def means(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, "means", MEANS)


def trained(data: Path, out: Path) -> Path:
    """A run on pictures that are no longer there."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(RECIPES, "means", MEANS)
        code, _, said = called("train", "means", "--data", data, "--out", out, "--doctor-every", 0)
    assert code == 0, said
    data.rename(data.with_name("gone"))
    return out


def pictures(folder: Path, names: list[str]) -> Path:
    """Plain pictures, as light as the last word of their name says, in folders where the name has them."""
    for name in names:
        light = LIGHT[name.rsplit("/")[-1].split("-")[0]]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), light).save(folder / name)
    return folder


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on tags `black`, `gray` and `white`; not to be changed."""
    home = tmp_path_factory.mktemp("runs")
    names = [f"{light}-{i}.png" for light in LIGHT for i in range(4)]
    data = pictures(home / "data", names)
    (data / "tags.csv").write_text("file,tags\n" + "".join(f"{name},{name.split('-')[0]}\n" for name in names))
    return trained(data, home / "run")


@pytest.fixture(scope="module")
def classed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on classes `dark` and `light thing`; not to be changed."""
    home = tmp_path_factory.mktemp("runs")
    names = [
        f"{kind}/{light}-{i}.png" for kind, light in (("dark", "black"), ("light thing", "white")) for i in range(4)
    ]
    return trained(pictures(home / "data", names), home / "run")


def lightness(pictures: np.ndarray) -> np.ndarray:
    return pictures.reshape(len(pictures), -1).mean(1)


def test_samples_are_what_is_asked_for(tagged: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.npz"
    words = ("--condition", "white", "--condition", "Black", "--condition=gray")
    assert called("sample", tagged, "-n", 7, *words, "--out", out)[0] == 0
    with np.load(out) as file:
        samples, conditions = file["samples"], file["conditions"]
    assert samples.shape == (9, 8, 8, 1)  # in equal parts
    assert conditions.tolist() == ["white"] * 3 + ["Black"] * 3 + ["gray"] * 3
    light = lightness(samples)
    assert (light[:3] > 180).all() and (light[3:6] < 75).all() and (abs(light[6:] - 128) < 35).all()


def test_in_python_too_and_the_codes_are_those_of_the_seed(tagged: Path) -> None:
    run = rivals.load(tagged)
    light, dark = run.sample(5, 1, condition="gray"), run.sample(5, 1, condition="black")
    assert torch.equal(light, run.sample(5, 1, condition="gray"))
    assert not torch.equal(light, run.sample(5, 2, condition="gray"))
    order = [each.flatten(1).mean(1).argsort() for each in (light, run.sample(5, 1, condition="gray, gray"))]
    assert torch.equal(*order) and light.mean() > dark.mean()
    plain = lightness(run.arrays(40))
    assert plain.min() < 75 and plain.max() > 180  # without a condition, all there are


def test_grids_have_a_condition_a_row(tagged: Path, tmp_path: Path) -> None:
    run, out = rivals.load(tagged), tmp_path / "a.png"
    words = ("black", "gray", "white")
    rows = [run.source.restore(run.session.samples.draw(8, 0, each)) for each in words]
    assert np.array_equal(np.asarray(run.picture()), np.asarray(grouped_grid(rows, words)))
    last = sorted((tagged / "samples").iterdir())[-1]
    assert np.array_equal(np.asarray(Image.open(last)), np.asarray(run.picture()))
    assert called("sample", tagged, "-n", 18, "--condition", "black", "--condition", "white", "--out", out)[0] == 0
    expected = [run.arrays(9, 0, each) for each in ("black", "white")]
    assert np.array_equal(np.asarray(Image.open(out)), np.asarray(grouped_grid(expected, ("black", "white"), 5)))
    assert [even_columns(n) for n in (1, 8, 9, 16, 17)] == [1, 8, 5, 8, 6]


def test_sheets_under_one_condition(tagged: Path, tmp_path: Path) -> None:
    code, printed, said = called("explore", tagged, "--condition", "white", "--out", tmp_path / "white")
    assert code == 0 and "all of" not in said
    code, _, said = called("explore", tagged, "--out", tmp_path / "any")
    assert code == 0 and "all of 'black'; --condition asks for another" in said
    middle = [
        np.asarray(Image.open(tmp_path / name / "random.png").convert("L"))[80:110, 30:80] for name in ("white", "any")
    ]
    assert middle[0].mean() > 180 and middle[1].mean() < 75
    assert "manifold.png" in printed and len(printed.splitlines()) == 7
    code, printed, said = called("explore", tagged, "--condition", "white", "--condition", "black")
    assert (code, printed, said) == (2, "", "rivals: --condition is given more than once; one at a time here\n")
    code, printed, said = called("explore", tagged, "--out", tmp_path / "white" / "random.png")
    assert code == 2 and said.splitlines()[-1].endswith(
        "random.png is a file, and there are several sheets; name a folder"
    )


@pytest.mark.parametrize("command", ["sample", "explore"])
def test_what_cannot_be_asked_for_has_a_line(command: str, tagged: Path, points_run: Path, tmp_path: Path) -> None:
    code, printed, said = called(command, tagged, "--condition", "whit", "--out", tmp_path / "a")
    assert (code, printed) == (2, "")
    assert said.splitlines()[-1] == (
        'rivals: --condition: unknown tag "whit"; did you mean "white"? known: black, gray, white'
    )
    code, printed, said = called(command, points_run, "--condition", "white", "--out", tmp_path / "a")
    assert (code, printed) == (2, "") and "rivals: --condition: this run can't be asked for anything" in said
    assert not (tmp_path / "a").exists()


def test_augment_writes_folders_that_can_be_trained_on(classed: Path, tmp_path: Path) -> None:
    out = tmp_path / "more"
    assert called("augment", classed, "--per-class", 3, "--out", out)[:2] == (0, f"{out}\n")
    source = load(out, say=lambda line: None)
    assert source.classes == ("dark", "light thing") and source.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert (lightness(source.images) > 128).tolist() == [False] * 3 + [True] * 3
    assert [path.name for path in tmp_path.iterdir()] == ["more"]
    for name, seed in (("again", 0), ("other", 1)):
        assert called("augment", classed, "--per-class", 3, "--out", tmp_path / name, "--seed", seed)[0] == 0
    assert np.array_equal(load(tmp_path / "again", say=print).images, source.images)
    assert not np.array_equal(load(tmp_path / "other", say=print).images, source.images)


def test_augment_overwrites_nothing_and_leaves_nothing_half_done(
    classed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    code, _, said = called("augment", classed, "--out", tmp_path / "full")
    assert code == 2 and "full is not empty; name a new folder with --out" in said
    assert [path.name for path in tmp_path.rglob("*.*")] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert called("augment", classed, "--per-class", 1, "--out", tmp_path / "empty")[0] == 0
    assert len([*(tmp_path / "empty").rglob("*.png")]) == 2

    def full(self: Image.Image, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    code, _, said = called("augment", classed, "--out", tmp_path / "new")
    assert code == 1 and "the disk is full" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "full"]


def test_augment_needs_a_run_that_knows_classes(tagged: Path, pictures_run: Path, tmp_path: Path) -> None:
    code, _, said = called("augment", pictures_run, "--out", tmp_path / "a")
    assert code == 2 and "a run of nsgan can't be asked for a class; train cgan on pictures with labels" in said
    code, _, said = called("augment", tagged, "--out", tmp_path / "a")
    assert code == 2 and "this run is asked for tags, and folders of classes need labels" in said
    code, _, said = called("augment", pictures_run, "--per-class", 0)
    assert code == 2 and said == "rivals: --per-class must be at least 1; found 0\n"
    assert not (tmp_path / "a").exists()


def test_names_of_classes_as_those_of_folders() -> None:
    assert [folder_name(name) for name in ("T-shirt/top", "..", "a b", ".git", "c:\\x")] == [
        "T-shirt-top", "-.", "a b", "-git", "c:-x",
    ]  # fmt: skip


def test_words_are_kept_with_the_run(tagged: Path) -> None:
    fields = json.loads((tagged / "environment.json").read_text())["data"]["fields"]
    assert fields["tags"]["words"] == ["black", "gray", "white"] and len(fields["tags"]["examples"]) == 3


@pytest.mark.parametrize("kind", ["label", "tags"])
def test_a_folder_of_samples_is_data_of_the_kind_that_was_asked_for(kind: str, request: Any, tmp_path: Path) -> None:
    run, words = {"label": ("classed", ("light thing", "dark")), "tags": ("tagged", ("white", "black"))}[kind]
    out = tmp_path / "made"
    asked = [part for each in words for part in ("--condition", each)]
    assert called("sample", request.getfixturevalue(run), "-n", 20, *asked, "--out", out)[0] == 0
    assert (out / "tags.csv").read_text().splitlines()[:2] == [f"file,{kind}", f"000000.png,{words[0]}"]
    field = load(out).spec[kind]
    assert field.words == tuple(sorted(words))
    _, printed, _ = called("data", "check", out)
    assert "not pictures" not in printed and "20 good" in printed
