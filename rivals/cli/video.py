"""rivals video DIR"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from rivals.cli.arguments import parsed

ABOUT = """The samples of fixed codes over training, as a film.

example: rivals video runs/a --out film.gif"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    out: str = ""
    """A name ending in .mp4 (extra: video), .gif or .webp; DIR/film.mp4, or film.webp without that extra, if empty."""
    fps: float = 12.0
    """Frames a second."""


def run(arguments: list[str]) -> int:
    """Writes the film and prints its name."""
    given = parsed(Arguments, arguments, command="video", about=ABOUT)
    from importlib.util import find_spec

    from rivals.report.film import film
    from rivals.run.run import run_folder

    folder = run_folder(given.folder)
    out = Path(given.out or folder / ("film.mp4" if find_spec("av") else "film.webp"))
    print(film(sorted((folder / "samples").glob("*.png")), out, given.fps))
    return 0
