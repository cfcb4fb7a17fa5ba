"""rivals report DIR"""

from dataclasses import dataclass

import tyro

from rivals.cli.arguments import parsed

ABOUT = """Writes a run's report.html, from whatever the run has so far.

example: rivals report runs/a"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""


def run(arguments: list[str]) -> int:
    """Writes the report and prints its name."""
    given = parsed(Arguments, arguments, command="report", about=ABOUT)
    from rivals.run.config import read_config
    from rivals.run.page import report
    from rivals.run.run import run_folder

    folder = run_folder(given.folder)
    print(report(folder, read_config(folder / "config.yaml")))
    return 0
