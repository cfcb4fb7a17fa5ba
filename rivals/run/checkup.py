"""What the doctor says of a run on disk, from its log alone. Imports no torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rivals.doctor.diagnosis import alarming, findings, non_finite, standing, word
from rivals.doctor.finding import Finding
from rivals.doctor.history import History
from rivals.doctor.players import FAR
from rivals.run.config import Config
from rivals.run.log import lines

TURNS = ("started", "resumed", "healed", "finished", "non-finite")
"""Events after which a run stands differently."""


@dataclass(frozen=True)
class Checkup:
    """What the doctor says of a run, the gravest first, and the looks that it rests on."""

    found: list[Finding]
    """What is the case at the end."""
    past: list[dict[str, Any]]
    """Alarms that are over, as events, with the round of that; none from before the last healing."""
    history: History


def checkup(folder: Path, config: Config) -> Checkup:
    """The findings of a run by its log."""
    history, options = History(lines(folder / "metrics.jsonl")), config.heeded()
    events = list(lines(folder / "events.jsonl"))
    turns = [each for each in events if each.get("event") in TURNS]
    broken = [non_finite(turns[-1], options)] if turns and turns[-1]["event"] == "non-finite" else []
    found = broken + findings(history, options)
    return Checkup(found, over(events, {each.name for each in found}), history)


def over(events: list[dict[str, Any]], now: set[str]) -> list[dict[str, Any]]:
    """The alarms among the events which came and went, the last time of each, but those that are there again now."""
    current, past = dict[str, dict[str, Any]](), dict[str, dict[str, Any]]()
    for each in events:
        name = each.get("name", "")
        if each.get("event") == "healed":
            current.clear()
            past.clear()
        elif each.get("event") == "finding" and each["severity"] != "note":
            current[name] = {key: value for key, value in each.items() if key not in ("event", "time")}
        elif each.get("event") == "over" and name in current:
            past[name] = current.pop(name) | {"over": each["round"]}
    return [each for name, each in past.items() if name not in now]


def as_json(seen: Checkup) -> dict[str, Any]:
    """The findings as `rivals doctor --json` prints them; those that are over, no alarms, with the round of that."""
    return {
        "healthy": not alarming(seen.found),
        "word": word(seen.found, seen.history),
        "findings": [*(each.record() for each in seen.found), *seen.past],
        "round": seen.history.round,
        "looks": len(seen.history.looks),
    }


def as_text(seen: Checkup) -> str:
    """The findings for a person: what is wrong, the evidence, why, and what to change."""
    found, history = seen.found, seen.history
    if not history.looks and not found:
        return "no signals to judge by: the run has not come to the doctor's first look, or --doctor-every is 0"
    paragraphs = [_paragraph(each) for each in found]
    if not alarming(found):
        paragraphs.insert(0, f"{standing(history)} at round {history.round}{_more(history)}")
    paragraphs += [f"{each['name']}, found at round {each['round']}, was over by {each['over']}" for each in seen.past]
    return "\n\n".join(paragraphs)


def _more(history: History) -> str:
    """What a standing rests on, where it is not simply healthy."""
    looks, distance = len(history.looks), history.level("distance")
    return {
        "early days": f": {looks} of the {looks + history.early} looks that it takes to tell progress from none",
        "learning": f": no fault found, samples still far from the data ({distance or 0:.2g}; {FAR:g} is near)",
    }.get(standing(history), "")


def _paragraph(finding: Finding) -> str:
    numbers = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in finding.evidence.items())
    flag = f"--{finding.remedy.option.replace('_', '-')} {finding.remedy.value}"
    head = f"{finding.name} ({finding.severity}), round {finding.round}, since round {finding.since}"
    return "\n".join(
        [head, *([f"  evidence: {numbers}"] if numbers else []), f"  why: {finding.why}", f"  try: {flag}"]
    )
