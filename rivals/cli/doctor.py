"""rivals doctor DIR"""

import json
from dataclasses import dataclass

import tyro

from rivals.cli.arguments import parsed

ABOUT = """What is wrong with a training, the evidence, why, and what to change, while it runs or after.

It reads the log alone.

example: rivals doctor runs/a --json"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    json: bool = False
    """As JSON."""


def run(arguments: list[str]) -> int:
    """Prints the findings."""
    given = parsed(Arguments, arguments, command="doctor", about=ABOUT)
    from rivals.run.checkup import as_json, as_text, checkup
    from rivals.run.config import read_config
    from rivals.run.run import run_folder

    folder = run_folder(given.folder)
    seen = checkup(folder, read_config(folder / "config.yaml"))
    print(json.dumps(as_json(seen)) if given.json else as_text(seen))
    return 0
