"""The signals of a training over its rounds, as its log has them. Imports no torch."""

import math
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

PREFIX = "doctor/"
LOOKS = 4
"""Looks that a finding rests on at least: their median, so that no single one makes an alarm."""
PATIENCE = 400
"""Rounds that they cover at least, but for what shows in a single step: the first rounds of a game are wild."""


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

    @property
    def stretch(self) -> int:
        """How many looks are enough."""
        if len(self.looks) < 2:
            return LOOKS
        apart = max(1, self.looks[-1]["round"] - self.looks[-2]["round"])
        return max(LOOKS, math.ceil(PATIENCE / apart))

    @property
    def early(self) -> int:
        """How many more looks it takes until there is a stretch to compare the newest with; 0 where there is one."""
        return max(0, 2 * self.stretch - len(self.looks))

    def since(self, looks: int = 0) -> int:
        """The round of the first of the newest looks, of a stretch unless said otherwise."""
        looks = looks or self.stretch
        return self.looks[-looks]["round"] if len(self.looks) >= looks else 0

    def names(self) -> set[str]:
        """Every signal that the newest look has."""
        return set(self.looks[-1]) if self.looks else set()

    def newest(self, name: str, looks: int, before: int = 0) -> list[float]:
        """A signal over the newest looks but the last `before`; empty where not so many of them have it."""
        stretch = self.looks[: len(self.looks) - before][-looks:]
        values = [look.get(name) for look in stretch]
        sound = [float(value) for value in values if value is not None and math.isfinite(value)]
        return sound if len(sound) == looks else []

    def level(self, name: str, looks: int = 0, before: int = 0) -> float | None:
        """The median of a signal over those looks, a stretch unless said otherwise; None where there is none."""
        values = self.newest(name, looks or self.stretch, before)
        return median(values) if values else None

    def earlier(self, name: str) -> float | None:
        """The same over the stretch before the newest."""
        return self.level(name, before=self.stretch)
