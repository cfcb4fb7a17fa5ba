"""Stopping well: the first Ctrl-C or SIGTERM ends the round and saves, the second stops at once."""

import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

SAME_SECONDS = 0.5
"""Signals that come closer together are one: a terminal's Ctrl-C reaches a process of `torchrun` twice."""


class Stopped(Exception):
    """Training stopped early by a signal, after it was saved. `code` is the exit code: 130 or 143."""

    def __init__(self, number: int, folder: Path, round: int, first: bool = True) -> None:
        super().__init__(f"{signal.Signals(number).name} at round {round}; go on with `rivals resume {folder}`")
        self.code, self.folder, self.round, self.first = 128 + number, folder, round, first


class Stopper:
    """While entered, remembers the first signal in `.signal` instead of dying of it."""

    def __init__(self) -> None:
        self.signal, self._since = 0, 0.0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Stopper":
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if not self.signal:
            self.signal, self._since = number, time.monotonic()
        elif time.monotonic() - self._since > SAME_SECONDS:
            raise KeyboardInterrupt
