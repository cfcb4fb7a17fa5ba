"""A game on points of the plane, filmed as it is played."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rivals.feed import Feed
from rivals.loop import fit, seed_of, set_random_state
from rivals.play import Facts
from rivals.recipes import Machine, recipe
from rivals.recipes.players import rank_batch
from rivals.report.duel import duel
from rivals.report.film import check_film, film
from rivals.report.grid import save_png
from rivals.run.config import Config
from rivals.run.opening import open_data, suited
from rivals.run.portrait import Portrait
from rivals.run.progress import Shown, say
from rivals.run.stopping import Stopper
from rivals.run.watch import can_be_filmed


@dataclass(frozen=True)
class Filmed:
    """The film, and the signal that ended it early, or 0."""

    film: Path
    signal: int


def film_game(config: Config, out: Path, frames: int, fps: float = 12.0) -> Filmed:
    """Plays what a configuration says, and leaves the film `out` and its frames in a folder of the same name.

    Ctrl-C ends the play; what there is by then becomes the film. Raises ValueError for data that is not in the plane.
    """
    check_film(out, fps)
    folder = out.with_suffix("")
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise ValueError(f"{folder}, the folder for the frames, is there already; name another --out or remove it")
    training, begun = config.options.training, time.monotonic()
    rounds = {round(training.rounds * i / max(frames - 1, 1)) for i in range(frames)}
    with Stopper() as stopper, Shown(training.rounds, 0.0, training.batch) as shown:
        for played, portrait, facts in play(config):
            if played in rounds:
                moment = portrait.moment(f"{config.recipe}     round {played:,}")
                save_png(duel(moment, portrait.bounds), folder / f"{played:06d}.png")
                if facts:
                    losses = {name: float(fact) for name, fact in facts.items() if name.endswith("/loss")}
                    shown.update(played, time.monotonic() - begun, losses)
            if stopper.signal:
                break
    return Filmed(film(sorted(folder.glob("*.png")), out, fps), stopper.signal)


def play(config: Config) -> Iterator[tuple[int, Portrait, Facts]]:
    """The number of rounds played, from 0 on, what there is to draw then, and the facts of the round."""
    source = open_data(config.run, "cpu", say=say)
    shape = source.spec["point"].shape
    if shape != (2,):
        raise ValueError(
            f"the lab draws points in the plane, 2 numbers each; those of {config.run.data} have {shape[0]}"
        )
    chosen, seed = recipe(config.recipe), config.run.seed
    options = suited(config.options, chosen.preset("points"), source, small_data="none", say=say)
    set_random_state(seed)
    setup = chosen.build(options, source.spec, Machine())
    if not can_be_filmed(setup.game):
        raise ValueError(
            f"the lab films a generator's moves against a judge, and {config.recipe} has none by itself; "
            f"use `rivals train {config.recipe} --data {config.run.data}` and `rivals video`"
        )
    feed = Feed(source, rank_batch(options, Machine()), fields=setup.fields, seed=seed_of(seed, 3))
    portrait = Portrait(setup, source, options, seed)
    yield 0, portrait, {}
    for index, facts in fit(setup.game, feed, rounds=range(options.training.rounds), seed=seed):
        yield index + 1, portrait, facts
