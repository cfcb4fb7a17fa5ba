"""rivals list"""

import json
from dataclasses import dataclass

from rivals.cli.arguments import parsed
from rivals.cli.columns import aligned
from rivals.recipes import RECIPES

ABOUT = """The recipes: name, family, paper, what data they train on.

example: rivals list --json"""


@dataclass(frozen=True)
class Arguments:
    json: bool = False
    """As JSON."""


def run(arguments: list[str]) -> int:
    """Prints the recipes."""
    given = parsed(Arguments, arguments, command="list", about=ABOUT)
    rows = [
        {"name": r.name, "family": r.family, "paper": r.paper, "data": list(r.presets), "title": r.title}
        for r in RECIPES.values()
    ]
    if given.json:
        print(json.dumps(rows, indent=1))
        return 0
    head = ["recipe", "family", "paper", "data", "what it is"]
    lines = [head] + [[r.name, r.family, r.paper, ", ".join(r.presets), r.title] for r in RECIPES.values()]
    for line in aligned(lines):
        print(line)
    return 0
