"""Adversarial learning: learners that improve by playing against each other."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rivals.loop import fit as fit
    from rivals.play import Player as Player
    from rivals.play import descend_together as descend_together
    from rivals.run.comparison import compare as compare
    from rivals.run.run import Run as Run
    from rivals.run.run import load as load
    from rivals.run.run import resume as resume
    from rivals.run.run import train as train

__version__ = "0.1.0"
__all__ = ["Player", "Run", "compare", "descend_together", "fit", "load", "resume", "train"]

_HOMES = {
    "Player": "rivals.play",
    "descend_together": "rivals.play",
    "fit": "rivals.loop",
    "compare": "rivals.run.comparison",
    "Run": "rivals.run.run",
    "load": "rivals.run.run",
    "resume": "rivals.run.run",
    "train": "rivals.run.run",
}


def __getattr__(name: str) -> Any:
    """Imports what is asked for when it is asked for: `import rivals` alone does not load torch."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rivals' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
