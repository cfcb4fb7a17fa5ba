"""Where each finding begins: one history on the sound side of its threshold, and one just beyond."""

import math
from typing import Any

import pytest

from rivals.doctor.diagnosis import findings, word
from rivals.doctor.history import History
from rivals.doctor.players import (
    discriminator_overfits,
    discriminator_weak,
    discriminator_won,
    exploding,
    generator_starved,
    oscillation,
    penalty_off_target,
)
from rivals.doctor.samples import average_lags, missing_modes, mode_collapse, plateau
from tests.doctor.test_findings import OPTIONS, history

FAR = {"distance": 0.3}
WON = {"separation": 1.0, "jensen_shannon": 0.69}
BY_HEART = {"overfit": None, "separation": 0.99, "jensen_shannon": 0.6, "epochs": 80.0}


def after(before: float, now: float, looks: int = 6) -> Any:
    """A signal that is another one after so many looks: ten in all have a stretch of four of each."""
    return lambda look: before if look < looks else now


EDGES: list[tuple[str, dict[str, Any], str, Any, Any]] = [
    ("generator-starved", {}, "generator__step", 2.1e-5, 1.9e-5),
    ("generator-starved", {"rate": 0.5}, "generator__step", 1.1e-5, 0.9e-5),
    ("generator-starved", {"rate": 0.0}, "generator__step", 2.1e-5, 1.9e-5),
    ("generator-starved", {}, "generator__gradient", 1.1e-8, 1e-8),
    ("discriminator-weak", {}, "discriminator__step", 2.1e-5, 1.9e-5),
    ("discriminator-weak", FAR, "separation", 0.55, 0.549),
    (
        "discriminator-weak",
        {"distance": lambda look: 0.5 * 0.85**look},
        "separation",
        0.35,
        0.349,
    ),  # at once, where it is wrong
    ("discriminator-weak", {"separation": 0.1}, "distance", 0.049, 0.05),
    ("exploding", {}, "logit_range", 88.0, 88.1),
    ("exploding", FAR, "generator__step", 0.02, 0.0201),
    ("exploding", {}, "generator__step", 0.04, 0.0401),
    ("exploding", {"generator__step": 0.03}, "distance", 0.05, 0.0501),
    ("discriminator-won", WON, "distance", 0.05, 0.0501),
    ("discriminator-won", WON, "distance", after(0.3, 0.269), after(0.3, 0.271)),  # nearer by a tenth
    ("discriminator-won", FAR, "separation", 0.989, 0.99),
    ("discriminator-overfits", {}, "overfit", 0.7, 0.701),
    ("discriminator-overfits", BY_HEART, "epochs", 50.0, 50.5),
    ("discriminator-overfits", BY_HEART | {"distance": 0.06}, "epochs", 500.0, 500.5),
    ("discriminator-overfits", BY_HEART, "separation", 0.98, 0.981),
    ("discriminator-overfits", BY_HEART, "distance", 0.05, 0.049),
    ("discriminator-overfits", BY_HEART, "missing", 0.05, 0.049),
    ("oscillation", FAR, "turnover", 0.499, 0.5),
    ("mode-collapse", {"distance": 0.5}, "spread", 0.25, 0.249),
    ("penalty-off-target", {}, "off_target__balance", 0.0, 0.1),
    ("penalty-off-target", {}, "off_target__balance", lambda look: float(look != 5), 1.0),  # at every look
    ("mode-collapse", {"distance": 0.5}, "spread", lambda look: 0.3 if look == 8 else 0.1, 0.1),  # at every look
    ("mode-collapse", {"dimension": 0.1}, "directions", 2.0, 1.99),
    ("mode-collapse", {"directions": 1.5}, "dimension", 0.25, 0.249),
    ("missing-modes", {}, "missing", 0.199, 0.2),
    ("missing-modes", {}, "missing", after(0.5, 0.399), after(0.5, 0.401)),  # fewer by a fifth
    ("missing-modes", {"missing": 0.4}, "spread", after(0.5, 0.61), after(0.5, 0.59)),  # they part by a fifth
    ("missing-modes", {"missing": 0.4}, "spread", after(0.79, 1.1), after(0.81, 1.1)),  # from less than the data's
    ("memorisation", {}, "copies", 0.25, 0.251),
    ("memorisation", {}, "distinct", 0.5, 0.499),
]


@pytest.mark.parametrize(("name", "signals", "signal", "sound", "sick"), EDGES)
def test_a_finding_begins_where_its_threshold_is(
    name: str, signals: dict[str, Any], signal: str, sound: Any, sick: Any
) -> None:
    for value, expected in ((sound, False), (sick, True)):
        found = {each.name for each in findings(history(10, **signals | {signal: value}), OPTIONS)}
        assert (name in found) == expected


@pytest.mark.parametrize(
    ("signals", "signal", "sound", "sick"),
    [
        ({}, "distance", after(0.3, 0.269, 10), after(0.3, 0.271, 10)),  # nearer by a tenth
        ({}, "distance", after(0.03, 0.0101, 10), after(0.03, 0.0099, 10)),  # or as near as two halves of the data
        ({}, "rate", after(1.0, 0.051, 10), after(1.0, 0.05, 10)),  # a schedule as good as over
    ],
)
def test_a_plateau_begins_where_its_threshold_is(signals: dict[str, Any], signal: str, sound: Any, sick: Any) -> None:
    assert plateau(history(20, **signals | {signal: sound})) is None
    assert plateau(history(20, **signals | {signal: sick})) is not None


def test_a_plateau_is_looked_for_over_half_of_a_long_training() -> None:
    """Of 48 looks the last 12 against the 12 before, which were better for their last 4 alone."""
    assert plateau(history(48, distance=after(0.3, 0.2, 32))) is None
    assert plateau(history(48, distance=after(0.3, 0.2, 28))) is not None


def test_five_stretches_come_before_a_plateau_and_before_an_average_lags() -> None:
    for rule in (plateau, average_lags):
        assert rule(history(19, distance=0.1, distance_average=0.4)) is None
        assert rule(history(20, distance=0.1, distance_average=0.4)) is not None


def test_an_average_lags_from_twice_the_distance_and_what_shows() -> None:
    assert average_lags(history(20, distance=0.1, distance_average=0.249)) is None
    found = average_lags(history(20, distance=0.1, distance_average=0.251))
    assert found is not None and found.evidence == {"distance": 0.1, "distance_average": 0.251}


def test_samples_that_were_alike_from_the_first_have_twice_as_long_while_they_part_by_a_fifth() -> None:
    def named(spread: Any) -> set[str]:
        return {each.name for each in findings(history(8, spread=spread, distance=0.5), OPTIONS)}

    assert named(lambda look: 0.1 + 0.021 * look / 7) == set()
    assert named(lambda look: 0.1 + 0.019 * look / 7) == {"mode-collapse"}


def test_samples_that_fell_together_and_part_again_by_a_fifth_have_not_collapsed() -> None:
    for last, collapsed in ((0.121, False), (0.119, True)):
        spread = [0.8, 0.8, 0.8, 0.1, 0.11, 0.11, last]
        found = mode_collapse(history(7, spread=spread.__getitem__, distance=0.5))
        assert (found is not None) == collapsed
        assert found is None or found.evidence == {"spread": last, "usual": 1.0}


def test_the_newest_four_looks_tell_whether_there_is_anything_to_see() -> None:
    looks = history(10, distance=after(0.01, None, 6))
    assert word(findings(looks, OPTIONS), looks) == "non-finite"
    looks = history(10, distance=after(0.01, None, 7))
    assert word(findings(looks, OPTIONS), looks) == "healthy"


def test_one_look_alone_makes_no_step_too_long_or_too_short() -> None:
    assert exploding(history(distance=0.3, generator__step=lambda look: 0.05 if look == 8 else 1e-3)) is None
    starved = generator_starved(history(generator__step=lambda look: 1e-3 if look == 8 else 1e-5))
    assert starved is not None and starved.evidence["step_over_weights"] == 1e-5


def test_the_evidence_is_what_was_seen_and_since_when() -> None:
    """Ten looks, 100 rounds apart: four of them are a stretch, and what is held against the past takes eight."""
    starved = generator_starved(history(generator__gradient=1e-10))
    assert starved is not None and (starved.about, starved.since) == ("generator", 700)
    expected = {"step_over_weights": 3e-3, "usual": 1e-3, "gradient": 1e-10, "adam_epsilon": 1e-8}
    assert starved.evidence == pytest.approx(expected)
    leap = exploding(history(distance=0.3, generator__step=0.1))
    assert leap is not None and (leap.about, leap.since) == ("generator", 700)
    assert leap.evidence == pytest.approx({"step_over_weights": 0.1, "usual": 1e-3})
    won, swings = discriminator_won(history(**FAR, **WON)), oscillation(history(**FAR, turnover=0.9))
    modes = missing_modes(history(missing=0.4, coverage=0.6))
    assert won is not None and swings is not None and modes is not None
    assert won.evidence == pytest.approx({"separation": 1.0, "jensen_shannon": 0.69, "log_2": math.log(2), **FAR})
    assert won.since == swings.since == modes.since == 300
    assert modes.evidence == {"missing": 0.4, "coverage": 0.6}


def test_the_evidence_against_judges_and_samples() -> None:
    still = generator_starved(history(generator__gradient=None, generator__step=0.0))
    assert still is not None and still.evidence == {"step_over_weights": 0.0, "usual": 1e-3}
    assert discriminator_weak(history(generator__step=0.0)) is None  # the generator is no judge
    still = discriminator_weak(history(discriminator__step=lambda look: 1e-3 if look == 8 else 1e-5))
    assert still is not None and still.evidence == {"step_over_weights": 1e-5, "usual": 1e-3}
    fooled, learned = discriminator_weak(history(**FAR, separation=0.1)), discriminator_overfits(history(overfit=0.9))
    assert fooled is not None and fooled.evidence == {"separation": 0.1, "chance": 0.5, **FAR}
    assert learned is not None and learned.evidence == {"train_above_held_out": 0.9, "chance": 0.5}
    off = penalty_off_target(history(off_target__balance=lambda look: 9.0 if look == 8 else 1.0))
    assert off is not None and (off.about, off.evidence) == ("balance", {"widths_off": 1.0})
    line = mode_collapse(history(directions=1.5, dimension=0.1))
    assert line is not None and line.evidence == pytest.approx({"directions": 1.5, "of_the_data": 15.0})
    for distance, near in ((0.01, 1.0), (0.3, 0.0)):
        flat = plateau(history(20, distance=distance))
        assert flat is not None and flat.evidence == {"distance": distance, "distance_before": distance, "near": near}


def test_a_training_without_a_look_is_at_its_beginning() -> None:
    empty = History([{"round": 5, "loss": 1.0}])
    assert (empty.round, empty.since(), empty.names(), empty.level("distance")) == (0, 0, set(), None)


def test_levels_are_medians_of_sound_numbers_over_the_newest_looks() -> None:
    looks = History({"round": 10 * (i + 1), "doctor/it": value} for i, value in enumerate((1.0, 2.0, 9.0, 4.0)))
    assert (looks.level("it", 3), looks.level("it", 2, before=1), looks.level("it", 5)) == (4.0, 5.5, None)
    assert (looks.newest("it", 2), looks.round, looks.since(4), looks.since(5)) == ([9.0, 4.0], 40, 10, 0)
    looks.add({"round": 50, "doctor/it": math.nan})
    assert looks.level("it", 3) is None and looks.level("it", 3, before=1) == 4.0


def test_a_stretch_is_known_from_two_looks_on() -> None:
    looks = History([{"round": 10, "doctor/it": 1.0}])
    assert looks.stretch == 4
    looks.add({"round": 20, "doctor/it": 1.0})
    assert looks.stretch == 40
    looks.add({"round": 20, "doctor/it": 1.0})  # a round that was looked at again
    assert looks.stretch == 400


def test_a_stretch_covers_400_rounds_and_four_looks_at_least() -> None:
    def stretch(apart: int) -> int:
        return History({"round": apart * i, "doctor/distance": 0.1} for i in range(9)).stretch

    assert [stretch(apart) for apart in (1000, 100, 80, 79)] == [4, 4, 5, 6]


def test_a_signal_that_is_not_there_is_no_reason() -> None:
    for lacking, signals in (
        ("dimension", {"directions": 1.5}),
        ("directions", {"dimension": 0.1}),
        ("distinct", {"copies": 0.8}),
        ("copies", {"distinct": 0.1}),
    ):
        assert findings(history(**signals, **{lacking: None}), OPTIONS) == []
    for looks in (history(5, missing=0.4), history(10, missing=after(0.4, None))):
        assert missing_modes(looks) is None
    for spread in (after(None, 1.0), after(0.5, None)):
        assert missing_modes(history(missing=0.4, spread=spread)) is not None
    assert discriminator_won(history(**FAR, separation=1.0, jensen_shannon=None)) is None
    for looks, distance in ((10, None), (10, after(0.3, None)), (5, 0.3)):  # nobody knows whether it comes nearer
        assert discriminator_won(history(looks, **WON, distance=distance)) is None
    assert discriminator_overfits(history(**BY_HEART | {"epochs": None})) is None
    assert discriminator_overfits(history(**BY_HEART | {"missing": None})) is not None
    assert average_lags(history(20, distance=None, distance_average=0.4)) is None
    assert average_lags(history(20, distance_average=None)) is None
    modes = missing_modes(history(missing=0.4, coverage=None))
    assert modes is not None and modes.evidence == {"missing": 0.4, "coverage": 0.0}
