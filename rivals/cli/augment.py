"""rivals augment DIR"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from rivals.cli.arguments import parsed
from rivals.recipes.bounds import Count, check_bounds
from rivals.run.progress import say

ABOUT = """Generated pictures as more training data: a folder a class, which can be trained on at once.

example: rivals augment runs/a --per-class 100 --out more/"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder; it must have been trained with classes as its condition."""
    per_class: Count = 100
    """Pictures of each class."""
    seed: int = 0
    """Another seed, other pictures."""
    out: str = ""
    """A new or empty folder; DIR/augmented if empty."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Writes the folders and prints where they are."""
    given = parsed(Arguments, arguments, command="augment", about=ABOUT)
    check_bounds(given)
    from rivals.run.augment import augmented
    from rivals.run.run import load

    learned = load(given.folder, device=given.device)
    if learned.session.round == 0:
        say(f"{given.folder} has not been trained yet: these are pictures of the networks as they began")
    print(augmented(learned, Path(given.out or Path(given.folder) / "augmented"), given.per_class, given.seed))
    return 0
