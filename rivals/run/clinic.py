"""The doctor on a run's disk: its signals in the log, its findings among the events, its word to whoever may heal."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rivals.doctor.diagnosis import alarming, non_finite
from rivals.doctor.doctor import Doctor
from rivals.doctor.finding import Finding
from rivals.run.log import event, lines
from rivals.run.window import NotFinite

BEYOND = ("data", "rounds")
"""Options that only a person can change: what to learn, and when enough is enough."""
HEALINGS = 3
"""Remedies that a run may have applied: what they do not help is for a person to look at."""


class Unwell(Exception):
    """The doctor is alarmed, and what it found is to be healed."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.name)
        self.finding = finding


class Clinic:
    """What a session asks of the doctor; without one, nothing."""

    def __init__(self, folder: Path, doctor: Doctor | None = None, *, heals: bool = False) -> None:
        self.folder, self.doctor, self.heals = folder, doctor, heals

    @property
    def word(self) -> str:
        return self.doctor.word if self.doctor else ""

    def watching(self, rounds: Iterable[int]) -> Iterable[int]:
        """The same rounds, under the doctor's eyes."""
        return self.doctor.watching(rounds) if self.doctor else rounds

    def visit(self, round: int, facts: Mapping[str, float], seen: int) -> dict[str, float]:
        """The doctor's signals, if it is due to look; findings that are new, and those that are over, become events."""
        if not self.doctor or not self.doctor.due(round):
            return {}
        before = {each.name for each in self.doctor.found}
        signals = self.doctor.look(round, facts, seen)
        for each in self.doctor.found:
            if each.name not in before:
                event(self.folder, round, "finding", **{k: v for k, v in each.record().items() if k != "round"})
        for name in sorted(before - {each.name for each in self.doctor.found}):
            event(self.folder, round, "over", name=name)
        return signals

    def non_finite(self, found: NotFinite) -> Finding:
        """The finding that a fact was no finite number; what was seen before the last look was sound."""
        assert self.doctor
        event = {"round": found.round, "player": found.key.rpartition("/")[0]}
        return replace(non_finite(event, self.doctor.options), since=self.doctor.history.round + 1)

    def advice(self, found: NotFinite) -> str:
        """What to try after a fact that was no finite number."""
        if self.doctor is None:
            return "try lower learning rates, or --precision fp32"
        remedy = self.non_finite(found).remedy
        return f"try --{remedy.option.replace('_', '-')} {remedy.value}"

    def treat(self) -> None:
        """Raises Unwell if the doctor is alarmed and its remedies are wanted: with the gravest that has one."""
        if self.heals and self.doctor and alarming(self.doctor.found):
            alarms = [each for each in self.doctor.found if each.severity != "note"]
            raise Unwell(next((each for each in alarms if each.remedy.option not in BEYOND), alarms[0]))

    def state_dict(self) -> dict[str, Any]:
        return self.doctor.state_dict() if self.doctor else {}

    def load_state_dict(self, state: Mapping[str, Any], round: int) -> None:
        """Takes up the state of a checkpoint, and from the log what was seen up to its round."""
        if self.doctor:
            self.doctor.load_state_dict(state)
            logged = lines(self.folder / "metrics.jsonl")
            self.doctor.recall(record for record in logged if record.get("round", 0) <= round)


def healed(folder: Path) -> int:
    """How many remedies a run has had."""
    return sum(each.get("event") == "healed" for each in lines(folder / "events.jsonl"))
