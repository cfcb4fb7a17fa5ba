"""Opening a run: its data, game and feed, fresh or as its newest checkpoint has it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from rivals.data.names import kind_of
from rivals.data.remembered import memory_of
from rivals.doctor.doctor import Doctor
from rivals.doctor.signals import Signals
from rivals.feed import Feed
from rivals.loop import seed_of, set_random_state
from rivals.play import players
from rivals.recipes import recipe
from rivals.recipes.options import check_size
from rivals.recipes.players import rank_batch
from rivals.recipes.recipe import Machine
from rivals.report.tensorboard import open_tensorboard
from rivals.run.checkpoint import checkpoints
from rivals.run.clinic import HEALINGS, Clinic, healed
from rivals.run.config import Config, RunOptions
from rivals.run.environment import device_of, environment, wants_bf16
from rivals.run.log import event
from rivals.run.opening import Say, held_out, lasting, open_data, suited
from rivals.run.progress import say
from rivals.run.ranks import Ranks, start_ranks
from rivals.run.samples import SampleWriter
from rivals.run.session import Session
from rivals.whole import whole_file


class Claimed(ValueError):
    """A run belongs to another process."""


def open_session(config: Config, folder: Path, *, fresh: bool, quiet: bool = False, source: Any = None) -> Session:
    """Builds data, game and feed for a run. A fresh one gets its folder and its files of origin; another is loaded.

    `source` stands in for the data that the options name.
    """
    check_size(config.options, config.run.size)
    device, ranks = _place(config)
    run, voice = config.run, say if ranks.first else _silent
    begins = fresh or (source is None and _unbegun(folder))
    source = open_data(run, device, say=voice) if source is None else source
    chosen = recipe(config.recipe)
    if fresh:
        preset = chosen.preset(kind_of(run.data))
        options = suited(config.options, preset, source, small_data=chosen.small_data, say=voice)
        config = replace(config, run=lasting(run), options=options)
    check_healing(run, ranks)
    machine = Machine(device, wants_bf16(run.precision, device), run.compile, ranks.world)
    set_random_state(run.seed)
    setup = chosen.build(config.options, source.spec, machine)
    share = rank_batch(config.options, machine)
    feed = Feed(source, share, fields=setup.fields, seed=seed_of(run.seed, 3), rank=ranks.rank, world=ranks.world)
    session = Session(folder, config, setup, feed, ranks, SampleWriter(setup, source, run.seed), quiet=quiet)
    for name, player in players(setup.game).items():
        player.name = name
    if run.doctor_every and ranks.first and len(source):
        session.clinic = _clinic(session, held_out(run, device))
    if begins:
        if fresh and ranks.first and (folder / "config.yaml").exists():
            raise Claimed(f"{folder} has become the run of another process; name another folder with --out")
        _begin(session, device)
    else:
        _check_data(folder, source, say=voice)
        session.load()
    if run.tensorboard and ranks.first:
        session.tensorboard = open_tensorboard(folder / "tb")
    return session


def _check_data(folder: Path, source: Any, *, say: Say) -> None:
    """Compares the data with that of the run, which goes on exactly only with the same.

    Raises ValueError for data of another kind: other shapes, classes, tags or words.
    """
    before, now = json.loads((folder / "environment.json").read_text())["data"], memory_of(source)
    kinds = [
        {name: (field["shape"], field["kind"], field.get("words", [])) for name, field in each["fields"].items()}
        for each in (before, now)
    ]
    if json.dumps(kinds[0]) != json.dumps(kinds[1]):
        raise ValueError(
            f"{folder} was trained on {before['about']}, and the data now is {now['about']}; "
            "give the same data with --data, or train a new run on this one"
        )
    if before["sha256"] != now["sha256"]:
        say(f"the data is not the same as before: it was {before['about']}, and is {now['about']}")
        say("training goes on with what is there now, and not as if it had never stopped")


def check_healing(run: RunOptions, ranks: Ranks) -> None:
    """Raises ValueError if a run is to be healed where it can't be."""
    if run.heal and not run.doctor_every:
        raise ValueError("--heal needs the doctor, and --doctor-every 0 turns it off; leave one of them out")
    if run.heal and ranks.world > 1:
        raise ValueError(f"--heal works in one process, and these are {ranks.world}; leave it out")


def _clinic(session: Session, others: Any) -> Clinic:
    """The doctor of a run; `others` are samples that it is not trained on, if there are any."""
    run, feed = session.config.run, session.feed
    signals = Signals(session.setup, feed.source, others, feed.batch, run.seed)
    doctor = Doctor(signals, session.config.heeded(), every=run.doctor_every, log_every=run.log_every)
    heals = run.heal and healed(session.folder) < HEALINGS
    return Clinic(session.folder, doctor, heals=heals)


def _place(config: Config) -> tuple[str, Ranks]:
    """The device of this process, and which process it is."""
    device = device_of(config.run.device)
    ranks = start_ranks(device)
    if device == "cuda" and ranks.world > 1:
        device = f"cuda:{ranks.rank % torch.cuda.device_count()}"
        torch.cuda.set_device(device)
    if config.run.threads:
        torch.set_num_threads(config.run.threads)
    return device, ranks


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


def _silent(text: str) -> None:
    """For the processes that do not speak."""
