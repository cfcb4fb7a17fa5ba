"""Killed at random moments and resumed, a run ends bit for bit as one that nobody touched."""

import random
import shutil
import time
from pathlib import Path

import pytest

import rivals
from tests.run.commands import KILL, Command, finished, last_round, logged, start
from tests.run.tiny import PICTURES, POINTS, bits, samples

ROUNDS = 60
KINDS = {"points": POINTS, "pictures": (*PICTURES, "--precision", "bf16")}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "cache"))


def killed(command: Command, folder: Path, target: int, late: float) -> None:
    """Kills a training process some time after it has logged a round."""
    command.until(lambda: last_round(folder) >= target)
    time.sleep(late)
    assert command.signal(KILL) == -KILL


@pytest.mark.parametrize("kind", KINDS)
def test_killed_four_times_and_resumed_it_ends_with_the_same_bits(kind: str, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    train = ("train", *KINDS[kind], "--rounds", ROUNDS)
    finished(*train, "--out", whole, log=tmp_path / "log0")
    draws = random.Random(kind)
    for turn, target in enumerate(sorted(draws.sample(range(1, ROUNDS - 10), 4))):
        words = ("resume", broken) if turn else (*train, "--out", broken)
        killed(start(*words, log=tmp_path / f"log{turn + 1}"), broken, target, draws.uniform(0, 0.05))
    finished("resume", broken, log=tmp_path / "last")
    assert bits(broken) == bits(whole)
    assert samples(broken) == samples(whole)
    assert [line["round"] for line in logged(broken)] == list(range(1, ROUNDS + 1))
    same = [{k: v for k, v in line.items() if k != "seconds"} for line in logged(whole)]
    assert [{k: v for k, v in line.items() if k != "seconds"} for line in logged(broken)] == same


def test_killed_while_writing_it_goes_on_from_the_checkpoint_before(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    finished("train", *POINTS, "--rounds", 30, "--out", whole, log=tmp_path / "a")
    shutil.copytree(whole, broken)
    (broken / "checkpoints" / "000030").rename(broken / "checkpoints" / ".000030.part")
    (broken / "checkpoints" / ".000030.part" / "MANIFEST.json").unlink()
    (broken / "metrics.jsonl").write_bytes((whole / "metrics.jsonl").read_bytes()[:-30])
    assert "going on from round 28" in finished("resume", broken, log=tmp_path / "b").stderr
    assert bits(broken) == bits(whole)
    assert [line["round"] for line in logged(broken)] == list(range(1, 31))
    assert not list((broken / "checkpoints").glob(".*"))


def test_killed_before_its_first_checkpoint_it_starts_from_the_seed(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    finished("train", *POINTS, "--rounds", 7, "--out", whole, log=tmp_path / "a")
    broken.mkdir()
    (broken / "config.yaml").write_text((whole / "config.yaml").read_text())
    finished("resume", broken, log=tmp_path / "b")
    assert bits(broken) == bits(whole)


def test_to_look_at_a_run_changes_nothing_of_it(tmp_path: Path) -> None:
    """It may be training: its log is ahead of its newest checkpoint."""
    run = tmp_path / "run"
    finished("train", *POINTS, "--rounds", 30, "--save-every", 20, "--out", run, log=tmp_path / "a")
    shutil.rmtree(run / "checkpoints" / "000030")
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert rivals.load(run).session.round == 20
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert last_round(run) == 30


def test_options_of_the_optimiser_that_are_changed_are_those_it_goes_on_with(tmp_path: Path) -> None:
    run = tmp_path / "run"
    finished("train", *POINTS, "--rounds", 20, "--out", run, log=tmp_path / "a")
    game = rivals.resume(run, rounds=24, beta1=0.3, generator_lr=3e-4, quiet=True).session.setup.game
    assert game.generator.optimizer.param_groups[0]["betas"][0] == 0.3
    assert game.discriminator.optimizer.param_groups[0]["betas"][0] == 0.3
    assert game.generator.optimizer.param_groups[0]["initial_lr"] == 3e-4
