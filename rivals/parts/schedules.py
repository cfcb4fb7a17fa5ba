"""Factors on a weight, by a player's count of its steps."""

from collections.abc import Callable

Schedule = Callable[[int], float]
"""Steps taken -> a factor; pure."""


def constant(step: int) -> float:
    """No schedule."""
    return 1.0
