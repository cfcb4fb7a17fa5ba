"""Which option to change for a finding, and to what: the first that the recipe has and that is not so already."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rivals.doctor.finding import Remedy, Symptom

Options = Mapping[str, Any]
"""All options of a run and its recipe by their plain names, and under USUAL those of the recipe's preset."""
USUAL = "usual"
AWAY = 20.0
"""The factor beyond which an option is far from the preset's; of one that is 0 there, HALF is."""
HALF = 0.5


@dataclass(frozen=True)
class Change:
    """An option, when to change it, and its new value."""

    option: str
    applies: Callable[[Any], bool]
    value: Callable[[Any], Any]


def times(option: str, factor: float) -> Change:
    """Multiplies an option that is not zero; a whole number stays one, and above 0."""

    def value(now: Any) -> Any:
        return max(1, round(now * factor)) if isinstance(now, int) else _round(now * factor)

    return Change(option, lambda now: bool(now) and value(now) != now, value)


def at_least(option: str, value: Any) -> Change:
    """Raises an option that is lower."""
    return Change(option, lambda now: now < value, lambda now: value)


REMEDIES: dict[str, tuple[Change, ...]] = {
    "discriminator-won": (
        Change("loss", lambda now: now == "minimax", lambda now: "non-saturating"),
        Change("penalty", lambda now: now == "none", lambda now: "r1"),
        times("discriminator_lr", 0.25),
    ),
    "generator-starved": (
        at_least("generator_lr", 1e-6),
        Change("activation", lambda now: now == "relu", lambda now: "leaky"),
        Change("loss", lambda now: now == "minimax", lambda now: "non-saturating"),
        times("discriminator_lr", 0.25),
    ),
    "discriminator-weak": (
        Change("label_noise", bool, lambda now: 0.0),
        at_least("discriminator_lr", 1e-6),
        Change("activation", lambda now: now == "relu", lambda now: "leaky"),
        Change("discriminator_steps", lambda now: now < 5, lambda now: 2 * now),
        times("discriminator_lr", 4.0),
    ),
    "mode-collapse": (at_least("pack", 2), times("generator_lr", 0.25)),
    "missing-modes": (at_least("pack", 4), times("generator_lr", 0.5)),
    "memorisation": (
        Change("augment", lambda now: now == "none", lambda now: "diff"),
        times("discriminator_width", 0.5),
        times("width", 0.5),
    ),
    "discriminator-overfits": (
        Change("augment", lambda now: now == "none", lambda now: "diff"),
        at_least("dropout", 0.3),
        times("discriminator_width", 0.5),
    ),
    "oscillation": (at_least("average", 1000.0), times("generator_lr", 0.25)),
    "average-lags": (times("average", 0.1),),
    "plateau": (Change("decay", lambda now: now == "none", lambda now: "cosine"), times("width", 2.0)),
}
RATES = ("generator_lr", "discriminator_lr")
SANE = dict.fromkeys(RATES, 2e-4)
"""What a learning rate of nothing is raised to."""
BETAS = ("beta1", "beta2")
"""Shares of the past, which are far from others by what they leave to the present."""
BALANCE = (
    "label_noise", "dropout", "input_dropout", "instance_noise", "penalty_weight", "weight_clip", "balance",
    "balance_rate", *RATES, "lr", *BETAS, "discriminator_width", "width",
)  # fmt: skip
"""Options that make one player weaker or hold it."""
TOO_FAST = ("exploding", "non-finite")
LEARNED = ("memorisation", "discriminator-overfits", "average-lags", "plateau")
"""Findings that no balance explains."""


def remedy_of(symptom: Symptom, options: Options) -> Remedy:
    """What to change for a symptom, given the options of the run."""
    for special in (back_to_usual, SPECIAL.get(symptom.name)):
        if special and (found := special(symptom, options)):
            return found
    for change in REMEDIES.get(symptom.name, ()):
        option = "lr" if change.option in RATES and "lr" in options else change.option
        if option in options and change.applies(now := options[option]):
            value = SANE[change.option] if not now and change.option in SANE else change.value(now)
            if option != "pack" or options.get("batch", 0) % value == 0:
                return Remedy(option, value)
    return Remedy("rounds", 2 * options.get("rounds", 0))


def back_to_usual(symptom: Symptom, options: Options) -> Remedy | None:
    """What keeps the players in balance and is far from the preset goes back to it, before anything else is tried."""
    usual = options.get(USUAL, {})
    for option in BALANCE if symptom.name not in LEARNED else ():
        now, preset = options.get(option), usual.get(option)
        if option in BETAS and now is not None and preset is not None:
            now, preset = 1 - now, 1 - preset
        faster = option in (*RATES, "lr") and symptom.name in TOO_FAST  # which no higher rate can help
        if now is not None and preset is not None and away(now, preset) and not (faster and now < preset):
            return Remedy(option, usual[option])
    return None


def away(now: float, preset: float) -> bool:
    """Whether a number is far from another: by a factor, or by itself from nothing."""
    if not preset or not now:
        return now != preset if preset else now >= HALF
    return not 1 / AWAY <= now / preset <= AWAY


def rate_of(player: str, options: Options) -> str:
    """The option that holds a player's learning rate."""
    if "lr" in options:
        return "lr"
    return "generator_lr" if player in ("generator", "encoder") else "discriminator_lr"


def shorter_steps(symptom: Symptom, options: Options) -> Remedy | None:
    """The learning rate at which a step is as long as usual, a tenth of it where that is unknown."""
    stride, option = symptom.evidence.get("step_over_weights"), rate_of(symptom.about, options)
    if option not in options:
        return None
    factor = max(1e-3, min(0.5, 3e-3 / stride)) if stride else 0.1
    return Remedy(option, _round(options[option] * factor))


def more_directions(symptom: Symptom, options: Options) -> Remedy | None:
    """A longer code, where the code is as short as the samples are flat."""
    latent = options.get("latent")
    return Remedy("latent", 64) if symptom.about == "dimension" and latent and latent < 8 else None


def more_data(symptom: Symptom, options: Options) -> Remedy | None:
    """Other data, where there is only one sample many times."""
    return Remedy("data", "a set of different samples") if symptom.about == "data" else None


def on_target(symptom: Symptom, options: Options) -> Remedy | None:
    """The option that has the target: as the preset has it, else the way in which it holds more."""
    now, preset = options.get(symptom.about), options.get(USUAL, {}).get(symptom.about)
    if now is None:
        return None
    if preset is not None and now != preset:
        return Remedy(symptom.about, preset)
    if symptom.about == "balance":  # kept by a controller, which may be off
        return back_to_usual(symptom, options) or Remedy("discriminator_lr", _round(0.5 * options["discriminator_lr"]))
    return Remedy(symptom.about, _round({"weight_clip": 0.1, "penalty_weight": 10.0}.get(symptom.about, 1.0) * now))


def finer(symptom: Symptom, options: Options) -> Remedy | None:
    """Full precision if it was not, else a lower learning rate."""
    return Remedy("precision", "fp32") if options.get("precision") == "bf16" else shorter_steps(symptom, options)


SPECIAL: dict[str, Callable[[Symptom, Options], Remedy | None]] = {
    "exploding": shorter_steps,
    "mode-collapse": more_directions,
    "memorisation": more_data,
    "penalty-off-target": on_target,
    "non-finite": finer,
}


def _round(value: float) -> float:
    """Two digits: a remedy is no measurement."""
    return float(f"{value:.2g}") if math.isfinite(value) else value
