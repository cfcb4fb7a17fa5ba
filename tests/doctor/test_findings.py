"""Findings from histories made up for the purpose: each symptom alone, and none in a healthy training."""

import json
from typing import Any

import pytest

from rivals.doctor.diagnosis import RULES, alarming, findings, non_finite, word
from rivals.doctor.history import History
from rivals.doctor.reasons import REASONS

OPTIONS = {
    "generator_lr": 1e-3, "discriminator_lr": 1e-3, "label_noise": 0.0, "pack": 1, "latent": 64, "loss": "minimax",
    "penalty": "none", "augment": "none", "average": 1000.0, "weight_clip": 10.0, "rounds": 9000, "precision": "bf16",
    "discriminator_steps": 1, "discriminator_width": 64, "activation": "leaky", "decay": "none",
}  # fmt: skip
SOUND = {
    "separation": 0.8, "jensen_shannon": 0.1, "logit_range": 1.0, "overfit": 0.51, "distance": 0.01, "spread": 1.0,
    "coverage": 0.9, "dimension": 1.0, "directions": 12.0, "missing": 0.0, "copies": 0.0, "turnover": 0.2,
    "distance_average": 0.01, "generator/step": 3e-3, "generator/gradient": 1e-2, "discriminator/step": 3e-3,
    "discriminator/gradient": 1e-2, "distinct": 1.0, "epochs": 30.0,
}  # fmt: skip


def history(looks: int = 10, **signals: Any) -> History:
    """A training of so many looks, sound but for some signals: a number, or a function of the look."""
    signals = {"distance_average": signals.get("distance", SOUND["distance"])} | signals
    own = SOUND | {name.replace("__", "/"): value for name, value in signals.items()}
    rows = [{name: value(i) if callable(value) else value for name, value in own.items()} for i in range(looks)]
    return History({"round": 100 * (i + 1)} | {f"doctor/{k}": v for k, v in row.items()} for i, row in enumerate(rows))


SICK: dict[str, tuple[dict[str, Any], tuple[str, Any]]] = {
    "discriminator-won": ({"separation": 1.0, "jensen_shannon": 0.69, "distance": 0.3}, ("loss", "non-saturating")),
    "generator-starved": ({"generator__gradient": 1e-10}, ("loss", "non-saturating")),
    "exploding": ({"discriminator__step": 0.3, "distance": lambda look: 0.5 * 0.8**look}, ("discriminator_lr", 1e-5)),
    "discriminator-weak": ({"separation": 0.1, "distance": 0.3}, ("discriminator_steps", 2)),
    "mode-collapse": ({"spread": 0.05, "distance": 0.5}, ("pack", 2)),
    "missing-modes": ({"missing": 0.4}, ("pack", 4)),
    "memorisation": ({"copies": 0.8}, ("augment", "diff")),
    "discriminator-overfits": ({"overfit": 0.9}, ("augment", "diff")),
    "oscillation": ({"turnover": 0.9, "distance": 0.3}, ("generator_lr", 2.5e-4)),
    "penalty-off-target": ({"off_target__weight_clip": 1.0}, ("weight_clip", 1.0)),
    "average-lags": ({"distance_average": 0.4}, ("average", 100.0)),
    "plateau": ({}, ("decay", "cosine")),
}


def test_a_sound_training_has_no_finding_from_its_first_look_on() -> None:
    for looks in range(19):
        assert findings(history(looks), OPTIONS) == []
    assert [word([], history(looks)) for looks in (0, 1, 7, 8)] == ["early days"] * 3 + ["healthy"]
    assert not alarming([])


def test_a_training_without_faults_whose_samples_are_far_from_the_data_is_still_learning() -> None:
    assert [word([], history(8, distance=far)) for far in (0.06, 0.05)] == ["learning", "healthy"]
    assert word([], history(7, distance=0.06)) == "early days"


@pytest.mark.parametrize("name", SICK)
def test_each_symptom_alone_is_found_with_its_remedy(name: str) -> None:
    signals, remedy = SICK[name]
    looks = 25 if name in ("average-lags", "plateau") else 10
    found = {each.name: each for each in findings(history(looks, **signals), OPTIONS)}
    assert found.keys() - {"plateau"} == ({name} if name != "plateau" else set())
    one = found[name]
    assert (one.remedy.option, one.remedy.value) == remedy
    assert one.round == 100 * looks and 0 < one.since <= one.round
    assert one.evidence or name == "non-finite"
    assert one.why == REASONS[name] and json.dumps(one.record())
    assert (one.severity == "note") == (name == "plateau")


@pytest.mark.parametrize(
    "player, name",
    [("generator", "generator-starved"), ("encoder", "generator-starved"), ("critic", "discriminator-weak")],
)
def test_a_player_that_all_but_stands_still_is_named(player: str, name: str) -> None:
    """Steps of a thousandth of the usual; a schedule that has left a hundredth of the rate is no such thing."""
    slow = {f"{player}__step": 3e-6}
    assert name in {each.name for each in findings(history(**slow), OPTIONS)}
    assert findings(history(**slow, rate=0.01), OPTIONS) == []


@pytest.mark.parametrize(
    "name, signals, option, now, usual",
    [
        ("discriminator-weak", {"separation": 0.1, "distance": 0.3}, "discriminator_lr", 1e-5, 1e-3),
        ("discriminator-weak", {"separation": 0.1, "distance": 0.3}, "dropout", 0.98, 0.0),
        ("missing-modes", {"missing": 0.4}, "penalty_weight", 0.0, 1.0),
        ("penalty-off-target", {"off_target__weight_clip": 1.0}, "weight_clip", 10.0, 0.2),
        ("penalty-off-target", {"off_target__balance": 1.0}, "balance_rate", 0.0, 1e-3),
        ("discriminator-won", {"separation": 1.0, "jensen_shannon": 0.69, "distance": 0.3}, "generator_lr", 1e-6, 1e-3),
    ],
)
def test_what_is_far_from_the_preset_goes_back_to_it(
    name: str, signals: dict[str, Any], option: str, now: float, usual: float
) -> None:
    own = OPTIONS | {"loss": "non-saturating", "balance": 0.5, "weight_clip": 0.2} | {option: now}
    preset = OPTIONS | {"balance": 0.5, "weight_clip": 0.2} | {option: usual}
    found = {each.name: each for each in findings(history(**signals), own | {"usual": preset})}
    assert (found[name].remedy.option, found[name].remedy.value) == (option, usual)


def test_samples_that_begin_alike_have_time_to_part() -> None:
    def named(spread: Any, looks: int, **signals: Any) -> set[str]:
        return {each.name for each in findings(history(looks, spread=spread, **signals), OPTIONS)}

    assert named(lambda look: 0.17 + 0.002 * look, 5, distance=0.5) == set()
    assert named(0.17, 10, distance=lambda look: 0.5 * 0.9**look) == set()  # they come nearer
    assert "mode-collapse" in named(0.17, 10, distance=0.5)
    assert "mode-collapse" in named(lambda look: 0.8 if look < 3 else 0.1, 7, distance=0.5)  # they fell


def test_samples_of_the_averaged_weights_count() -> None:
    far = {"turnover": 0.9, "distance": 0.3, "missing": 0.4}
    assert {each.name for each in findings(history(**far), OPTIONS)} == {"oscillation", "missing-modes"}
    assert findings(history(**far, distance_average=0.02, missing_average=0.0), OPTIONS) == []


def test_there_is_no_plateau_while_a_schedule_lowers_the_rates() -> None:
    def named(rate: Any) -> set[str]:
        return {each.name for each in findings(history(25, rate=rate), OPTIONS)}

    assert named(1.0) == {"plateau"}  # no schedule
    assert named(lambda look: 1 - look / 100) == set()
    assert named(lambda look: 0.06 - look / 1000) == {"plateau"}  # as good as over


@pytest.mark.parametrize("name", [each for each in SICK if each != "plateau"])
def test_two_looks_make_no_alarm(name: str) -> None:
    assert not alarming(findings(history(2, **SICK[name][0]), OPTIONS))


def test_every_rule_has_a_reason() -> None:
    assert REASONS.keys() == {*SICK, "non-finite"} and len(RULES) == len(REASONS)
    assert all(text.count(". ") >= 1 and "(" in text for text in REASONS.values())


def falling(look: int) -> float:
    return 0.5 * 0.7**look


def test_a_training_that_comes_nearer_has_not_been_won() -> None:
    early = {"separation": 1.0, "jensen_shannon": 0.69, "turnover": 0.9, "distance": falling}
    assert findings(history(8, **early), OPTIONS) == []


def test_modes_that_begin_to_come_are_not_missing() -> None:
    assert findings(history(10, missing=lambda look: falling(look - 3)), OPTIONS) == []


def test_parts_of_the_data_that_come_and_go_are_not_missing() -> None:
    assert findings(history(10, missing=lambda look: (0.3, 0.15, 0.25)[look % 3]), OPTIONS) == []


def test_long_steps_are_no_harm_while_samples_are_near_but_leaps_are() -> None:
    assert findings(history(generator__step=0.035, distance=0.01), OPTIONS) == []
    for step, distance, severity in ((0.025, 0.3, "severe"), (0.05, 0.01, "warning")):
        found = findings(history(generator__step=step, distance=distance), OPTIONS)[0]
        assert (found.name, found.severity, found.remedy.option) == ("exploding", severity, "generator_lr")


def test_long_steps_that_a_schedule_has_shortened_since_were_too_long() -> None:
    signals = {"rate": lambda look: 0.7**look, "generator__step": lambda look: 0.03 * 0.7**look}
    for distance, name in ((0.3, "exploding"), (0.01, None)):
        found = [each for each in findings(history(8, distance=distance, **signals), OPTIONS) if each.name != "plateau"]
        assert [each.name for each in found] == ([name] if name else [])
    assert found == [] or found[0].remedy.option == "generator_lr"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_samples_that_are_no_numbers_are_not_healthy(value: float | None) -> None:
    looks = history(8, **dict.fromkeys(("distance", "distance_average", "spread", "separation"), value))
    assert word(findings(looks, OPTIONS), looks) == "non-finite"
    assert findings(history(8, distance=lambda look: value if look % 4 else 0.01), OPTIONS) == []


def test_one_sample_over_and_over_has_no_direction() -> None:
    found = findings(history(directions=0.0, dimension=0.0, spread=0.0, distance=0.5), OPTIONS)
    assert found[0].name == "mode-collapse"
    found = findings(history(directions=0.0, dimension=0.0), OPTIONS)
    assert found[0].name == "mode-collapse" and found[0].evidence == {"directions": 0.0}


def test_samples_that_part_have_not_collapsed() -> None:
    assert findings(history(4, spread=lambda look: 0.05 * 1.3**look), OPTIONS) == []


def test_a_critic_with_bounded_logits_may_put_all_real_samples_above_good_fakes() -> None:
    assert findings(history(15, separation=1.0, jensen_shannon=0.69), OPTIONS) == []


def test_a_judge_that_stands_still_is_weak_and_its_rate_is_raised() -> None:
    found = findings(history(discriminator__step=0.0), OPTIONS | {"discriminator_lr": 0.0})[0]
    assert (found.name, found.remedy.option, found.remedy.value) == ("discriminator-weak", "discriminator_lr", 2e-4)


def test_samples_on_a_line_ask_for_a_longer_code() -> None:
    found = findings(history(dimension=0.1, directions=1.2), OPTIONS | {"latent": 1})[0]
    assert (found.name, found.remedy.option, found.remedy.value) == ("mode-collapse", "latent", 64)


def test_samples_of_five_directions_among_thirty_are_smooth_and_no_line() -> None:
    assert findings(history(dimension=5 / 30, directions=5.0), OPTIONS) == []


def test_one_sample_many_times_asks_for_other_data() -> None:
    found = findings(history(distinct=0.002), OPTIONS)[0]
    assert (found.name, found.remedy.option) == ("memorisation", "data")


def test_without_samples_held_out_the_judge_overfits_if_good_fakes_are_all_told_from_often_seen_ones() -> None:
    often = {"overfit": None, "separation": 0.99, "jensen_shannon": 0.6}
    assert [each.name for each in findings(history(epochs=80.0, **often), OPTIONS)] == ["discriminator-overfits"]
    assert findings(history(epochs=8.0, **often), OPTIONS) == []


def test_what_is_no_number_is_named_with_the_player_and_full_precision_comes_first() -> None:
    event = {"round": 7, "player": "critic", "term": "loss"}
    found = non_finite(event, OPTIONS)
    assert (found.name, found.severity, found.round) == ("non-finite", "severe", 7)
    assert (found.remedy.option, found.remedy.value) == ("precision", "fp32")
    again = non_finite(event, OPTIONS | {"precision": "fp32"})
    assert (again.remedy.option, again.remedy.value) == ("discriminator_lr", 1e-4)


def test_a_pack_must_go_into_the_batch() -> None:
    found = findings(history(spread=0.05, distance=0.5), OPTIONS | {"batch": 25})[0]
    assert (found.remedy.option, found.remedy.value) == ("generator_lr", 2.5e-4)


def test_the_gravest_comes_first_and_signals_that_a_game_lacks_are_no_reason() -> None:
    found = findings(history(missing=0.4, spread=0.05, distance=0.5, separation=None, overfit=None), OPTIONS)
    assert [each.name for each in found] == ["mode-collapse", "missing-modes"]
    assert findings(History([{"round": 100 * i, "doctor/generator/step": 1e-3} for i in range(30)]), OPTIONS) == []
