"""The commands that come after training give what they say, in the data's units, from the run's folder alone."""

import io
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

import rivals
from rivals.cli import main
from rivals.recipes import RECIPES
from tests.cli.conftest import arrays, drawn, zipped
from tests.run.commands import called
from tests.run.tiny import PICTURES, POINTS, bits

TRAIN = tuple(word for word in PICTURES if word not in ("--data", "digits"))


def done(*words: object) -> str:
    """Standard output of a command that must end well."""
    code, printed, said = called(*words)
    assert code == 0, said
    return printed


def test_the_help_names_every_command_and_list_every_recipe() -> None:
    from rivals.cli import COMMANDS

    assert all(f"\n  {name} " in done("--help") for name in COMMANDS)
    rows = json.loads(done("list", "--json"))
    assert [row["name"] for row in rows] == list(RECIPES)
    assert {"name", "family", "paper", "data", "title"} == rows[0].keys()
    assert all(name in done("list") for name in RECIPES)
    assert done("--version") == f"{rivals.__version__}\n"


def pixels(path: Path | str) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_option_of_a_recipe_is_explained(recipe: str) -> None:
    data = "ring" if "points" in RECIPES[recipe].presets else "digits"
    text = done("train", recipe, "--data", data, "--help")
    for flag in ("--rounds", "--data", "--batch", "lr ", "--keep"):
        assert flag in text
    assert f"rivals train {recipe}" in text
    refused = {f"--{name.replace('_', '-')}" for name in RECIPES[recipe].without}
    assert not refused & set(re.findall(r"--[a-z0-9-]+", text))


def test_training_goes_on_when_nobody_reads_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Closed())
    assert main([str(word) for word in ("train", *POINTS, "--rounds", 8, "--out", tmp_path / "run")]) == 0
    assert (tmp_path / "run" / "checkpoints" / "000008").exists()


def test_training_prints_the_folder_and_leaves_what_a_run_has(points_run: Path) -> None:
    names = {path.name for path in points_run.iterdir()}
    assert names == {
        "config.yaml", "environment.json", "metrics.jsonl", "events.jsonl", "samples", "checkpoints", "report.html",
    }  # fmt: skip
    assert sorted(path.name for path in (points_run / "samples").iterdir()) == [
        "000000.png",
        "000020.png",
        "000021.png",
    ]
    assert [path.name for path in sorted((points_run / "checkpoints").iterdir())] == ["000007", "000014", "000021"]
    events = [json.loads(line)["event"] for line in (points_run / "events.jsonl").read_text().splitlines()]
    assert events == ["started", "finished"]
    made = json.loads((points_run / "environment.json").read_text())
    assert made["seed"] == 0 and made["device"] == "cpu" and made["versions"]["torch"]


def test_points_are_in_data_units_and_a_function_of_the_seed(points_run: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.npz" for name in "abc"]
    for path, seed in zip(paths, (0, 0, 1), strict=True):
        assert done("sample", points_run, "-n", 40, "--seed", seed, "--out", path) == f"{path}\n"
    a, b, c = map(arrays, paths)
    assert a.shape == (40, 2) and a.dtype == np.float32 and np.isfinite(a).all()
    assert np.array_equal(a, b) and not np.array_equal(a, c)
    assert np.array_equal(rivals.load(points_run).arrays(40), a)


def test_pictures_are_sampled_without_their_data(pictures_run: Path, tmp_path: Path) -> None:
    done("sample", pictures_run, "-n", 5, "--out", tmp_path / "a.npz")
    done("sample", pictures_run, "-n", 5, "--out", tmp_path / "grid.png")
    done("sample", pictures_run, "-n", 5, "--out", tmp_path / "files")
    samples = arrays(tmp_path / "a.npz")
    assert samples.shape == (5, 8, 8, 3) and samples.dtype == np.uint8
    files = sorted((tmp_path / "files").iterdir())
    assert [path.name for path in files] == [f"{i:06d}.png" for i in range(5)]
    for path, sample in zip(files, samples, strict=True):
        assert np.array_equal(pixels(path), sample)
    assert pixels(tmp_path / "grid.png").shape[2] == 3
    assert {path.name for path in tmp_path.iterdir()} == {"a.npz", "grid.png", "files"}


def test_a_run_may_be_moved(pictures_run: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(pictures_run, tmp_path / "elsewhere")
    done("sample", moved, "-n", 4, "--out", tmp_path / "a.npz")
    done("sample", pictures_run, "-n", 4, "--out", tmp_path / "b.npz")
    assert np.array_equal(arrays(tmp_path / "a.npz"), arrays(tmp_path / "b.npz"))


def test_resuming_without_the_data_says_what_is_missing(pictures_run: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(pictures_run, tmp_path / "run")
    code, printed, said = called("resume", moved, "--rounds", 30)
    assert (code, printed) == (2, "")
    assert yaml.safe_load((moved / "config.yaml").read_text())["run"]["data"] in said.splitlines()[-1]
    assert yaml.safe_load((moved / "config.yaml").read_text())["options"]["training"]["rounds"] == 21


def test_resuming_with_data_that_has_moved_changes_no_bit(tmp_path: Path) -> None:
    data = drawn(tmp_path / "data", 10, size=8)
    for name, rounds in (("whole", 14), ("broken", 14)):
        done("train", *TRAIN, "--data", data, "--rounds", rounds, "--out", tmp_path / name)
    shutil.rmtree(tmp_path / "broken" / "checkpoints" / "000014")
    data.rename(tmp_path / "moved")
    done("resume", tmp_path / "broken", "--data", tmp_path / "moved")
    assert bits(tmp_path / "broken") == bits(tmp_path / "whole")


def test_resuming_with_other_data_is_told_or_refused(tmp_path: Path) -> None:
    data = drawn(tmp_path / "data" / "a", 12, size=8).parent
    drawn(data / "b", 12, size=8)
    words = [str(data) if word == "digits" else word for word in PICTURES]
    done("train", *words, "--rounds", 7, "--out", tmp_path / "run")
    (data / "a" / "000.png").write_bytes((data / "a" / "001.png").read_bytes())
    code, _, said = called("resume", tmp_path / "run", "--rounds", 8)
    assert code == 0 and "the data is not the same as before" in said
    (data / "b").rename(data / "c")
    config = (tmp_path / "run" / "config.yaml").read_text()
    code, _, said = called("resume", tmp_path / "run", "--rounds", 9)
    assert code == 2 and "give the same data with --data, or train a new run" in said
    assert (tmp_path / "run" / "config.yaml").read_text() == config


def test_samples_in_a_folder_are_not_mixed_with_others(pictures_run: Path, tmp_path: Path) -> None:
    done("sample", pictures_run, "-n", 3, "--out", tmp_path / "some")
    assert sorted(path.name for path in (tmp_path / "some").iterdir()) == ["000000.png", "000001.png", "000002.png"]
    for out, words in ((tmp_path / "some", "some is not empty; name a new folder"), ("", "--out is empty")):
        code, _, said = called("sample", pictures_run, "-n", 2, "--out", out)
        assert code == 2 and words in said
    assert len([*(tmp_path / "some").iterdir()]) == 3


def test_the_sheets_of_explore_are_pictures(pictures_run: Path, tmp_path: Path) -> None:
    printed = done("explore", pictures_run, "--out", tmp_path / "sheets").splitlines()
    assert sorted(map(Path, printed)) == sorted((tmp_path / "sheets").iterdir())
    names = {Path(path).stem for path in printed}
    assert names == {"random", "lerp", "slerp", "sweep", "fixed", "spike"}
    for path in printed:
        assert pixels(path).std() > 0, f"{path} is blank"


@pytest.mark.parametrize("ending", ["gif", "webp", "mp4"])
def test_the_film_has_a_frame_for_every_sample_file(ending: str, points_run: Path, tmp_path: Path) -> None:
    if ending == "mp4":
        av = pytest.importorskip("av")
    out = tmp_path / f"film.{ending}"
    assert done("video", points_run, "--out", out) == f"{out}\n"
    if ending == "mp4":
        with av.open(str(out)) as film:
            frames = sum(1 for _ in film.decode(video=0))
    else:
        with Image.open(out) as film:
            frames = film.n_frames
    assert frames >= 3


def test_the_report_is_written_again(points_run: Path, tmp_path: Path) -> None:
    run = shutil.copytree(points_run, tmp_path / "run")
    (run / "report.html").unlink()
    done("eval", run, "-n", 100)
    assert "wasserstein" in (run / "report.html").read_text()
    (run / "scores.jsonl").unlink()
    assert done("report", run) == f"{run / 'report.html'}\n"
    again, first = ((folder / "report.html").read_text() for folder in (run, points_run))
    assert f"rivals resume {run}" in again and f"rivals resume {points_run}" in first
    for part in ("<svg", "<img", "<table"):
        assert again.count(part) == first.count(part) > 0


def test_scores_have_a_value_an_interval_and_a_protocol(points_run: Path, tmp_path: Path) -> None:
    run = shutil.copytree(points_run, tmp_path / "run")
    result = json.loads(done("eval", run, "--json", "-n", 500))
    assert {"modes", "high_quality", "reverse_kl"} <= result["scores"].keys()
    assert result["protocol"]["n"] == 500 and result["protocol"]["data"] == "ring"
    kept = json.loads((run / "scores.jsonl").read_text())
    assert kept["round"] == 21 and kept["scores"] == result["scores"]
    modes = result["scores"]["modes"]
    assert modes["low"] <= modes["value"] <= modes["high"] <= 8


def test_scores_of_different_protocols_are_not_compared(points_run: Path, tmp_path: Path) -> None:
    run = shutil.copytree(points_run, tmp_path / "run")
    first = done("eval", run, "-n", 100)
    assert "floor" in first and "since" not in first
    assert "since round 21: modes +0.0000" in done("eval", run, "-n", 100)
    assert done("eval", run, "-n", 110).endswith("not compared with the scores of round 21: other n (100, 110)\n")
    assert len((run / "scores.jsonl").read_text().splitlines()) == 3


def test_scores_need_the_data(pictures_run: Path) -> None:
    code, printed, said = called("eval", pictures_run)
    assert (code, printed) == (2, "") and "does not exist" in said


def test_scores_against_data_of_another_shape_are_refused(points_run: Path) -> None:
    code, printed, said = called("eval", points_run, "--data", "mixture")
    assert (code, printed) == (2, "") and "--data mixture holds 100000 points in 1 dimension" in said


def test_data_check_tells_what_training_would_do(tmp_path: Path) -> None:
    data = drawn(tmp_path / "data", 6)
    assert json.loads(done("data", "check", data, "--json"))["good"] == 6
    assert "6" in done("data", "check", data)
    (data / "bad.png").write_bytes(b"not a picture")
    code, printed, _ = called("data", "check", data)
    assert code == 2 and "bad.png" in printed


def test_a_folder_a_folder_of_classes_and_a_zip_train_the_same(tmp_path: Path) -> None:
    flat = drawn(tmp_path / "flat", 10, size=8)
    classes = tmp_path / "classes"
    for path in sorted(flat.iterdir()):
        kind = classes / ("first" if path.stem < "005" else "second")
        kind.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, kind)
    sources = {"flat": flat, "classes": classes, "zip": zipped(flat, tmp_path / "data.zip")}
    for name, data in sources.items():
        done("train", *TRAIN, "--data", data, "--rounds", 7, "--out", tmp_path / "runs" / name)
    assert len({bits(tmp_path / "runs" / name) for name in sources}) == 1


def test_runs_are_compared_in_columns(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for seed, folder in enumerate(folders):
        done("train", *POINTS, "--rounds", 7, "--seed", seed, "--out", folder)
    asked = done("compare", *folders).splitlines()
    assert asked[-1] == f"scores are wanted of {folders[0]}, {folders[1]}: run " + " and ".join(
        f"`rivals eval {folder}`" for folder in folders
    )
    assert [line.split() for line in asked if line.startswith("--")] == [["--seed", "0", "1"]]
    values = [json.loads(done("eval", folder, "--json"))["scores"]["wasserstein"]["value"] for folder in folders]
    row = next(line for line in done("compare", *folders).splitlines() if line.startswith("wasserstein"))
    assert all(f"{value:.4g} [" in row for value in values)
    found = json.loads(done("compare", *folders, "--json"))
    assert [each["value"] for each in found["scores"]["wasserstein"]["runs"]] == values
