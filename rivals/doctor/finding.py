"""What the doctor says: a finding, and a remedy for it. Imports no torch."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rivals.doctor.history import History

Severity = Literal["note", "warning", "severe"]
ORDER: tuple[Severity, ...] = ("severe", "warning", "note")


@dataclass(frozen=True)
class Remedy:
    """An option to change, and the value to give it."""

    option: str
    value: Any


@dataclass(frozen=True)
class Symptom:
    """That something is the case, with the numbers that show it."""

    name: str
    severity: Severity
    since: int
    """The round from which on the evidence holds."""
    evidence: Mapping[str, float]
    about: str = ""
    """Which player's fault it is, which option's, or which of the samples' properties shows it, for the remedy."""


@dataclass(frozen=True)
class Finding:
    """A symptom with its reason and its remedy."""

    name: str
    severity: Severity
    round: int
    since: int
    evidence: Mapping[str, float]
    why: str
    remedy: Remedy

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


Rule = Callable[[History], Symptom | None]
"""Whether a symptom is there, by the signals alone."""
