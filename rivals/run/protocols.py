"""What scores were taken under, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

SHA256, DIGEST = 64, 10
"""Letters of a digest, and how many of them tell it from others to a reader."""


def differing(protocols: Sequence[Mapping[str, Any]]) -> str:
    """In what protocols differ, with each one's value: n (100, 200)."""
    names = dict.fromkeys(name for protocol in protocols for name in protocol)
    values = {name: [brief(protocol.get(name, "none")) for protocol in protocols] for name in names}
    return ", ".join(f"{name} ({', '.join(each)})" for name, each in values.items() if len(set(each)) > 1)


def brief(value: Any) -> str:
    """A protocol's value in words, of a digest the beginning."""
    word = str(value)
    return word[:DIGEST] if len(word) == SHA256 and set(word) <= set("0123456789abcdef") else word
