"""rivals data check PATH"""

import json
from dataclasses import dataclass
from typing import Literal

import tyro

from rivals.cli.arguments import parsed
from rivals.run.progress import say

ABOUT = """Looks at a data set before training: lists every bad file with its reason, sizes, duplicates and tiny
classes, and says what training would do with it. Exit code 2 if it would refuse.

example: rivals data check photos/ --size 64"""


@dataclass(frozen=True)
class Arguments:
    path: tyro.conf.Positional[str]
    """A folder, a zip, tar.gz, npz, parquet or idx file, a named set, or a toy."""
    size: int = 0
    """Side that the pictures would have; 0 chooses by the data."""
    channels: int = 0
    """1, 3 or 4; 0 chooses by the data."""
    fit: Literal["crop", "pad", "stretch"] = "crop"
    """How pictures that are not square become so."""
    tags: str = ""
    """CSV file of tags, classes or captions; a tags.csv with the pictures if empty, none leaves that aside."""
    json: bool = False
    """As JSON."""


def run(arguments: list[str]) -> int:
    """Prints what was found."""
    if arguments[:1] != ["check"]:
        if arguments[:1] in ([], ["-h"], ["--help"]):
            arguments = ["check", "--help"]
        else:
            raise ValueError(f"unknown: rivals data {arguments[0]}; there is `rivals data check PATH`")
    given = parsed(Arguments, arguments[1:], command="data check", about=ABOUT)
    if not given.path.strip():
        raise ValueError("the path is empty; name a folder, a file or a data set")
    from rivals.data.check import check

    shape = {"size": given.size or None, "channels": given.channels or None}
    found = check(given.path, **shape, fit=given.fit, tags=given.tags, say=say)
    print(json.dumps(found.as_dict(), indent=1) if given.json else "\n".join(found.lines()))
    return 0 if found.trains else 2
