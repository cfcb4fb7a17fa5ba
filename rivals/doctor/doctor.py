"""The doctor of one training: looks now and then, remembers what it saw, and says what it finds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rivals.doctor.diagnosis import findings, word
from rivals.doctor.finding import Finding
from rivals.doctor.history import History
from rivals.doctor.remedies import Options
from rivals.doctor.signals import Signals


class Doctor:
    """Looks at the players at the log points that come `every` rounds or more apart."""

    def __init__(self, signals: Signals, options: Options, *, every: int, log_every: int) -> None:
        self.signals, self.options, self.every, self.log_every = signals, options, every, log_every
        self.history = History()
        self.found: list[Finding] = []

    @property
    def word(self) -> str:
        """What there is to say, in one word."""
        return word(self.found, self.history)

    def due(self, round: int) -> bool:
        """Whether to look after a round: by its number alone, so that a resumed run looks after the same ones."""
        return round % self.log_every == 0 and round // self.every > (round - self.log_every) // self.every

    def watching(self, rounds: Iterable[int]) -> Iterator[int]:
        """The same rounds; the steps of those that are looked at are measured."""
        for round in rounds:
            self.signals.watched = self.due(round + 1)
            yield round

    def look(self, round: int, facts: Mapping[str, float], seen: int) -> dict[str, float]:
        """The signals after a round that is due, for the log; `seen` samples were trained on."""
        signals = self.signals.look(round, facts, seen)
        self.history.add(signals | {"round": round})
        self.found = findings(self.history, self.options)
        return signals

    def recall(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Takes up what a log has of the rounds before."""
        self.history = History(records)
        self.found = findings(self.history, self.options)

    def state_dict(self) -> dict[str, Any]:
        return {} if self.signals.shares is None else {"shares": self.signals.shares}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.signals.shares = state.get("shares")
