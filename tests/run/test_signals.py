"""Ctrl-C and SIGTERM save first; a second Ctrl-C stops at once; a run that blows up says what blew."""

import json
import math
import signal
from pathlib import Path

import pytest

import rivals
from rivals.play import players
from rivals.run.checkpoint import checkpoints, newest_sound
from rivals.run.session import Diverged
from rivals.run.stopping import Stopper
from tests.run.commands import called, finished, last_round, logged, start
from tests.run.tiny import POINTS, bits

LONG = ("train", *POINTS, "--save-every", 1000, "--rounds", 100_000)
"""So long that a signal always comes before the end."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_says_how_to_go_on_and_changes_no_bit(number: int, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    command = start(*LONG, "--out", broken, log=tmp_path / "a")
    command.until(lambda: last_round(broken) >= 10)
    assert command.signal(number) == 128 + number
    stopped = last_round(broken)
    line = f"stopped and saved at round {stopped}; go on with `rivals resume {broken}`"
    assert command.stderr.splitlines()[-1] == line and command.stdout == ""
    assert [path.name for path in checkpoints(broken / "checkpoints")] == [f"{stopped:06d}", "000000"]
    assert f"<b>{stopped}</b>" in (broken / "report.html").read_text()
    # the learning rate falls over all rounds asked for, so both halves ask for the same number
    second = start("resume", broken, log=tmp_path / "b")
    second.until(lambda: last_round(broken) >= stopped + 10)
    assert second.signal(number) == 128 + number
    _stop_at(last_round(broken), whole, tmp_path)
    assert bits(broken) == bits(whole)
    assert [line["round"] for line in logged(broken)] == list(range(1, last_round(broken) + 1))


def _stop_at(round: int, folder: Path, tmp_path: Path) -> None:
    """The same run, stopped by nobody: it saves at that round as it goes by."""
    words = [*LONG[:-4], "--save-every", round, "--keep", 100, "--rounds", 100_000]
    command = start(*words, "--out", folder, log=tmp_path / "c")
    command.until(lambda: (folder / "checkpoints" / f"{round:06d}").exists())
    command.signal(signal.SIGKILL)
    for path in checkpoints(folder / "checkpoints"):
        if int(path.name) > round:
            path.rename(path.parent / f".{path.name}")


def test_the_second_signal_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Stopper() as stopper:
        for _ in range(2):  # as `torchrun` sends it beside the terminal
            signal.raise_signal(signal.SIGINT)
            assert stopper.signal == signal.SIGINT
        monkeypatch.setattr("rivals.run.stopping.SAME_SECONDS", 0.0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_training_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rivals.run.start.open_data", interrupted)
    assert called("train", "gan", "--data", "ring", "--out", tmp_path / "run") == (130, "", "stopped\n")
    assert not (tmp_path / "run").exists()


def test_a_loss_that_is_not_finite_is_named_and_the_last_healthy_state_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    rate = ("--discriminator-lr", 1e30, "--decay", "none", "--rounds", 50, "--log-every", 1, "--save-every", 40)
    code, out, err = called("train", *POINTS, *rate, "--out", folder)
    assert (code, out) == (1, "")
    event = json.loads((folder / "events.jsonl").read_text().splitlines()[-1])
    round, last = event["round"], err.splitlines()[-1]
    assert event["event"] == "non-finite" and event["player"] in ("generator", "discriminator")
    assert last.startswith(f"rivals: round {round}: {event['term']} of {event['player']} is {event['value']}; ")
    kept = newest_sound(folder / "checkpoints")[0]
    assert kept["progress"]["round"] == round - 1 and f"that of round {round - 1}, saved" in last
    run = rivals.load(folder)
    for player in players(run.setup.game).values():
        assert all(weight.isfinite().all() for weight in player.network.parameters())
    assert all(math.isfinite(value) for line in logged(folder) for value in line.values())


def test_diverged_is_an_error_that_python_sees(tmp_path: Path) -> None:
    with pytest.raises(Diverged, match=r"of discriminator|of generator"):
        rivals.train(
            "gan", data="ring", batch=8, generator_lr=1e30, rounds=30, log_every=5, out=tmp_path / "r", quiet=True
        )


def test_a_finished_run_says_so(tmp_path: Path) -> None:
    finished("train", *POINTS, "--rounds", 3, "--out", tmp_path / "r", log=tmp_path / "a")
    code, _, err = called("resume", tmp_path / "r")
    assert code == 2
    assert err.splitlines()[-1].endswith(f"go on with `rivals resume {tmp_path / 'r'} --rounds 6`")
