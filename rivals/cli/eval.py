"""rivals eval DIR"""

import json
from dataclasses import dataclass
from typing import Annotated

import tyro

from rivals.cli.arguments import parsed

ABOUT = """The scores of a run, with their 95 % intervals, and the protocol they were taken under.

example: rivals eval runs/a --json"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    n: Annotated[int, tyro.conf.arg(aliases=["-n"])] = 2500
    """Samples that are scored."""
    seed: int = 0
    """Of the samples."""
    json: bool = False
    """As JSON."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Prints the scores and keeps them in scores.jsonl."""
    given = parsed(Arguments, arguments, command="eval", about=ABOUT)
    from rivals.run.run import load
    from rivals.run.scores import scored

    result = scored(load(given.folder, device=given.device), given.n, given.seed)
    if given.json:
        print(json.dumps(result))
        return 0
    for name, score in result["scores"].items():
        print(f"{name:<14} {score['value']:.4f}   [{score['low']:.4f}, {score['high']:.4f}]")
    return 0
