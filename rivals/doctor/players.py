"""Symptoms of the players: of their steps, of the judge, of the balance between them. Pure functions of the signals."""

import math
from statistics import fmean, median

from rivals.doctor.finding import Symptom
from rivals.doctor.history import LOOKS, History

STRIDE, LEAP = 0.02, 0.04
"""Twenty and forty times the thousandth of the weights that a step should move them by. A network that begins near
zero moves by the first for long and may be well."""
STILL = 2e-5
"""A fiftieth of that thousandth, whatever a schedule has left of the learning rate: as good as no step."""
JUDGES = ("discriminator", "critic")
"""Names of the players that judge; the others make something."""
EPSILON = 1e-8
"""Adam's: gradients below it are divided by it, so that steps shrink with them (1412.6980, Algorithm 1)."""
HUGE = 88.0
"""Between logits: the exponential of a greater difference is no float32 any more."""
FAR = 0.05
"""Energy coefficient above which samples differ visibly; two halves of the data stay below 0.01."""
FASTER = 0.9
"""Progress: the distance to the data has fallen to this over as many looks again."""
SURE, CHANCE, WRONG = 0.99, 0.55, 0.35
"""Probability that the judge puts a real sample above a fake: always, not to be told from a coin, the wrong way."""
LEARNED_BY_HEART = 0.7
"""The same of a training sample above one held out; 1/2 if it has learned the distribution."""
BY_HEART, EPOCHS = 0.98, 50
"""The same above fakes, all but as good, once each training sample was seen so often (as r_t of 2006.06676, sec. 3)."""
BY_HEART_EPOCHS = 500
"""Epochs after which it is sure by heart however good the samples are: overfitting spoils them (2006.06676, fig. 1)."""


def steps(history: History) -> dict[str, list[float]]:
    """The relative lengths of each player's newest steps."""
    names = sorted(name.removesuffix("/step") for name in history.names() if name.endswith("/step"))
    return {name: values for name in names if (values := history.newest(f"{name}/step", LOOKS))}


def stuck(history: History) -> bool:
    """Whether samples, of the averaged weights too where there are such, are far from the data and come no nearer."""
    pairs = [(history.level(name), history.earlier(name)) for name in ("distance", "distance_average")]
    known = [(now, before) for now, before in pairs if now is not None and before is not None]
    return bool(known) and all(now > FAR and now > FASTER * before for now, before in known)


def unscheduled(history: History, values: list[float]) -> list[float]:
    """A player's newest steps over what a schedule had left of its learning rate."""
    rates = history.newest("rate", len(values)) or [1.0] * len(values)
    return [step / (rate or 1.0) for step, rate in zip(values, rates, strict=True)]


def still(history: History, values: list[float]) -> bool:
    """Whether a player's steps are as good as none."""
    return median(unscheduled(history, values)) < STILL


def exploding(history: History) -> Symptom | None:
    """Steps too long for the size of the weights while samples are no good, leaps, or logits beyond all measure.

    Where samples are no good, as if no schedule had shortened the steps: what they broke it does not mend.
    """
    distance = history.level("distance")
    near = distance is not None and distance <= FAR
    for name, values in steps(history).items():
        if (step := fmean(values if near else unscheduled(history, values))) > (LEAP if near else STRIDE):
            evidence = {"step_over_weights": step, "usual": 1e-3}
            return Symptom("exploding", "warning" if near else "severe", history.since(LOOKS), evidence, name)
    logits = history.level("logit_range")
    if logits is not None and logits > HUGE:
        judge = next((name for name in steps(history) if name in JUDGES), "discriminator")
        return Symptom("exploding", "severe", history.since(), {"logit_range": logits, "limit": HUGE}, judge)
    return None


def discriminator_won(history: History) -> Symptom | None:
    """It separates perfectly, and the generator learns nothing from it."""
    separation, bound = history.level("separation"), history.level("jensen_shannon")
    if separation is None or bound is None or separation < SURE or not stuck(history):
        return None
    evidence = {"separation": separation, "jensen_shannon": bound, "log_2": math.log(2), "distance": _distance(history)}
    return Symptom("discriminator-won", "severe", history.since(2 * history.stretch), evidence, "discriminator")


def generator_starved(history: History) -> Symptom | None:
    """No gradient reaches the generator, or it, or another player that makes something, all but stands still."""
    gradient = history.level("generator/gradient", LOOKS)
    for name, values in steps(history).items():
        starved = name == "generator" and gradient is not None and gradient <= EPSILON
        if starved or (name not in JUDGES and still(history, values)):
            evidence = {"step_over_weights": median(values), "usual": 1e-3}
            evidence |= {"gradient": gradient, "adam_epsilon": EPSILON} if gradient is not None else {}
            return Symptom("generator-starved", "severe", history.since(LOOKS), evidence, name)
    return None


def discriminator_weak(history: History) -> Symptom | None:
    """Samples that a plain distance tells from the data pass for real, or the judge all but stands still."""
    for name, values in steps(history).items():
        if name in JUDGES and still(history, values):
            evidence = {"step_over_weights": median(values), "usual": 1e-3}
            return Symptom("discriminator-weak", "severe", history.since(LOOKS), evidence, name)
    separation, distance = history.level("separation"), history.level("distance")
    if separation is None or distance is None or distance < FAR:
        return None
    if separation < WRONG or (separation < CHANCE and stuck(history)):
        evidence = {"separation": separation, "chance": 0.5, "distance": distance}
        return Symptom("discriminator-weak", "severe", history.since(), evidence, "discriminator")
    return None


def discriminator_overfits(history: History) -> Symptom | None:
    """It knows the training samples from others of their kind; where there are no others, from samples as good.

    Samples far from few training samples that were seen for ever are its work too.
    """
    overfit, separation = history.level("overfit"), history.level("separation")
    if overfit is not None:
        evidence, found = {"train_above_held_out": overfit, "chance": 0.5}, overfit > LEARNED_BY_HEART
    elif separation is not None:
        epochs, missing = history.level("epochs") or 0.0, history.level("missing") or 0.0
        evidence = {"separation": separation, "distance": _distance(history), "epochs": epochs}
        as_good = epochs > EPOCHS and _distance(history) < FAR and missing < FAR
        found = separation > BY_HEART and (as_good or epochs > BY_HEART_EPOCHS)
    else:
        return None
    return Symptom("discriminator-overfits", "warning", history.since(), evidence) if found else None


def oscillation(history: History) -> Symptom | None:
    """Samples change places from look to look and get no better."""
    turnover = history.level("turnover")
    if turnover is None or turnover < 0.5 or not stuck(history):
        return None
    evidence = {"turnover": turnover, "distance": _distance(history)}
    return Symptom("oscillation", "warning", history.since(2 * history.stretch), evidence)


def penalty_off_target(history: History) -> Symptom | None:
    """A fact that a penalty, a bound or a controller should hold stays elsewhere."""
    for name in sorted(history.names()):
        if name.startswith("off_target/") and (values := history.newest(name, 2 * history.stretch)) and min(values) > 0:
            evidence = {"widths_off": median(values)}
            return Symptom(
                "penalty-off-target", "warning", history.since(2 * history.stretch), evidence, name.split("/")[1]
            )
    return None


def _distance(history: History) -> float:
    return history.level("distance") or 0.0
