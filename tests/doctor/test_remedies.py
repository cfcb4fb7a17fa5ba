"""Every remedy that the doctor may name for a recipe can be built: none is refused by the recipe itself."""

from typing import Any

import pytest

from rivals.data.load import load
from rivals.doctor.finding import Symptom
from rivals.doctor.reasons import REASONS
from rivals.doctor.remedies import remedy_of, times
from rivals.recipes import RECIPES, recipe
from rivals.recipes.players import rank_batch
from rivals.recipes.recipe import Machine
from rivals.run.clinic import BEYOND
from rivals.run.config import changed
from rivals.run.run import configured

DATA = {"points": "ring", "pictures": "digits"}
ABOUT = {
    "exploding": ("generator", "discriminator"), "mode-collapse": ("spread", "dimension"),
    "penalty-off-target": ("weight_clip", "penalty_weight", "balance"), "non-finite": ("generator", "discriminator"),
}  # fmt: skip
KINDS = [(name, kind) for name in RECIPES for kind in recipe(name).presets if kind in DATA]


@pytest.mark.parametrize("name, kind", KINDS)
def test_every_remedy_can_be_built(name: str, kind: str) -> None:
    small = {"width": 8, "discriminator_width": 8}
    plain = configured(name, {"data": DATA[kind]})
    config = changed(plain, {key: value for key, value in small.items() if key in plain.heeded()})
    source, options = load(DATA[kind], say=lambda line: None), config.heeded()
    remedies: dict[str, Any] = {}
    for finding in REASONS:
        for about in ABOUT.get(finding, ("generator",)):
            remedy = remedy_of(Symptom(finding, "severe", 0, {"step_over_weights": 0.1}, about), options)
            remedies[f"{remedy.option} {remedy.value}"] = remedy
    tried = 0
    for remedy in remedies.values():
        if remedy.option not in BEYOND and "label" not in remedy.option and not needs_labels(name):
            healed = changed(config, {remedy.option: remedy.value})
            recipe(name).build(healed.options, source.spec, Machine())
            rank_batch(healed.options, Machine())
            tried += 1
    assert tried or needs_labels(name) or name in ("gaussian", "autoencoder")


def needs_labels(name: str) -> bool:
    """Sentences are what the digits do not have."""
    return name == "text-to-image"


@pytest.mark.parametrize(
    ("name", "option", "given", "preset"),
    [
        ("oscillation", "beta1", 0.99, 0.5),
        ("discriminator-weak", "discriminator_width", 1, 64),
        ("missing-modes", "width", 2, 64),
        ("missing-modes", "label_noise", 0.5, 0.0),
        ("oscillation", "beta1", 0.0, 0.5),
        ("missing-modes", "width", 16, 64),
    ],
)
def test_what_is_far_from_the_preset_goes_back_to_it_first(name: str, option: str, given: float, preset: float) -> None:
    options = {option: given, "pack": 4, "generator_lr": 1e-3, "average": 1000.0, "batch": 64, "discriminator_lr": 1e-3}
    found = remedy_of(Symptom(name, "warning", 1, {}), options | {"usual": options | {option: preset}})
    near = (option, given) in (("beta1", 0.0), ("width", 16))
    assert (found.option == option and found.value == preset) != near


def test_a_whole_number_stays_one_and_is_never_zero() -> None:
    wider, half, slower = times("width", 2.0), times("width", 0.5), times("lr", 0.25)
    assert [wider.value(width) for width in (1, 64, 512)] == [2, 128, 1024]
    assert half.value(64) == 32 and half.applies(2) and not half.applies(1)
    assert slower.value(1e-3) == 2.5e-4 and slower.applies(1e-3) and not slower.applies(0.0)
