"""rivals compare DIR DIR ..."""

import json
from dataclasses import dataclass
from typing import Annotated, Any

import tyro

from rivals.cli.arguments import parsed
from rivals.cli.columns import aligned
from rivals.cli.eval import conditions, shown

ABOUT = """Runs beside each other: how they went, the options in which they differ, and their scores of one protocol.

It reads what the runs have kept: scores are those of `rivals eval`, asked for in the same way of each.

example: rivals compare runs/a runs/b --json"""


@dataclass(frozen=True)
class Arguments:
    folders: tyro.conf.Positional[Annotated[tuple[str, ...], tyro.conf.arg(metavar="DIR DIR ...")]]
    """The folders of the runs, two or more."""
    json: bool = False
    """As JSON."""


def run(arguments: list[str]) -> int:
    """Prints the comparison."""
    given = parsed(Arguments, arguments, command="compare", about=ABOUT)
    from rivals.run.comparison import compare

    found = compare(given.folders)
    if given.json:
        print(json.dumps(found))
        return 0
    for row in aligned(head(found) + options(found) + scores(found)):
        print(row)
    if found["why"]:
        print(found["why"])
        return 0
    for line in legend(found):
        print(line)
    print(conditions(found["protocol"]))
    return 0


def head(found: dict[str, Any]) -> list[list[str]]:
    """How the runs went."""
    runs = found["runs"]
    return [
        ["", *(each["folder"] for each in runs)],
        ["recipe", *(each["recipe"] for each in runs)],
        ["round", *(f"{each['round']} of {each['rounds']}" for each in runs)],
        ["minutes", *(shown(each["seconds"] and each["seconds"] / 60) for each in runs)],
        ["doctor", *(", ".join(each["findings"]) or each["word"] for each in runs)],
    ]


def options(found: dict[str, Any]) -> list[list[str]]:
    """What the runs were asked for where it differs, in the words of the command line."""
    return [
        [f"--{name.replace('_', '-')}", *("-" if value is None else str(value) for value in values)]
        for name, values in found["options"].items()
    ]


def scores(found: dict[str, Any]) -> list[list[str]]:
    """The scores with their intervals, a star at those that are apart, and what real samples score."""
    rows = [
        [name, *(interval(one) for one in each["runs"]), shown(each["floor"])] for name, each in found["scores"].items()
    ]
    return [["scores of round", *map(str, rounds(found)), "floor"], *rows] if rows else []


def rounds(found: dict[str, Any]) -> list[int]:
    """Of each run's scores."""
    return [one["round"] for one in next(iter(found["scores"].values()))["runs"]]


def interval(score: dict[str, Any]) -> str:
    """A value and its interval."""
    return f"{shown(score['value'])} [{shown(score['low'])}, {shown(score['high'])}]{' *' * score['apart']}"


def legend(found: dict[str, Any]) -> list[str]:
    """What the marks mean, and what to mind about the scores."""
    said = ["floor: real training samples, as good as can be"]
    if any(one["apart"] for each in found["scores"].values() for one in each["runs"]):
        said += ["*: overlaps no other run's 95 % interval, which is of the samples; another seed may move more"]
    if len(set(rounds(found))) > 1:
        said += ["the scores are of different rounds: what is apart may be so for that alone"]
    return said
