"""Minutes alone plan the rounds, so that what falls over them ends with the time; the plan is kept in the run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rivals
from rivals.data.load import load
from rivals.feed import Feed
from rivals.recipes import recipe
from rivals.recipes.recipe import Machine, Setup
from rivals.run.pace import LEAST, SHARE, SPARE, WARM, rounds_within
from tests.run.tiny import bits

TINY: dict[str, Any] = {"data": "ring", "width": 8, "discriminator_width": 8, "batch": 16, "doctor_every": 0}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "cache"))


def begin() -> tuple[Setup, Feed]:
    source, chosen = load("ring"), recipe("nsgan")
    options = chosen.preset("points")
    options = replace(options, networks=replace(options.networks, width=8, discriminator_width=8))
    return chosen.build(options, source.spec, Machine()), Feed(source, 16)


@pytest.mark.parametrize("minutes", [0.5, 10.0])
def test_as_many_rounds_as_a_clock_allows(minutes: float) -> None:
    played = []

    def begin_slow() -> tuple[Setup, Feed]:
        setup, feed = begin()
        play: Any = setup.game.play_round
        setup.game.play_round = lambda feed: played.append(1) or play(feed)  # type: ignore[method-assign]
        return setup, feed

    planned = rounds_within(minutes, begin_slow, clock=lambda: 2.0 * len(played))  # a round takes two seconds
    assert planned == int(SPARE * 60 * minutes / 2)
    assert len(played) == WARM + max(LEAST, int(SHARE * 60 * minutes / 2) + 1)


def test_no_time_is_one_round() -> None:
    assert rounds_within(1e-9, begin) == 1


def test_a_run_by_minutes_is_one_of_the_rounds_that_it_planned(tmp_path: Path) -> None:
    by_time = rivals.train("r3gan", quiet=True, out=str(tmp_path / "time"), minutes=0.02, seed=3, **TINY)
    planned = by_time.config.options.training.rounds
    assert 1 < planned < 24_000
    played = by_time.session.round
    assert 0 < played <= planned
    by_rounds = rivals.train("r3gan", quiet=True, out=str(tmp_path / "rounds"), rounds=planned, seed=3, **TINY)
    if played < planned:  # the machine had other work
        rivals.resume(tmp_path / "time", quiet=True, minutes=5.0, rounds=planned)
    assert by_rounds.session.round == planned
    assert bits(tmp_path / "time") == bits(tmp_path / "rounds")


def test_rounds_that_are_asked_for_stay(tmp_path: Path) -> None:
    run = rivals.train("r3gan", quiet=True, out=str(tmp_path / "a"), minutes=5.0, rounds=7, **TINY)
    assert run.config.options.training.rounds == run.session.round == 7


def test_more_minutes_are_more_rounds_of_a_finished_run(tmp_path: Path) -> None:
    first = rivals.train("nsgan", quiet=True, out=str(tmp_path / "a"), rounds=30, **TINY)
    wanted = 3 * first.session.seconds / 60
    more = rivals.resume(tmp_path / "a", quiet=True, minutes=wanted)
    assert more.config.options.training.rounds == pytest.approx(90, abs=2)
    assert 30 < more.session.round <= more.config.options.training.rounds
    assert rivals.load(tmp_path / "a").config.options.training.rounds == more.config.options.training.rounds
