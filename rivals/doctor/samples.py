"""Symptoms of the samples: alike, one-sided, copied, or as good as they get. Pure functions of the signals."""

import math

from rivals.doctor.finding import Symptom
from rivals.doctor.history import LOOKS, History
from rivals.doctor.players import FAR, stuck

ALIKE = 0.25
"""Mean distance between samples over that between real ones; a quarter is one of sixteen parts of a plane."""
LINE, FLAT = 2.0, 0.25
"""Intrinsic dimension of the samples, and the same over that of the data. Good samples are smoother than data: those
of colour pictures have a fifth of its dimensions for a long time, but they have five."""
MISSED = 0.2
"""Share of the data in bins that samples leave out; chance alone leaves out one bin in 300."""
COPIED = 0.25
"""Share of samples that are copies, beyond that of real samples which look like copies of each other."""
LEARNING = 5
"""Stretches before a training can be said to have finished, or its average to lag."""
SETTLED = 0.05
"""Share of the learning rates at which a schedule is as good as over: of a cosine the last eighth."""


def nothing_to_see(history: History) -> Symptom | None:
    """Look after look the samples are no finite numbers, although the losses may be."""
    newest = history.looks[-LOOKS:]
    seen = [look.get("distance", 0.0) for look in newest]  # null in the log where it is no finite number
    if len(newest) < LOOKS or any(value is not None and math.isfinite(value) for value in seen):
        return None
    return Symptom("non-finite", "severe", history.since(LOOKS), {}, "generator")


def mode_collapse(history: History) -> Symptom | None:
    """Samples are alike, or lie on a line through the data."""
    spread = history.newest("spread", history.stretch)
    dimension, directions = history.level("dimension"), history.level("directions")
    if not spread:
        return None
    if max(spread) < ALIKE and not slow_start(history, spread):
        return Symptom("mode-collapse", "severe", history.since(), {"spread": spread[-1], "usual": 1.0}, "spread")
    if directions is not None and dimension is not None and directions < LINE and dimension < FLAT:
        evidence = {"directions": directions}
        if dimension:  # both are 0 where all samples are one
            evidence["of_the_data"] = directions / dimension
        return Symptom("mode-collapse", "warning", history.since(), evidence, "dimension")
    return None


def slow_start(history: History, spread: list[float]) -> bool:
    """Whether samples that are alike have been so from the first look on, as a fresh generator's are, and may yet part.

    They are given twice as long, and longer while they part or come nearer to the data.
    """
    rising = spread[-1] > 1.2 * spread[0]
    longer = history.newest("spread", 2 * history.stretch)
    fell = any(look.get("spread", 0.0) >= ALIKE for look in history.looks)
    return rising or (not fell and (not longer or spread[-1] > 1.2 * longer[0] or not stuck(history)))


def missing_modes(history: History) -> Symptom | None:
    """Parts of the data never come, at no look, and there is no sign that they will."""
    looks = history.newest("missing", history.stretch)
    averaged = history.newest("missing_average", history.stretch) or looks
    now, before = history.level("missing"), history.earlier("missing")
    if now is None or before is None or min(looks + averaged) < MISSED or now < 0.8 * before or parting(history):
        return None
    evidence = {"missing": now, "coverage": history.level("coverage") or 0.0}
    return Symptom("missing-modes", "warning", history.since(2 * history.stretch), evidence)


def parting(history: History) -> bool:
    """Whether samples that were more alike than the data have become less so by a fifth."""
    now, before = history.level("spread"), history.earlier("spread")
    return now is not None and before is not None and before < 0.8 and now > 1.2 * before


def memorisation(history: History) -> Symptom | None:
    """Samples are copies of training samples, or there is nothing but copies to learn from."""
    copied, distinct = history.level("copies"), history.level("distinct")
    if copied is None or distinct is None:
        return None
    if distinct < 0.5:
        return Symptom("memorisation", "severe", history.since(), {"distinct": distinct}, "data")
    evidence = {"copies": copied, "limit": COPIED}
    return Symptom("memorisation", "warning", history.since(), evidence) if copied > COPIED else None


def average_lags(history: History) -> Symptom | None:
    """The averaged weights, which samples come from, are far behind the weights themselves."""
    own, averaged = history.level("distance"), history.level("distance_average")
    if own is None or averaged is None or len(history.looks) < LEARNING * history.stretch or averaged < 2 * own + FAR:
        return None
    return Symptom("average-lags", "warning", history.since(), {"distance": own, "distance_average": averaged})


def plateau(history: History) -> Symptom | None:
    """Samples come no nearer to the data, whether they are near or far.

    Not while a schedule lowers the learning rates: samples sharpen until it ends, in what no distance of a few hundred
    samples can tell.
    """
    half = max(LEARNING * history.stretch // 2, len(history.looks) // 4)
    rates = history.newest("rate", 2 * half)
    if rates and SETTLED < rates[-1] < rates[0]:
        return None
    now, before = (history.level("distance", half, each) for each in (0, half))
    if now is None or before is None or (now < 0.9 * before and now > FAR / 5):
        return None
    evidence = {"distance": now, "distance_before": before, "near": float(not stuck(history))}
    return Symptom("plateau", "note", history.since(2 * half), evidence)
