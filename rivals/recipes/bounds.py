"""What numbers an option takes, said beside its type."""

import math
import typing
from dataclasses import dataclass, is_dataclass
from typing import Annotated, Any


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest value of an option, both allowed; or what it must stay below."""

    low: float = 0
    high: float = math.inf
    below: float = math.inf


Count = Annotated[int, Bounds(1)]
"""At least one."""
Share = Annotated[float, Bounds(0, 1)]
"""From none to all."""
Less = Annotated[float, Bounds(0, below=1)]
"""From none to less than all."""


def check_bounds(options: Any) -> None:
    """Raises ValueError, naming the flag, for the first number of an options dataclass outside its bounds.

    Numbers without bounds of their own must be finite and not negative.
    """
    for name, kind in typing.get_type_hints(type(options), include_extras=True).items():
        value = getattr(options, name)
        if is_dataclass(value):
            check_bounds(value)
        elif isinstance(value, int | float):
            bounds = next((each for each in getattr(kind, "__metadata__", ()) if isinstance(each, Bounds)), Bounds())
            if not (bounds.low <= value <= bounds.high and value < bounds.below):
                raise ValueError(f"--{name.replace('_', '-')} must be {_words(bounds)}; found {value}")


def _words(bounds: Bounds) -> str:
    if bounds.below < math.inf:
        return f"at least {bounds.low} and below {bounds.below}"
    if bounds.high < math.inf:
        return f"from {bounds.low} to {bounds.high}"
    return f"at least {bounds.low}"
