"""Runs beside each other, as their folders have them: how they went, where their options differ, what they score."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rivals.doctor.diagnosis import alarming, word
from rivals.doctor.remedies import USUAL
from rivals.run.checkup import checkup
from rivals.run.config import Config, read_config
from rivals.run.log import lines
from rivals.run.protocols import differing
from rivals.run.run import run_folder

OWN = ("out", "rounds", USUAL)
"""Options of which every run has its own, or which are told beside them."""


def compare(folders: Sequence[str | Path]) -> dict[str, Any]:
    """Several runs as plain data, in the order given.

    `runs`: each folder's recipe, round, rounds, seconds of training, the doctor's findings and its last `word`.
    `options`: those that are not the same everywhere, by name, with null where they do nothing in a run. `scores`: by
    name each run's {value, low, high, round}, whether it is `apart`: its interval overlaps that of no other run, and
    the `floor` that real samples have. They are the newest that all runs have of one `protocol`; where there are none,
    `why` says so.
    Raises ValueError for fewer than two folders, the same one twice, or one that is no run.
    """
    if len(folders) < 2:
        raise ValueError(f"compare needs two runs or more, found {len(folders)}; name their folders")
    paths = [run_folder(folder) for folder in folders]
    twice = [path for i, path in enumerate(paths) if path.resolve() in {each.resolve() for each in paths[:i]}]
    if twice:
        raise ValueError(f"{twice[0]} is named twice; name each run once")
    configs = [read_config(path / "config.yaml") for path in paths]
    found = {"runs": [told(path, config) for path, config in zip(paths, configs, strict=True)]}
    return found | {"options": differences(configs)} | shared_scores(paths)


def told(path: Path, config: Config) -> dict[str, Any]:
    """How a run went."""
    seen = checkup(path, config)
    *_, last = [dict[str, Any](), *lines(path / "metrics.jsonl")]
    return {
        "folder": str(path),
        "recipe": config.recipe,
        "round": last.get("round", 0),
        "rounds": config.plain()["rounds"],
        "seconds": last.get("seconds"),
        "healthy": not alarming(seen.found),
        "findings": [each.name for each in seen.found if each.severity != "note"],
        "word": word(seen.found, seen.history),
    }


def differences(configs: Sequence[Config]) -> dict[str, list[Any]]:
    """The options that are not the same in all runs."""
    heeded = [config.heeded() for config in configs]
    names = dict.fromkeys(name for options in heeded for name in options if name not in OWN)
    values = {name: [options.get(name) for options in heeded] for name in names}
    return {name: each for name, each in values.items() if any(value != each[0] for value in each)}


def shared_scores(paths: Sequence[Path]) -> dict[str, Any]:
    """The newest scores that all runs have of one protocol."""
    known = [list(reversed(list(lines(path / "scores.jsonl")))) for path in paths]
    nothing: dict[str, Any] = {"scores": {}, "protocol": None}
    if without := [str(path) for path, scores in zip(paths, known, strict=True) if not scores]:
        commands = " and ".join(f"`rivals eval {path}`" for path in without)
        return nothing | {"why": f"scores are wanted of {', '.join(without)}: run {commands}"}
    for first in known[0]:
        same = [next((s for s in scores if s["protocol"] == first["protocol"]), None) for scores in known]
        if all(same):
            return {"scores": beside([s for s in same if s]), "protocol": first["protocol"], "why": None}
    why = differing([scores[0]["protocol"] for scores in known])
    why = f"no two scores of the same protocol: the newest differ in {why}; run `rivals eval` alike on all"
    return nothing | {"why": why}


def beside(scores: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The scores that all have, by name."""
    names = [name for name in scores[0]["scores"] if all(name in each["scores"] for each in scores)]
    found = {}
    for name in names:
        values = [each["scores"][name] | {"round": each["round"]} for each in scores]
        runs = [value | {"apart": apart(i, values)} for i, value in enumerate(values)]
        found[name] = {"runs": runs, "floor": scores[0].get("floor", {}).get(name)}
    return found


def apart(one: int, intervals: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of some intervals overlaps no other; not where one has an end that is no number."""
    if any(each["low"] is None or each["high"] is None for each in intervals):
        return False
    own, others = intervals[one], [each for i, each in enumerate(intervals) if i != one]
    return all(own["high"] < each["low"] or each["high"] < own["low"] for each in others)
