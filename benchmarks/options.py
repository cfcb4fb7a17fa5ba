"""The options that benchmarks share, errors in one line."""

import argparse
from typing import NoReturn

from table import script

from rivals.data.pool import cores


class Options(argparse.ArgumentParser):
    """A command line whose errors are one line on standard error, exit code 2."""

    def __init__(self, about: str | None) -> None:
        super().__init__(
            prog=f"rivals bench {script()}", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
        )

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; --help lists the options\n")


def parted(about: str | None, seeds: int, full: str) -> Options:
    """The options of a table whose parts are measured one by one; `full` says what --full does."""
    parser = Options(about)
    parser.add_argument("--seeds", type=positive, default=0, help=f"{seeds} by default")
    parser.add_argument("--full", action="store_true", help=full)
    parser.add_argument("--jobs", type=positive, default=cores(), help="processes at a time, of one thread each")
    parser.add_argument("--device", default="cpu", help="cpu or cuda, where networks are trained")
    parser.add_argument("--minutes", type=float, default=0.0, help="begin no part after these; 0 for no end")
    parser.add_argument("--report", action="store_true", help="write the table of what is there, measure nothing")
    parser.add_argument("--one", metavar="PART", help="measure a single part, in this process")
    return parser


def seeded(about: str | None, seeds: int, full_seeds: int, full: str, first: int = 0) -> argparse.Namespace:
    """What was asked of a table that is trained seed by seed, and of a trial of it.

    `full_seeds` is their number with --full, and `full` says what else that does.
    """
    parser = parted(about, seeds, f"{full}, {full_seeds} seeds")
    parser.add_argument("--rounds", type=int, default=0, help="other than the table's own, for a trial")
    parser.add_argument("--first", type=int, default=first, help="the first seed; another one for a trial")
    given = parser.parse_args()
    given.seeds = given.seeds or (full_seeds if given.full else seeds)
    return given


def seeds_of(given: argparse.Namespace) -> range:
    """The seeds that were asked for."""
    return range(given.first, given.first + given.seeds)


def table_of(name: str, given: argparse.Namespace) -> str:
    """The name that results are kept under: those of a trial or of --full must not replace the table's own."""
    return f"{name}-trial" if given.rounds else f"{name}-full" if given.full else name


def positive(text: str) -> int:
    """A whole number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, found {number}")
    return number
