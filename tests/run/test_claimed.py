"""A run is trained by one process at a time, and its goal is never moved in silence."""

from pathlib import Path

import numpy as np
import pytest

import rivals
from rivals.run.ranks import start_ranks
from rivals.run.run import claimed
from rivals.run.session import Diverged
from rivals.run.start import Claimed, open_session
from rivals.whole import locked
from tests.run.commands import KILL, start
from tests.run.tiny import POINTS

SMALL = {"data": "ring", "batch": 16, "width": 8, "discriminator_width": 8}


def test_a_second_process_is_sent_away(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    first = start("train", *POINTS, "--rounds", 5_000, "--out", folder, log=tmp_path / "first")
    try:
        first.until(lambda: (folder / "checkpoints" / "000007").exists())
        second = start("resume", folder, log=tmp_path / "second")
        assert second.wait() == 2
        assert "is being trained by another process; wait for its end, or stop it" in second.stderr
    finally:
        first.signal(KILL)
    with locked(folder / ".training", wait=False):  # a lock goes with its process
        pass
    assert not (folder / ".training").exists()


def test_a_folder_that_is_claimed_stays_as_it_is(tmp_path: Path) -> None:
    with locked(tmp_path / ".training"), pytest.raises(Claimed), claimed(tmp_path, start_ranks("cpu")):
        pass
    assert not list(tmp_path.iterdir())


def test_a_lower_goal_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = rivals.train("nsgan", **SMALL, out=tmp_path / "run", rounds=30, quiet=True)
    with pytest.raises(ValueError, match="is at round 30, past --rounds 20; leave it out to go on to 30"):
        rivals.resume(run.path, rounds=20)
    rivals.resume(run.path, rounds=40, minutes=0.0, quiet=True)
    with pytest.raises(ValueError, match="has reached its end [(]40 rounds"):
        rivals.resume(run.path)
    (tmp_path / "run" / "checkpoints" / "000040").rename(tmp_path / "aside")
    capsys.readouterr()
    rivals.resume(run.path, rounds=35, quiet=True)
    assert "--rounds 35 is less than the 40 that this run was to have" in capsys.readouterr().err


def test_options_of_other_networks_are_one_line(tmp_path: Path) -> None:
    run = rivals.train("nsgan", **SMALL, out=tmp_path / "run", rounds=5, quiet=True)
    with pytest.raises(ValueError, match="these options make other networks than those of its checkpoints"):
        rivals.resume(run.path, width=6, rounds=10)


def test_numbers_may_be_numpy_ones_and_data_must_have_a_name(tmp_path: Path) -> None:
    rates = np.logspace(-3, -2, 2)
    run = rivals.train("nsgan", **SMALL, out=tmp_path / "run", rounds=np.int64(3), generator_lr=rates[0], quiet=True)
    assert (run.session.rounds, run.config.options.optimisers.generator_lr) == (3, 1e-3)
    with pytest.raises(ValueError, match="data must be a name or a path, found ndarray; save arrays with np.savez"):
        rivals.train("nsgan", data=rates)


def test_a_loss_that_is_not_finite_names_the_option_that_brought_it(tmp_path: Path) -> None:
    with pytest.raises(Diverged, match="try --generator-lr 0.0"):
        rivals.train("nsgan", **SMALL, out=tmp_path / "run", rounds=30, generator_lr=1e30, quiet=True)
    assert (tmp_path / "run" / "report.html").exists()


def test_data_that_has_moved_is_asked_for(tmp_path: Path) -> None:
    points = tmp_path / "points.npz"
    np.savez(points, points=np.random.default_rng(0).normal(size=(100, 2)))
    run = rivals.train("nsgan", **SMALL | {"data": points}, out=tmp_path / "run", rounds=3, quiet=True)
    points.rename(tmp_path / "other.npz")
    with pytest.raises(ValueError, match="points.npz does not exist; .*if the data has moved, name its new place with"):
        rivals.resume(run.path, rounds=6, quiet=True)
    assert rivals.resume(run.path, rounds=6, quiet=True, data=tmp_path / "other.npz").session.round == 6


def test_of_two_that_begin_at_once_the_later_leaves_the_folder_alone(tmp_path: Path) -> None:
    rivals.train("nsgan", **SMALL, out=tmp_path / "run", rounds=3, quiet=True)
    before = {each: each.read_bytes() for each in (tmp_path / "run").rglob("*") if each.is_file()}
    late = rivals.run.run.configured("lsgan", SMALL | {"out": tmp_path / "run"})
    with pytest.raises(Claimed, match="has become the run of another process; name another folder with --out"):
        open_session(late, tmp_path / "run", fresh=True, quiet=True)
    assert {each: each.read_bytes() for each in (tmp_path / "run").rglob("*") if each.is_file()} == before
