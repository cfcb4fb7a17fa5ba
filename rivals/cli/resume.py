"""rivals resume DIR"""

from dataclasses import dataclass
from typing import Any

import tyro

from rivals.cli.arguments import parsed
from rivals.cli.stopping import trained

ABOUT = """Goes on with a run from its newest sound checkpoint, exactly as if it had never stopped.

example: rivals resume runs/r3gan-20260101-120000 --minutes 60"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    rounds: int = 0
    """Rounds to reach in all, if other than before."""
    minutes: float = 0.0
    """Minutes of training to reach in all, if other than before."""
    data: str = ""
    """Where the same data is now, if it has moved; of the same kind at least."""


def run(arguments: list[str]) -> int:
    """Trains on and returns the exit code."""
    given = parsed(Arguments, arguments, command="resume", about=ABOUT)
    changes = {key: value for key in ("rounds", "minutes", "data") if (value := getattr(given, key))}

    def train() -> Any:
        from rivals.run.run import resume

        return resume(given.folder, **changes)

    return trained(train)
