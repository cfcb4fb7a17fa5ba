"""How training is shown: a live bar on a terminal, a plain line now and then elsewhere, both on standard error."""

import contextlib
import sys
import time
from collections.abc import Mapping
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

QUIET_SECONDS = 10.0


class Shown:
    """Shows rounds, speed, time left and losses. Lines come at most every ten seconds where there is no terminal."""

    def __init__(self, total: int, minutes: float, batch: int, quiet: bool = False) -> None:
        self.total, self.minutes, self.batch, self.quiet = total, minutes, batch, quiet
        self.console = Console(stderr=True)
        self.live = self.console.is_terminal and not quiet
        self.started, self.first_round, self.last_line = time.monotonic(), 0, 0.0
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> "Shown":
        self.started = time.monotonic()
        if self.live:
            columns = (BarColumn(bar_width=16), TextColumn("{task.description}"))
            self.bar = Progress(*columns, console=self.console, transient=False)
            self.bar.start()
            self.task = self.bar.add_task("starting", total=1.0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar:
            self.bar.stop()

    def update(self, round: int, seconds: float, facts: Mapping[str, float], word: str = "") -> None:
        """After a log point: `round` rounds and `seconds` seconds of training in all, and the doctor's word."""
        speed = (round - self.first_round) / max(time.monotonic() - self.started, 1e-9)
        done = max(round / self.total, seconds / (60 * self.minutes) if self.minutes else 0.0)
        left = seconds * (1 - done) / done if done else 0.0
        pace = f"round {round}/{self.total} | {clock(seconds)} left {clock(left)} | {_rate(speed)}"
        result = f"{speed * self.batch:.0f} samples/s | {_losses(facts)}{f' | {word}' if word else ''}"
        if self.bar and self.task is not None:  # in two rows, so that all of it fits into 80 columns
            self.bar.update(self.task, completed=min(done, 1.0), description=f"{pace}\n{result}")
        elif not self.quiet and (time.monotonic() - self.last_line > QUIET_SECONDS or done >= 1):
            self.last_line = time.monotonic()
            say(f"{pace} | {result}")


def say(text: str) -> None:
    """One line for a person, on standard error; standard output is for results."""
    with contextlib.suppress(BrokenPipeError):  # nobody reads on: no reason to stop training
        print(text, file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """h:mm:ss"""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _rate(speed: float) -> str:
    return f"{speed:.1f} rounds/s" if speed >= 1 else f"{1 / max(speed, 1e-9):.1f} s/round"


def _losses(facts: Mapping[str, float]) -> str:
    losses = {key.removesuffix("/loss"): value for key, value in facts.items() if key.endswith("/loss")}
    return "loss " + " ".join(f"{name} {value:.3g}" for name, value in losses.items())
