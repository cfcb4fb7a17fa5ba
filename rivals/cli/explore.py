"""rivals explore DIR"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from rivals.cli.arguments import once, parsed

ABOUT = """Sheets of what a generator makes of its codes: random ones, lines and arcs between them, one dimension swept,
all at 0, 1, -1, 0.5 and 0.3, one dimension at -50 and 50, and the nearest training pictures beside samples. Where an
encoder was learned, real samples beside what comes back of them, and what stands halfway between two; of codes of two
dimensions the whole plane.

example: rivals explore runs/a"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    condition: str = ""
    """What a conditional run is asked for on all sheets; one that the data holds if empty."""
    seed: int = 0
    """Of the codes."""
    out: str = ""
    """Folder of the sheets; DIR/explore if empty."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Writes the sheets and prints their names."""
    once(arguments, "--condition")
    given = parsed(Arguments, arguments, command="explore", about=ABOUT)
    from rivals.report.grid import save_png
    from rivals.run.run import load
    from rivals.run.samples import explored

    out = Path(given.out or Path(given.folder) / "explore")
    if out.exists() and not out.is_dir():
        raise ValueError(f"--out {out} is a file, and there are several sheets; name a folder")
    learned = load(given.folder, device=given.device)
    for name, sheet in explored(learned, given.seed, given.condition).items():
        print(save_png(sheet, out / f"{name}.png"))
    return 0
