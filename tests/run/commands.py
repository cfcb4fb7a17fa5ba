"""`rivals` commands in processes of their own, which can be killed. They fork from one that has torch imported."""

import contextlib
import io
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rivals.cli import main

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    [
        "tests.run.commands",
        "rivals.run.run",
        "rivals.recipes.players",
        "rivals.games",
        "torch._dynamo",
        "sklearn.datasets",
    ]
)
PATIENCE = 60.0


def _run(arguments: list[str], out: Path, environment: Mapping[str, str]) -> None:
    os.environ |= environment
    sys.stdout = (out / "stdout").open("w", buffering=1)
    sys.stderr = (out / "stderr").open("w", buffering=1)
    sys.exit(main(arguments))


@dataclass
class Command:
    """A `rivals` command in a process of its own."""

    process: Any
    log: Path

    def wait(self) -> int:
        """Its exit code, negative for the signal that killed it."""
        self.process.join(PATIENCE)
        assert self.process.exitcode is not None, f"still running: {self.stderr}"
        return self.process.exitcode

    def signal(self, number: int) -> int:
        """Sends a signal and gives the exit code."""
        os.kill(self.process.pid, number)
        return self.wait()

    def until(self, reached: Callable[[], bool]) -> None:
        """Waits for something that the process does; fails if it ends before."""
        end = time.monotonic() + PATIENCE
        while not reached():
            assert self.process.is_alive(), f"ended with {self.process.exitcode}: {self.stderr}"
            assert time.monotonic() < end, "nothing happened"
            time.sleep(0.002)

    @property
    def stdout(self) -> str:
        return (self.log / "stdout").read_text()

    @property
    def stderr(self) -> str:
        return (self.log / "stderr").read_text()


def start(*arguments: object, log: Path, **environment: object) -> Command:
    """Starts `rivals ARGUMENTS`; what it prints goes to files in the folder `log`."""
    log.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in arguments]
    kept = {key: value for key, value in os.environ.items() if key.startswith("RIVALS_")}
    kept |= {key: str(value) for key, value in environment.items()}
    process = FORKED.Process(target=_run, args=(words, log, kept))
    process.start()
    return Command(process, log)


def finished(*arguments: object, log: Path) -> Command:
    """Runs `rivals ARGUMENTS` to its end, which must be a good one."""
    command = start(*arguments, log=log)
    assert command.wait() == 0, command.stderr
    return command


def called(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `rivals ARGUMENTS`, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in arguments])
    return code, out.getvalue(), err.getvalue()


def logged(folder: Path) -> list[dict[str, Any]]:
    """The lines of metrics.jsonl; a last one that is half written is not counted."""
    path = folder / "metrics.jsonl"
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def last_round(folder: Path) -> int:
    """The newest round in metrics.jsonl."""
    return max((line["round"] for line in logged(folder)), default=0)


KILL = signal.SIGKILL
