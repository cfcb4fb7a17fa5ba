"""From the signals of a training to findings, the gravest first. Imports no torch."""

from collections.abc import Mapping
from typing import Any

from rivals.doctor.finding import ORDER, Finding, Rule, Symptom
from rivals.doctor.history import History
from rivals.doctor.players import (
    FAR,
    discriminator_overfits,
    discriminator_weak,
    discriminator_won,
    exploding,
    generator_starved,
    oscillation,
    penalty_off_target,
)
from rivals.doctor.reasons import REASONS
from rivals.doctor.remedies import Options, remedy_of
from rivals.doctor.samples import average_lags, memorisation, missing_modes, mode_collapse, nothing_to_see, plateau

RULES: tuple[Rule, ...] = (
    nothing_to_see,
    exploding,
    generator_starved,
    discriminator_weak,
    discriminator_won,
    mode_collapse,
    memorisation,
    penalty_off_target,
    discriminator_overfits,
    missing_modes,
    oscillation,
    average_lags,
    plateau,
)
"""Causes before what follows from them."""


def findings(history: History, options: Options) -> list[Finding]:
    """What the newest looks show, the gravest first."""
    symptoms = [symptom for rule in RULES if (symptom := rule(history))]
    symptoms.sort(key=lambda symptom: ORDER.index(symptom.severity))
    return [explained(symptom, history.round, options) for symptom in symptoms]


def explained(symptom: Symptom, round: int, options: Options) -> Finding:
    """A symptom with its reason and its remedy."""
    remedy = remedy_of(symptom, options)
    evidence = {name: float(f"{value:.4g}") for name, value in symptom.evidence.items()}
    return Finding(symptom.name, symptom.severity, round, symptom.since, evidence, REASONS[symptom.name], remedy)


def non_finite(event: Mapping[str, Any], options: Options) -> Finding:
    """The finding that an event of the log tells: a fact was no finite number."""
    symptom = Symptom("non-finite", "severe", int(event["round"]), {}, str(event["player"]))
    return explained(symptom, int(event["round"]), options)


def alarming(found: list[Finding]) -> bool:
    """Whether anything is wrong: a note is not."""
    return any(each.severity != "note" for each in found)


def standing(history: History) -> str:
    """How a training without findings stands: too early to say so, on its way, or well."""
    if history.early:
        return "early days"
    return "learning" if (history.level("distance") or 0.0) > FAR else "healthy"


def word(found: list[Finding], history: History) -> str:
    """The doctor's last word: the gravest finding's name, or how things stand without any."""
    return found[0].name if found else standing(history)
