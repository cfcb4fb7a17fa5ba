"""Runs beside each other."""

from pathlib import Path
from typing import Any

import pytest

from rivals.run.comparison import apart, compare
from rivals.run.config import Config
from rivals.run.log import append_line
from rivals.run.protocols import brief, cautions, differing
from rivals.run.run import configured


def run(folder: Path, recipe: str = "nsgan", scores: Any = (), **options: Any) -> Path:
    """A run's folder as its training and its evaluations have left it."""
    folder.mkdir()
    made: Config = configured(recipe, {"data": "ring", "out": str(folder), "rounds": 40} | options)
    made.write(folder / "config.yaml")
    append_line(folder / "metrics.jsonl", {"round": 20, "seconds": 1.0})
    append_line(folder / "metrics.jsonl", {"round": 40, "seconds": 2.5})
    for round, protocol, values in scores:
        named = {name: {"value": v, "low": v - 1, "high": v + 1} for name, v in values.items()}
        append_line(folder / "scores.jsonl", {"round": round, "scores": named, "protocol": protocol})
    return folder


ONE, OTHER = {"n": 100, "seed": 0}, {"n": 200, "seed": 0}


def test_options_that_differ_and_the_newest_scores_of_one_protocol(tmp_path: Path) -> None:
    first = [(20, ONE, {"a": 1.0, "b": 5.0}), (40, ONE, {"a": 2.0, "b": 5.0, "own": 1.0}), (40, OTHER, {"a": 9.0})]
    second = [(30, ONE, {"a": 7.0, "b": 6.5})]
    folders = run(tmp_path / "a", scores=first), run(tmp_path / "b", scores=second, seed=3, generator_lr=0.5)
    found = compare(folders)
    assert found["options"] == {"seed": [0, 3], "generator_lr": [1e-3, 0.5]}
    assert [each["round"] for each in found["runs"]] == [40, 40] and found["runs"][0]["seconds"] == 2.5
    assert found["protocol"] == ONE and found["why"] is None
    assert list(found["scores"]) == ["a", "b"]
    assert [each["value"] for each in found["scores"]["a"]["runs"]] == [2.0, 7.0]
    assert [each["round"] for each in found["scores"]["a"]["runs"]] == [40, 30]
    assert [each["apart"] for name in "ab" for each in found["scores"][name]["runs"]] == [True, True, False, False]


def test_an_option_that_one_recipe_lacks_is_null(tmp_path: Path) -> None:
    found = compare([run(tmp_path / "a"), run(tmp_path / "b", "wgan-gp")])
    assert found["options"]["critic_steps"][0] is None and found["options"]["critic_steps"][1] > 0
    assert [each["recipe"] for each in found["runs"]] == ["nsgan", "wgan-gp"]


def test_an_option_that_does_nothing_is_no_difference(tmp_path: Path) -> None:
    noisy = run(tmp_path / "b", instance_noise=0.5, instance_noise_rounds=9)
    found = compare([run(tmp_path / "a"), noisy])
    assert found["options"] == {"instance_noise": [0.0, 0.5], "instance_noise_rounds": [None, 9]}
    assert compare([noisy, run(tmp_path / "c", instance_noise=0.5)])["options"] == {"instance_noise_rounds": [9, 5000]}


def test_digests_are_told_by_their_beginning() -> None:
    protocols = [{"n": 7, "sha": letter * 64} for letter in "af"]
    assert differing(protocols) == f"sha ({'a' * 10}, {'f' * 10})" and brief("b" * 63) == "b" * 63


def test_what_is_to_be_minded_about_scores() -> None:
    sound = {"protocol": {"compared": 100, "classifier_accuracy": 0.9}, "floor": {"precision": 0.8, "modes": 8.0}}
    assert cautions(sound | {"ceiling": {"precision": 0.79, "modes": None, "wasserstein": 9.0}}) == []
    rough = {"protocol": {"compared": 99, "classifier_accuracy": 0.77}, "floor": {"precision": 0.8, "recall": 0.7}}
    few, unsure, blind = cautions(rough | {"ceiling": {"precision": 1.0, "recall": 0.0}})
    assert few.startswith("99 samples are compared with 99 held-out ones") and "77 %" in unsure
    assert blind == "no measure here, since noise scores no worse than real samples: precision"


def test_scores_of_other_protocols_are_never_beside_each_other(tmp_path: Path) -> None:
    score = {"a": 1.0}
    folders = [run(tmp_path / "a", scores=[(40, ONE, score)]), run(tmp_path / "b", scores=[(40, OTHER, score)])]
    found = compare(folders)
    assert found["scores"] == {} and found["protocol"] is None
    assert found["why"] == (
        "no two scores of the same protocol: the newest differ in n (100, 200); run `rivals eval` alike on all"
    )
    bare = run(tmp_path / "c")
    assert compare([folders[0], bare])["why"] == f"scores are wanted of {bare}: run `rivals eval {bare}`"


def test_what_is_no_pair_of_runs_is_refused(tmp_path: Path) -> None:
    folder = run(tmp_path / "a")
    for folders, words in (
        ([folder], "two runs or more, found 1"),
        ([folder, tmp_path / "a" / ".." / "a"], "is named twice"),
        ([folder, tmp_path], "is no run"),
        ([folder, tmp_path / "none"], "no such folder"),
    ):
        with pytest.raises(ValueError, match=words):
            compare(folders)


@pytest.mark.parametrize(
    "intervals, found",
    [
        ([(0, 1), (2, 3)], [True, True]),
        ([(0, 1), (1, 3)], [False, False]),
        ([(4, 5), (0, 1), (2, 3)], [True, True, True]),
        ([(4, 5), (0, 1), (0.5, 3)], [True, False, False]),
        ([(0, 1), (None, None)], [False, False]),
    ],
)
def test_apart(intervals: list[tuple[float, float]], found: list[bool]) -> None:
    ends = [{"low": low, "high": high} for low, high in intervals]
    assert [apart(i, ends) for i in range(len(ends))] == found
