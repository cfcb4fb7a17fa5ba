"""What scores were taken under, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

SHA256, DIGEST = 64, 10
"""Letters of a digest, and how many of them tell it from others to a reader."""
HIGHER = ("precision", "recall", "density", "coverage", "classifier_score", "agreement", "modes", "high_quality")
"""Scores that are the better the higher they are."""
FEW, SURE = 100, 0.9
"""Held-out samples below which scores are rough; share that a classifier reads rightly below which its word is."""


def differing(protocols: Sequence[Mapping[str, Any]]) -> str:
    """In what protocols differ, with each one's value: n (100, 200)."""
    names = dict.fromkeys(name for protocol in protocols for name in protocol)
    values = {name: [brief(protocol.get(name, "none")) for protocol in protocols] for name in names}
    return ", ".join(f"{name} ({', '.join(each)})" for name, each in values.items() if len(set(each)) > 1)


def brief(value: Any) -> str:
    """A protocol's value in words, of a digest the beginning."""
    word = str(value)
    return word[:DIGEST] if len(word) == SHA256 and set(word) <= set("0123456789abcdef") else word


def cautions(result: Mapping[str, Any]) -> list[str]:
    """What to mind about scores: few samples to compare with, an unsure classifier, what noise scores as well."""
    protocol, floor, ceiling = result["protocol"], result["floor"], result["ceiling"]
    said = []
    if (few := protocol.get("compared", FEW)) < FEW:
        said += [f"{few} samples are compared with {few} held-out ones, which are few: --data or -n may give more"]
    if (sure := protocol.get("classifier_accuracy", 1.0)) < SURE:
        said += [f"the classifier reads {100 * sure:.0f} % of held-out samples rightly: its word of others is no surer"]
    known = [name for name in HIGHER if floor.get(name) is not None and ceiling.get(name) is not None]
    if blind := [name for name in known if ceiling[name] >= floor[name]]:
        said += [f"no measure here, since noise scores no worse than real samples: {', '.join(blind)}"]
    return said
