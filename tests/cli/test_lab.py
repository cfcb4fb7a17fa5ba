"""`rivals lab`: what it prints, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import drawn
from tests.run.commands import called

COURSE = ("--width", "20", "--depth", "2", "--discriminator-width", "10", "--discriminator-depth", "4")


def test_the_nets_of_courses_are_one_command(tmp_path: Path) -> None:
    out = tmp_path / "course.webp"
    words = ("lab", "two-gaussians", "nsgan", *COURSE, "--rounds", 4, "--frames", 2, "--out", out)
    code, printed, said = called(*words)
    assert (code, printed) == (0, f"{out}\n"), said
    assert [path.name for path in sorted((tmp_path / "course").iterdir())] == ["000000.png", "000004.png"]
    assert "two Gaussians in the plane" in said and "round 4/4" in said


def test_the_help_names_the_options_of_the_recipe() -> None:
    code, printed, _ = called("lab", "ring", "wgan-gp", "--help")
    assert code == 0 and all(flag in printed for flag in ("--frames", "--out", "--fps", "--penalty-weight", "--width"))
    assert called("lab", "--help")[0] == 0


LINES = {
    (): "lab needs data and a recipe, such as `rivals lab ring nsgan`; recipes: r3gan",
    ("ring",): "lab needs data and a recipe",
    ("nsgan", "ring"): "the data comes first: rivals lab ring nsgan",
    ("digits", "nsgan"): "digits holds no points; the lab draws ring, grid",
    ("nowhere.npz", "nsgan"): "nowhere.npz is not there; the lab draws ring, grid",
    ("ring", "ganns"): "unknown recipe `ganns`; did you mean `gan`?",
    ("mixture", "nsgan"): "the lab draws points in the plane, 2 numbers each; those of mixture have 1",
    ("ring", "nsgan", "--frames", "0"): "--frames must be at least 1; found 0",
    ("ring", "nsgan", "--out", "a.avi"): "a film ends in .mp4, .gif or .webp; found 'a.avi'",
    ("ring", "nsgan", "--fps", "0"): "frames a second must be between 0 and 240; found 0",
    ("ring", "nsgan", "--framse", "3"): "unrecognized options: --framse, 3; did you mean --frames?",
}


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_what_cannot_be_filmed_is_one_line(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, printed, said = called("lab", *words)
    assert (code, printed) == (2, "")
    assert LINES[words] in said.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_pictures_and_points_in_three_dimensions(tmp_path: Path) -> None:
    pictures = drawn(tmp_path / "data", 3)
    code, _, said = called("lab", pictures, "nsgan")
    assert code == 2 and said.startswith(f"rivals: {pictures} holds no points; the lab draws ring, grid")
    np.savez(tmp_path / "three.npz", points=np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32))
    code, _, said = called("lab", tmp_path / "three.npz", "nsgan")
    assert code == 2 and "three.npz have 3" in said.splitlines()[-1]
