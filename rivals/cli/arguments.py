"""Command-line arguments through tyro, its errors in one line."""

import contextlib
import io
import re
import sys
from typing import TypeVar

import tyro

T = TypeVar("T")


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


def one_line(text: str) -> str:
    """What tyro says in a box, in one line."""
    rows = [re.sub(r"[│╭╮╰╯]", " ", row).strip() for row in text.splitlines()]
    parts = " ".join(
        row for row in rows if row and not row.startswith(("─ Unrec", "─ Value", "─ Inval", "─ Miss"))
    ).split("─")
    kept = [part.strip() for part in parts if part.strip() and "helptext" not in part]
    message = (
        "; ".join(kept[:2]) if len(kept) > 1 and kept[1].startswith("Perhaps") else kept[0] if kept else "wrong usage"
    )
    suggestion = re.sub(r"Perhaps you meant: (--\S+).*", r"did you mean \1?", message)
    first = suggestion[:1].lower() + suggestion[1:]
    return f"{first.removeprefix('error ')}; --help lists the options"
