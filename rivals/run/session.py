"""A training session: the loop of `fit`, with logs, samples, checkpoints and a way to stop."""

import json
import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from rivals.data.names import kind_of
from rivals.data.remembered import memory_of
from rivals.feed import Feed
from rivals.fit import fit, seed_of, set_random_state
from rivals.play import load_state, players, state_of
from rivals.recipes import recipe
from rivals.recipes.players import rank_batch
from rivals.recipes.recipe import Machine, Setup
from rivals.report.html import write_report
from rivals.report.tensorboard import TensorBoard, open_tensorboard
from rivals.report.whole import whole_file
from rivals.run.checkpoint import checkpoints, copied, newest_sound, save_checkpoint
from rivals.run.config import Config
from rivals.run.environment import device_of, environment, wants_bf16
from rivals.run.log import append_line, cut_after, event
from rivals.run.opening import open_data, suited
from rivals.run.progress import Shown, say
from rivals.run.ranks import Ranks, start_ranks
from rivals.run.samples import SampleWriter
from rivals.run.stopping import Stopped, Stopper


class Diverged(RuntimeError):
    """A loss term stopped being a finite number; the last healthy state was saved."""


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
    recent: list[tuple[int, dict[str, torch.Tensor]]] = field(default_factory=list)
    healthy: dict[str, Any] | None = None
    tensorboard: TensorBoard | None = None
    saved: int = -1

    @property
    def rounds(self) -> int:
        """Rounds to be reached."""
        return self.config.options.training.rounds

    def train(self) -> None:
        """Plays until the rounds or the minutes are reached, or a signal comes.

        Raises Stopped after a signal, Diverged after a loss that is not finite; the run is saved before either.
        """
        run = self.config.run
        begun, before = time.monotonic(), self.seconds
        shown = Shown(self.rounds, run.minutes, self.config.options.training.batch, self.quiet or not self.ranks.first)
        shown.first_round = self.round
        with Stopper() as stopper, shown:
            for index, facts in fit(
                self.setup.game,
                self.feed,
                rounds=range(self.round, self.rounds),
                seed=run.seed,
                rank=self.ranks.rank,
            ):
                self.round, self.seconds = index + 1, before + time.monotonic() - begun
                self.recent.append((self.round, _scalars(facts)))
                at_log = self.round % run.log_every == 0 or self.round == self.rounds
                over = bool(run.minutes) and self.seconds >= 60 * run.minutes
                stop = stopper.signal
                if self.ranks.world > 1:  # processes agree at log points only: asking costs a message
                    over, stop = (self.ranks.greatest(each) if at_log else 0 for each in (int(over), stop))
                if at_log or over or stop:
                    shown.update(self.round, self.seconds, self.log())
                if self.round % run.sample_every == 0:
                    self.write_samples()
                if self.round % run.save_every == 0:
                    self.save()
                if stop:
                    self.save()
                    raise Stopped(stop, self.folder, self.round, self.ranks.first)
                if over:
                    break
        self.finish()

    def log(self) -> dict[str, float]:
        """Moves the facts since the last log point off the device at once, checks them, and writes their means."""
        means = self._checked_means()
        self.healthy = self.state() if self._keeps_healthy() else None
        if self.ranks.first:
            seen = self.feed.given * self.feed.batch * self.ranks.world
            record = {"round": self.round, "seconds": round(self.seconds, 3), "samples_seen": seen}
            append_line(self.folder / "metrics.jsonl", record | means)
            if self.tensorboard:
                self.tensorboard.scalars(self.round, means)
        return means

    def save(self) -> None:
        """A checkpoint of this round, if there is none yet."""
        if self.saved != self.round:
            self._save(self.state(), self.round)
            self.saved = self.round

    def state(self) -> dict[str, Any]:
        """Everything that the next round depends on, as it stands, copied."""
        progress = {"round": self.round, "seconds": self.seconds}
        return copied({"game": state_of(self.setup.game), "feed": self.feed.state_dict(), "progress": progress})

    def load(self) -> None:
        """Goes back to the newest sound checkpoint. Raises CheckpointError if there is none."""
        state, damaged = newest_sound(self.folder / "checkpoints", self.ranks)
        for line in damaged if self.ranks.first else []:
            say(line)
        load_state(self.setup.game, state["game"])
        self.feed.load_state_dict(state["feed"])
        self.round, self.seconds = int(state["progress"]["round"]), float(state["progress"]["seconds"])
        self.saved = self.round
        if self.ranks.first:
            cut_after(self.folder / "metrics.jsonl", self.round)

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
            write_report(self.folder)
        if self.tensorboard:
            self.tensorboard.close()

    def _save(self, state: dict[str, Any], rounds: int) -> None:
        save_checkpoint(self.folder / "checkpoints", rounds, state, keep=self.config.run.keep, ranks=self.ranks)

    def _keeps_healthy(self) -> bool:
        return self.round % self.config.run.save_every != 0

    def _checked_means(self) -> dict[str, float]:
        """The mean of each fact since the last log point. Raises Diverged at the first that is not finite."""
        rounds = [round for round, _ in self.recent]
        table = {key: [facts.get(key) for _, facts in self.recent] for key in self.recent[-1][1]}
        self.recent = []
        means: dict[str, float] = {}
        for key, column in table.items():
            values = torch.stack([v for v in column if v is not None]).float().cpu()
            bad = (~values.isfinite()).nonzero()
            if len(bad):
                self._diverged(key, rounds[int(bad[0])], float(values[bad[0]]))
            means[key] = float(values.mean())
        return means

    def _diverged(self, key: str, round: int, value: float) -> None:
        """Saves the last healthy state and stops with the name of what broke."""
        kept = self.saved
        if self.healthy is not None and self.healthy["progress"]["round"] > self.saved:
            kept = self.healthy["progress"]["round"]
            self._save(self.healthy, kept)
        player, _, term = key.rpartition("/")
        if self.ranks.first:
            event(self.folder, round, "non-finite", player=player, term=term, value=str(value))
        raise Diverged(
            f"round {round}: {term} of {player} is {value}; the last healthy state is that of round {kept}, saved in "
            f"{self.folder / 'checkpoints'}; try a lower learning rate for {player} or --precision fp32"
        )


def open_session(config: Config, folder: Path, *, fresh: bool, quiet: bool = False, source: Any = None) -> Session:
    """Builds data, game and feed for a run. A fresh one gets its folder and its files of origin; another is loaded.

    `source` stands in for the data that the options name.
    """
    run = config.run
    device = device_of(run.device)
    ranks = start_ranks(device)
    if device == "cuda" and ranks.world > 1:
        device = f"cuda:{ranks.rank % torch.cuda.device_count()}"
        torch.cuda.set_device(device)
    if run.threads:
        torch.set_num_threads(run.threads)
    begins = fresh or (source is None and _unbegun(folder))
    source = open_data(run, device, say=say if ranks.first else _silent) if source is None else source
    chosen = recipe(config.recipe)
    if fresh:
        preset = chosen.preset(kind_of(run.data))
        voice = say if ranks.first else _silent
        options = suited(config.options, preset, source, small_data=chosen.small_data, say=voice)
        config = replace(config, options=options)
    machine = Machine(device, wants_bf16(run.precision, device), run.compile, ranks.world)
    set_random_state(run.seed)
    setup = chosen.build(config.options, source.spec, machine)
    share = rank_batch(config.options, machine)
    feed = Feed(source, share, fields=setup.fields, seed=seed_of(run.seed, 3), rank=ranks.rank, world=ranks.world)
    session = Session(folder, config, setup, feed, ranks, SampleWriter(setup, source, run.seed), quiet=quiet)
    for name, player in players(setup.game).items():
        player.name = name
    if begins:
        _begin(session, device)
    else:
        session.load()
    if run.tensorboard and ranks.first:
        session.tensorboard = open_tensorboard(folder / "tb")
    return session


def _begin(session: Session, device: str) -> None:
    """The files that a run starts with, and its state before the first round."""
    if session.ranks.first:
        session.folder.mkdir(parents=True, exist_ok=True)
        session.config.write(session.folder / "config.yaml")
        origin = environment(session.config.run.seed, device, memory_of(session.feed.source))
        with whole_file(session.folder / "environment.json") as part:
            part.write_text(json.dumps(origin, indent=1))
        event(session.folder, 0, "started")
    session.write_samples()
    session.save()


def _unbegun(folder: Path) -> bool:
    """Whether a run was stopped before its first checkpoint: its state is still that of the seed."""
    return not checkpoints(folder / "checkpoints") and not (folder / "metrics.jsonl").exists()


def _scalars(facts: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The facts that are single numbers, without moving them."""
    return {
        key: value if isinstance(value, torch.Tensor) else torch.tensor(float(value))
        for key, value in facts.items()
        if (isinstance(value, torch.Tensor) and value.dim() == 0)
        or (isinstance(value, int | float) and math.isfinite(value))
    }


def _silent(text: str) -> None:
    """For the processes that do not speak."""
