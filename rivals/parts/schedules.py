"""Factors on a weight or a learning rate, by a player's count of its steps."""

import math
from collections.abc import Callable

Schedule = Callable[[int], float]
"""Steps taken -> a factor; pure."""


def constant(step: int) -> float:
    """No schedule."""
    return 1.0


def schedule_of(decay: str, steps: int) -> Schedule | None:
    """A factor on the learning rate that falls from 1 to 1/100 over `steps`."""
    falls: dict[str, Callable[[float], float]] = {
        "linear": lambda done: 1 - done,
        "cosine": lambda done: 0.5 + 0.5 * math.cos(math.pi * done),
    }
    if decay == "none":
        return None
    return lambda step: max(falls[decay](min(step / steps, 1.0)), 0.01)


def rising(steps: float) -> Schedule:
    """A factor that rises from 0 to 1 over `steps`, on a line; 1 from the first where there are none."""
    return lambda step: min(step / steps, 1.0) if steps else 1.0


def falling(end: float, steps: int) -> Schedule:
    """A factor that falls from 1 to `end` over `steps`, on a cosine."""
    return lambda step: end + (1 - end) * (0.5 + 0.5 * math.cos(math.pi * min(step / steps, 1.0)))
