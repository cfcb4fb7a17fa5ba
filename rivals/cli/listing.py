"""rivals list"""

import json
from dataclasses import dataclass

from rivals.cli.arguments import parsed
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
    print(f"{'recipe':<15} {'family':<7} {'paper':<11} {'data':<17} what it is")
    for row in rows:
        print(f"{row['name']:<15} {row['family']:<7} {row['paper']:<11} {', '.join(row['data']):<17} {row['title']}")
    return 0
