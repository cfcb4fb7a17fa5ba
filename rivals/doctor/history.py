"""The signals of a training over its rounds, as its log has them. Imports no torch."""

import math
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

PREFIX = "doctor/"
LOOKS = 4
"""Looks that a finding rests on: their median, so that no single one makes an alarm."""


class History:
    """The looks of a training, oldest first."""

    def __init__(self, records: Iterable[Mapping[str, Any]] = ()) -> None:
        self.looks: list[dict[str, Any]] = []
        for record in records:
            self.add(record)

    def add(self, record: Mapping[str, Any]) -> None:
        """Keeps what a line of the log holds of the doctor's signals, if it holds any."""
        own = {key.removeprefix(PREFIX): value for key, value in record.items() if key.startswith(PREFIX)}
        if own:
            self.looks.append(own | {"round": int(record["round"])})

    @property
    def round(self) -> int:
        """That of the newest look."""
        return self.looks[-1]["round"] if self.looks else 0

    def since(self, looks: int = LOOKS) -> int:
        """The round of the first of the newest looks."""
        return self.looks[-looks]["round"] if len(self.looks) >= looks else 0

    def names(self) -> set[str]:
        """Every signal that the newest look has."""
        return set(self.looks[-1]) if self.looks else set()

    def newest(self, name: str, looks: int = LOOKS, before: int = 0) -> list[float]:
        """A signal over the newest looks but the last `before`; empty where not so many of them have it."""
        stretch = self.looks[: len(self.looks) - before][-looks:]
        values = [look.get(name) for look in stretch]
        sound = [float(value) for value in values if value is not None and math.isfinite(value)]
        return sound if len(sound) == looks else []

    def level(self, name: str, looks: int = LOOKS, before: int = 0) -> float | None:
        """The median of a signal over those looks; None where there is none."""
        values = self.newest(name, looks, before)
        return median(values) if values else None
