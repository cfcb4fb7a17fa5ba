"""A training session: the loop of `fit`, with logs, samples, checkpoints and a way to stop."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rivals.feed import Feed
from rivals.loop import fit
from rivals.play import load_state, options_as_they_are, state_of
from rivals.recipes.recipe import Setup
from rivals.report.tensorboard import TensorBoard
from rivals.run.checkpoint import copied, newest_sound, save_checkpoint
from rivals.run.clinic import Clinic
from rivals.run.config import Config
from rivals.run.log import append_line, cut_after, event
from rivals.run.page import report
from rivals.run.progress import Shown, say
from rivals.run.ranks import Ranks
from rivals.run.samples import SampleWriter
from rivals.run.stopping import Stopped, Stopper
from rivals.run.window import NotFinite, Window


class Diverged(RuntimeError):
    """A loss term stopped being a finite number, the one `found`; the last healthy state was saved."""

    def __init__(self, text: str, found: NotFinite) -> None:
        super().__init__(text)
        self.found = found


@dataclass
class Session:
    """One run on disk and everything that it takes to go on with it."""

    folder: Path
    config: Config
    setup: Setup
    feed: Feed
    ranks: Ranks
    samples: SampleWriter
    round: int = 0
    seconds: float = 0.0
    quiet: bool = False
    window: Window = field(default_factory=Window)
    healthy: dict[str, Any] | None = None
    tensorboard: TensorBoard | None = None
    saved: int = -1
    clinic: Clinic = field(init=False)
    """Where the doctor looks at the players; without one until the run is opened for training."""

    def __post_init__(self) -> None:
        self.clinic = Clinic(self.folder)

    @property
    def rounds(self) -> int:
        """Rounds to be reached."""
        return self.config.options.training.rounds

    def train(self) -> None:
        """Plays until the rounds or the minutes are reached, or a signal comes.

        Raises Stopped after a signal, Diverged after a loss that is not finite; the run is saved before either. Raises
        Unwell where the doctor finds what is to be healed.
        """
        run = self.config.run
        begun, before = time.monotonic(), self.seconds
        shown = Shown(self.rounds, run.minutes, self.config.options.training.batch, self.quiet or not self.ranks.first)
        shown.first_round = self.round
        if self.ranks.first:  # what an earlier training logged after the state that this one goes on from
            cut_after(self.folder / "metrics.jsonl", self.round)
        with Stopper() as stopper, shown:
            for index, facts in fit(
                self.setup.game,
                self.feed,
                rounds=self.clinic.watching(range(self.round, self.rounds)),
                seed=run.seed,
                rank=self.ranks.rank,
            ):
                self.round, self.seconds = index + 1, before + time.monotonic() - begun
                self.window.add(self.round, facts)
                at_log = self.round % run.log_every == 0 or self.round == self.rounds
                over = bool(run.minutes) and self.seconds >= 60 * run.minutes
                stop = stopper.signal
                if self.ranks.world > 1:  # processes agree at log points only: asking costs a message
                    over, stop = (self.ranks.greatest(each) if at_log else 0 for each in (int(over), stop))
                if at_log or over or stop:
                    shown.update(self.round, self.seconds, self.log(), self.clinic.word)
                    self.clinic.treat()
                if self.round % run.sample_every == 0:
                    self.write_samples()
                if self.round % run.save_every == 0:
                    self.check()
                    self.save()
                if stop:
                    self.save()
                    if self.ranks.first:
                        report(self.folder, self.config)
                    raise Stopped(stop, self.folder, self.round, self.ranks.first)
                if over:
                    break
        self.finish()

    def log(self) -> dict[str, float]:
        """Moves the facts since the last log point off the device at once, checks them, and writes their means."""
        self.check()
        means = self.window.means()
        self.healthy = self.state() if self._keeps_healthy() else None
        if self.ranks.first:
            seen = self.feed.given * self.feed.batch * self.ranks.world
            record = {"round": self.round, "seconds": round(self.seconds, 3), "samples_seen": seen}
            found = means | self.clinic.visit(self.round, means, seen)
            append_line(self.folder / "metrics.jsonl", record | found)
            if self.tensorboard:
                self.tensorboard.scalars(self.round, found)
        return means

    def check(self) -> None:
        """Stops with the name of what broke if a fact of any process is not finite, the last healthy state saved.

        Raises Diverged, in every process.
        """
        found: NotFinite | None = None
        try:
            self.window.check()
        except NotFinite as error:
            found = error
        if self.ranks.greatest(int(found is not None)):
            self._diverged(self.ranks.first_of(found))

    def save(self) -> None:
        """A checkpoint of this round, if there is none yet."""
        if self.saved != self.round:
            self._save(self.state(), self.round)
            self.saved = self.round

    def state(self) -> dict[str, Any]:
        """Everything that the next round depends on, as it stands, copied."""
        progress = {"round": self.round, "seconds": self.seconds}
        parts = {"game": state_of(self.setup.game), "feed": self.feed.state_dict(), "progress": progress}
        return copied(parts | {"doctor": self.clinic.state_dict()})

    def load(self) -> None:
        """Goes back to the newest sound checkpoint; changes nothing on disk. Raises CheckpointError without one."""
        state, damaged = newest_sound(self.folder / "checkpoints", self.ranks)
        for line in damaged if self.ranks.first else []:
            say(line)
        with options_as_they_are(self.setup.game):
            load_state(self.setup.game, state["game"])
        self.feed.load_state_dict(state["feed"])
        self.round, self.seconds = int(state["progress"]["round"]), float(state["progress"]["seconds"])
        self.saved = self.round
        if self.ranks.first:
            self.clinic.load_state_dict(state.get("doctor", {}), self.round)

    def write_samples(self) -> None:
        """The file of samples from the fixed codes."""
        if self.ranks.first:
            picture = self.samples.write(self.folder / "samples", self.round)
            if self.tensorboard:
                self.tensorboard.image(self.round, picture)

    def finish(self) -> None:
        """The last checkpoint, samples and report of a run that has reached its end."""
        self.save()
        if self.round % self.config.run.sample_every:
            self.write_samples()
        if self.ranks.first:
            event(self.folder, self.round, "finished", seconds=round(self.seconds, 1))
            report(self.folder, self.config)
        if self.tensorboard:
            self.tensorboard.close()

    def _save(self, state: dict[str, Any], rounds: int) -> None:
        save_checkpoint(self.folder / "checkpoints", rounds, state, keep=self.config.run.keep, ranks=self.ranks)

    def _keeps_healthy(self) -> bool:
        return self.round % self.config.run.save_every != 0

    def _diverged(self, found: NotFinite) -> None:
        kept = self.saved
        if self.healthy is not None and self.healthy["progress"]["round"] > self.saved:
            kept = self.healthy["progress"]["round"]
            self._save(self.healthy, kept)
        player, _, term = found.key.rpartition("/")
        if self.ranks.first:
            event(self.folder, found.round, "non-finite", player=player, term=term, value=str(found.value))
            report(self.folder, self.config)
        raise Diverged(
            f"round {found.round}: {term} of {player} is {found.value}; the last healthy state is that of round "
            f"{kept}, saved in {self.folder / 'checkpoints'}; {self.clinic.advice(found)}",
            found,
        ) from None
