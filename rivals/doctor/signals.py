"""The signals of a training, taken every so many rounds, on its device, moved off it at once."""

from collections.abc import Mapping
from functools import cached_property

import torch
from torch import Tensor

from rivals.doctor.look import Patient, averaged, compared, judged, off_target, untouched
from rivals.doctor.movement import Movement
from rivals.doctor.reference import Reference, reference_of
from rivals.feed import Source
from rivals.loop import seed_of, set_random_state
from rivals.play import Player, players

SAMPLES, MOST_PARTS, LARGEST = 128, 4, 512
"""Fakes of a look: about so many, in so many parts at most; of a larger batch than the last it takes a part."""


class Signals:
    """Looks at the players of a game; changes neither them, nor their random state, nor the feed.

    A look needs no memory but the fakes' shares of the bins at the look before. Of a small `batch` several make a part
    that players see at once: a look has about 128 fakes.
    """

    def __init__(self, patient: Patient, source: Source, held_out: Source | None, batch: int, seed: int) -> None:
        self.patient, self.source, self.held_out, self.seed = patient, source, held_out, seed
        self.part = batch * max(1, -(-SAMPLES // MOST_PARTS // batch))  # of a few fakes alone, chance would tell
        self.n = self.part * max(1, SAMPLES // self.part)
        self.shares: Tensor | None = None
        self.watched = False
        self.movements = {name: Movement(each, lambda: self.watched) for name, each in players(patient.game).items()}

    @cached_property
    def reference(self) -> Reference:
        return reference_of(self.source, self.held_out, self.patient.fields[0], min(self.n, LARGEST))

    def look(self, round: int, facts: Mapping[str, float], seen: int = 0) -> dict[str, float]:
        """The signals after a round with `seen` samples trained on in all, by their names in the log."""
        set_random_state(seed_of(self.seed, 6), round)
        with untouched(self.patient.game):
            found = self._samples()
        for name, movement in self.movements.items():
            found |= {f"{name}/{what}": value for what, value in movement.signals.items()}
        values = torch.stack([value.float() for value in found.values()]).tolist() if found else []
        signals = dict(zip(found, values, strict=True)) | off_target(self.patient, facts)
        signals |= {"rate": max((rate_left(each) for each in players(self.patient.game).values()), default=1.0)}
        if "copies" in signals:
            signals |= {"distinct": self.reference.distinct, "epochs": seen / len(self.source)}
        return {f"doctor/{name}": value for name, value in signals.items()}

    def _samples(self) -> dict[str, Tensor]:
        if self.patient.draw is None:
            return {}
        fake = torch.cat([self.patient.draw(self.part) for _ in range(self.n // self.part)])
        signals = judged(self.patient, self.reference, fake, self.part)
        fake = fake[:LARGEST]
        own, self.shares = compared(self.reference, fake, self.shares)
        return signals | own | averaged(self.patient, self.reference, len(fake))


def rate_left(player: Player) -> float:
    """The share that a schedule has left of a player's learning rate."""
    return max(
        group["lr"] / group["initial_lr"] if group["initial_lr"] else 0.0 for group in player.optimizer.param_groups
    )
