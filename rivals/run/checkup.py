"""What the doctor says of a run on disk, from its log alone. Imports no torch."""

from pathlib import Path
from typing import Any

from rivals.doctor.diagnosis import alarming, findings, non_finite
from rivals.doctor.finding import Finding
from rivals.doctor.history import LOOKS, History
from rivals.run.config import Config
from rivals.run.log import lines

TURNS = ("started", "resumed", "healed", "finished", "non-finite")
"""Events after which a run stands differently."""


def checkup(folder: Path, config: Config) -> tuple[list[Finding], History]:
    """The findings that a run ends with, the gravest first, and the looks that they rest on."""
    history, options = History(lines(folder / "metrics.jsonl")), config.plain()
    turns = [each for each in lines(folder / "events.jsonl") if each.get("event") in TURNS]
    broken = [non_finite(turns[-1], options)] if turns and turns[-1]["event"] == "non-finite" else []
    return broken + findings(history, options), history


def as_json(found: list[Finding]) -> dict[str, Any]:
    """The findings as `rivals doctor --json` prints them."""
    return {"healthy": not alarming(found), "findings": [each.record() for each in found]}


def as_text(found: list[Finding], history: History) -> str:
    """The findings for a person: what is wrong, the evidence, why, and what to change."""
    if not history.looks and not found:
        return "no signals to judge by: the run has not come to the doctor's first look, or --doctor-every is 0"
    paragraphs = [_paragraph(each) for each in found]
    if not alarming(found):
        soon = f" (early days: {len(history.looks)} of {LOOKS} looks)" if len(history.looks) < LOOKS else ""
        paragraphs.insert(0, f"healthy at round {history.round}{soon}")
    return "\n\n".join(paragraphs)


def _paragraph(finding: Finding) -> str:
    numbers = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in finding.evidence.items())
    flag = f"--{finding.remedy.option.replace('_', '-')} {finding.remedy.value}"
    head = f"{finding.name} ({finding.severity}), round {finding.round}, since round {finding.since}"
    return "\n".join(
        [head, *([f"  evidence: {numbers}"] if numbers else []), f"  why: {finding.why}", f"  try: {flag}"]
    )
