"""Command-line arguments through tyro, its errors in one line."""

import contextlib
import io
import re
import sys
import typing
from collections.abc import Collection, Sequence
from dataclasses import make_dataclass
from typing import TypeVar

import tyro

T = TypeVar("T")
NUMBERS = {
    r"invalid literal for int\(\) with base 10": "a whole number",
    "could not convert string to float": "a number",
}
"""What Python says of text that is no number."""


def parsed(kind: type[T], arguments: list[str], *, command: str, about: str, default: T | None = None) -> T:
    """The options of a command from its arguments; exits with code 2 and one line for what it cannot read."""
    caught = io.StringIO()
    try:
        with contextlib.redirect_stderr(caught):
            return tyro.cli(
                kind,
                args=arguments,
                prog=f"rivals {command}",
                description=about,
                default=default if default is not None else tyro.MISSING_NONPROP,
                config=(tyro.conf.OmitArgPrefixes,),
            )
    except SystemExit as end:
        if end.code:
            print(f"rivals {command}: {one_line(caught.getvalue())}", file=sys.stderr)
        raise


def once(arguments: Sequence[str], option: str) -> None:
    """Raises ValueError for an option given several times, of which the last would be taken in silence."""
    if sum(word.split("=")[0] == option for word in arguments) > 1:
        raise ValueError(f"{option} is given more than once; one at a time here")


def without(group: T, names: Collection[str]) -> T:
    """A dataclass's values such that --help leaves out some of them."""
    hints = typing.get_type_hints(type(group), include_extras=True)
    values = {name: getattr(group, name) for name in hints}
    hidden = [
        (name, typing.Annotated[hints[name], tyro.conf.Suppress], values[name]) for name in hints if name in names
    ]
    made = make_dataclass(type(group).__name__, hidden, bases=(type(group),), frozen=True, kw_only=True)
    return made(**values)


def one_line(text: str) -> str:
    """What tyro says in a box, of line-drawing characters or of plain ones, in one line."""
    words = " ".join(re.sub("[│╭╮╰╯]", " ", text).split())
    sections = [section.strip(" ─") for section in re.split("[─-]{4,}", words)]
    message = sections[1] if len(sections) > 1 and sections[1] else "wrong usage"
    message = re.sub(r"^Missing from [^:]*: [A-Z]+ (.*) \(required\)$", r"missing: \1", message.removeprefix("Error "))
    for said, wanted in NUMBERS.items():
        message = re.sub(rf"^[Pp]arsing (\S+): {said}: (.*)$", rf"\1 must be {wanted}; found \2", message)
    meant = re.search(r"(?:Perhaps you meant|Arguments similar to \S+): (--\S+)", words)
    hint = f"; did you mean {meant[1]}?" if meant else ""
    return f"{message[:1].lower()}{message[1:].rstrip('.')}{hint}; --help lists the options"
