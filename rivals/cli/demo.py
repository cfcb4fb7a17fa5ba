"""rivals demo"""

from dataclasses import dataclass

from rivals.cli.arguments import parsed
from rivals.run.progress import say

ABOUT = """Trains a GAN on the embedded digits for about two minutes, and says where the samples, the film and the
report are, and how good the samples are.

example: rivals demo --minutes 1"""


@dataclass(frozen=True)
class Arguments:
    minutes: float = 2.0
    """Minutes of training at most; it ends after 5,000 rounds for each of them."""
    out: str = "demo"
    """Folder of the run; one of this name with a number behind it if it is there already."""
    seed: int = 0
    """Of the weights, the data's order and the codes."""


def run(arguments: list[str]) -> int:
    """Trains, scores and films."""
    given = parsed(Arguments, arguments, command="demo", about=ABOUT)
    from rivals.run.demo import demo

    done = demo(given.minutes, given.out, given.seed)
    for name, value in done.items():
        say(f"{name + ':':<9} {value}")
    return 0
