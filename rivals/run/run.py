"""A run on disk, as a user holds it: train, resume, load, sample."""

import io
import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from rivals.data.bad import DataError
from rivals.data.names import kind_of
from rivals.data.remembered import Remembered
from rivals.recipes import recipe
from rivals.run.config import Config, RunOptions, changed, read_config
from rivals.run.environment import device_of
from rivals.run.heal import train_healing
from rivals.run.log import event, lines
from rivals.run.opening import open_data
from rivals.run.progress import say
from rivals.run.ranks import Ranks, start_ranks
from rivals.run.scores import scored
from rivals.run.session import Session
from rivals.run.start import Claimed, open_session
from rivals.whole import locked


class Run:
    """A trained, or half-trained, run: its folder, its configuration, and what it has learned."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.path, self.config = session.folder, session.config

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, {self.config.recipe}, {self.session.round} rounds)"

    @property
    def source(self) -> Any:
        """The data that it was trained on, or what a loaded run remembers of it."""
        return self.session.feed.source

    def data(self) -> Any:
        """The data itself. Raises ValueError if it is not where it was."""
        if isinstance(self.source, Remembered):
            return open_data(self.config.run, device_of(self.config.run.device), say=say)
        return self.source

    @property
    def setup(self) -> Any:
        """The game, and how to draw from it."""
        return self.session.setup

    def sample(self, n: int = 64, seed: int = 0, condition: str = "") -> Tensor:
        """n samples in the network's range: pictures float32 (n, C, H, W) in [-1, 1], points (n, d) standardised.

        `condition` is what a conditional run is asked for, such as "blue hair, red eyes"; without it samples are asked
        for what the data holds, as often. Raises ValueError for unknown words, and where a run takes no conditions.
        """
        return self.session.samples.draw(n, seed + 1, condition)

    def arrays(self, n: int = 64, seed: int = 0, condition: str = "") -> np.ndarray:
        """n samples in the data's units: pictures uint8 (n, H, W, C), points float32 (n, d)."""
        return self.source.restore(self.sample(n, seed, condition))

    def scores(self, n: int = 0, seed: int = 0, **options: Any) -> dict[str, Any]:
        """What `rivals eval` prints: scores with their intervals, floor, ceiling and protocol (docs/metrics.md).

        `options` are those of `rivals.run.scores.scored`: data, features, extractor_seed, particles.
        """
        return scored(self, n, seed, **options)

    def picture(self) -> Image.Image:
        """The samples of the fixed codes as one image."""
        return self.session.samples.picture()

    def metrics(self) -> list[dict[str, Any]]:
        """What was logged, a dict a log point."""
        return list(lines(self.path / "metrics.jsonl"))

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.picture().save(buffer, "PNG")
        return buffer.getvalue()


def train(recipe_name: str, *, quiet: bool = False, config: str | Path | None = None, **options: Any) -> Run:
    """Trains a recipe and returns the run.

    `options` are those of `rivals train`, with underscores: data, out, seed, minutes, ..., and the recipe's own.
    Precedence: the recipe's preset, then the file `config`, then `options`.

    Raises ValueError for options or data that cannot be used, Stopped after a signal, Diverged after a loss that
    is not finite.
    """
    made = configured(recipe_name, options, config)
    return train_config(made, quiet=quiet)


def train_config(config: Config, quiet: bool = False) -> Run:
    """Trains what a configuration says, in a new folder."""
    folder = new_folder(config)
    try:
        session = open_session(config, folder, fresh=True, quiet=quiet)
    except Claimed:
        raise
    except BaseException:
        if folder.exists() and not (folder / "checkpoints").exists():  # nothing was trained: leave nothing behind
            shutil.rmtree(folder)
        raise
    with claimed(folder, session.ranks):
        if session.ranks.first:
            say(f"run: {folder}")
        try:
            return Run(train_healing(session))
        except Exception:
            if session.round == 0 and session.ranks.first:  # not one round could be played
                shutil.rmtree(folder)
            raise


def resume(folder: str | Path, *, quiet: bool = False, **changes: Any) -> Run:
    """Goes on from the newest sound checkpoint, exactly. `changes` are options to change, such as rounds or minutes.

    Raises ValueError if the folder is no run, the run has reached its end, or another process trains it.
    """
    path = run_folder(folder)
    before = read_config(path / "config.yaml")
    config = changed(before, changes)
    with claimed(path, start_ranks(config.run.device)):
        session = reopened(config, path, quiet=quiet)
        check_goal(session, before.options.training.rounds)
        if session.ranks.first:
            if changes:
                config.write(path / "config.yaml")
            plain = config.plain()
            event(path, session.round, "resumed", **{name: plain.get(name, given) for name, given in changes.items()})
            say(f"run: {path}, going on from round {session.round}")
        return Run(train_healing(session))


def reopened(config: Config, folder: Path, *, quiet: bool) -> Session:
    """A run as its newest sound checkpoint has it. Raises ValueError where its options are of other networks."""
    try:
        return open_session(config, folder, fresh=False, quiet=quiet)
    except DataError as error:
        if "does not exist" not in str(error):
            raise
        raise DataError(f"{error}; if the data has moved, name its new place with --data") from None
    except RuntimeError as error:
        if "size mismatch" not in str(error) and "in state_dict" not in str(error):
            raise
        raise ValueError(
            f"{folder}: these options make other networks than those of its checkpoints; leave them out, "
            "or train a new run with them"
        ) from None


def check_goal(session: Session, before: int) -> None:
    """Says that a goal of `before` rounds is lowered. Raises ValueError if it has been reached."""
    run, rounds, path = session.config.run, session.rounds, session.folder
    if rounds < before and session.round >= rounds:
        raise ValueError(
            f"{path} is at round {session.round}, past --rounds {rounds}; leave it out to go on to {before}, "
            "or name a greater number"
        )
    if session.round >= rounds or (run.minutes and session.seconds >= 60 * run.minutes):
        at = f"{session.round} rounds, {session.seconds / 60:.1f} minutes"
        more = 2 * max(rounds, session.round)
        raise ValueError(f"{path} has reached its end ({at}); go on with `rivals resume {path} --rounds {more}`")
    if rounds < before and session.ranks.first:
        say(f"--rounds {rounds} is less than the {before} that this run was to have; schedules end sooner too")


@contextmanager
def claimed(folder: Path, ranks: Ranks) -> Iterator[None]:
    """Has no process but these train in a folder. Raises Claimed where another does already."""
    if not ranks.first:
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder / ".training", wait=False))
        except BlockingIOError:
            raise Claimed(f"{folder} is being trained by another process; wait for its end, or stop it") from None
        yield


def load(folder: str | Path, device: str = "auto") -> Run:
    """A run as its newest sound checkpoint has it, for sampling and scoring; its data need not be there any more.

    Raises ValueError if it is no run.
    """
    path = run_folder(folder)
    config = read_config(path / "config.yaml")
    source = Remembered(json.loads((path / "environment.json").read_text())["data"])
    config = replace(config, run=replace(config.run, device=device, tensorboard=False))
    return Run(open_session(config, path, fresh=False, source=source))


def configured(recipe_name: str, options: Mapping[str, Any], config: str | Path | None = None) -> Config:
    """A configuration from a recipe's preset, a file and options by name. Raises ValueError for what is unknown."""
    data = options.get("data")
    if data is not None and not isinstance(data, str | Path):
        raise ValueError(
            f"data must be a name or a path, found {type(data).__name__}; save arrays with "
            'np.savez("data.npz", images=...) or points=..., and name the file'
        )
    if config is not None:
        base = read_config(Path(config), kind_of(str(data)) if data is not None else "")
        if base.recipe != recipe(recipe_name).name:
            raise ValueError(f"{config} is for {base.recipe}, not for {recipe_name}")
    else:
        run = RunOptions()
        base = Config(recipe_name, run, recipe(recipe_name).preset(kind_of(str(data or run.data))))
    return changed(base, options)


def new_folder(config: Config) -> Path:
    """The folder of a new run. Raises ValueError if it is there already and not empty."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = Path(config.run.out or f"runs/{config.recipe}-{stamp}")
    if start_ranks(config.run.device).first and folder.exists():
        if not folder.is_dir():
            raise ValueError(f"{folder} is a file; name a folder with --out")
        if (folder / "config.yaml").exists():
            raise ValueError(f"{folder} is a run already; go on with `rivals resume {folder}`, or name another --out")
        if any(folder.iterdir()):
            raise ValueError(f"{folder} is not empty; name a new folder with --out")
    return folder


def run_folder(folder: str | Path) -> Path:
    """The folder, if a run lives there. Raises ValueError if not."""
    path = Path(folder)
    if not path.exists():
        raise ValueError(f"{path}: no such folder; `rivals train` makes one")
    if not (path / "config.yaml").exists():
        raise ValueError(f"{path} is no run: it has no config.yaml; name the folder that `rivals train` printed")
    return path


def rounds_saved(folder: Path) -> list[int]:
    """The rounds whose samples a run has kept."""
    return sorted(int(p.stem) for p in (folder / "samples").glob("[0-9]*.png"))
