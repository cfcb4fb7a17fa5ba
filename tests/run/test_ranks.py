"""Two processes, as `torchrun` starts them, train one run: the first writes, and resuming is exact."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from rivals.run.checkpoint import checkpoints
from tests.run.commands import Command, called, last_round, logged, start
from tests.run.tiny import POINTS, bits, samples


def started(*arguments: object, log: Path) -> list[Command]:
    """The same command in two processes that know of each other."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": 2}
    return [start(*arguments, log=log / str(rank), RANK=rank, LOCAL_RANK=rank, **where) for rank in range(2)]


def ended(pair: list[Command]) -> list[int]:
    return [command.wait() for command in pair]


def test_only_the_first_writes_and_a_resumed_pair_has_the_same_bits(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    train = ("train", *POINTS, "--rounds", 24)
    pair = started(*train, "--out", whole, log=tmp_path / "a")
    assert ended(pair) == [0, 0], pair[0].stderr + pair[1].stderr
    assert pair[0].stdout == f"{whole}\n"
    assert (pair[1].stdout, pair[1].stderr) == ("", "")
    assert [line["round"] for line in logged(whole)] == list(range(1, 25))
    assert logged(whole)[-1]["samples_seen"] == 24 * 2 * 16  # two batches of 16 a round, over both processes
    assert sorted(path.name for path in (whole / "checkpoints" / "000024").iterdir()) == [
        "MANIFEST.json", "model.safetensors", "rank1.json", "rank1.safetensors", "state.json", "trainer.safetensors",
    ]  # fmt: skip

    pair = started(*train, "--out", broken, log=tmp_path / "b")
    pair[0].until(lambda: last_round(broken) >= 10)
    for command in pair:
        command.signal(signal.SIGKILL)
    pair = started("resume", broken, log=tmp_path / "c")
    assert ended(pair) == [0, 0], pair[0].stderr + pair[1].stderr
    assert bits(broken) == bits(whole) and samples(broken) == samples(whole)
    assert [line["round"] for line in logged(broken)] == list(range(1, 25))


def test_ctrl_c_reaches_both_and_they_stop_at_the_same_round(tmp_path: Path) -> None:
    run = tmp_path / "run"
    pair = started("train", *POINTS, "--rounds", 100_000, "--out", run, log=tmp_path / "a")
    pair[0].until(lambda: last_round(run) >= 5)
    assert pair[0].signal(signal.SIGINT) == 130, pair[0].stderr
    assert pair[1].wait() == 130, pair[1].stderr
    assert int(checkpoints(run / "checkpoints")[0].name) == last_round(run)
    assert pair[0].stderr.splitlines()[-1].endswith(f"go on with `rivals resume {run}`")
    assert pair[1].stderr == ""


def test_another_number_of_processes_is_refused(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert called("train", *POINTS, "--rounds", 2, "--out", run)[0] == 0
    pair = started("resume", run, "--rounds", 4, log=tmp_path / "a")
    assert ended(pair) == [2, 2]
    assert "is of a run on 1 processes, and these are 2" in pair[0].stderr
    odd = started("train", *POINTS, "--batch", 15, "--out", tmp_path / "odd", log=tmp_path / "b")
    assert ended(odd) == [2, 2]
    assert "--batch 15 cannot be shared by 2 processes" in odd[0].stderr
    assert not (tmp_path / "odd").exists()


POISONED = """
import os, sys
from rivals.cli import main
from rivals.run.window import Window
add = Window.add
def poisoned(self, round, facts):
    add(self, round, facts | ({"generator/loss": float("nan")} if (os.environ["RANK"], round) == ("1", 20) else {}))
Window.add = poisoned
sys.exit(main(sys.argv[1:]))
"""


def test_what_is_not_finite_in_one_stops_both(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1]), "WORLD_SIZE": "2"}
    words = [*map(str, POINTS), "--rounds", "60", "--log-every", "10", "--out", str(run)]
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", POISONED, "train", *words],
            env=os.environ | where | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    said = [process.communicate(timeout=60)[1] for process in pair]
    assert all(process.returncode not in (0, None) for process in pair)
    assert "round 20: loss of generator is nan; the last healthy state is that of round 14" in said[0]
    assert checkpoints(run / "checkpoints")[0].name == "000014"
