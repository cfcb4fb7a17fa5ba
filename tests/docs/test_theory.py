"""The snippets of docs/theory.md run, and print what the page says."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "theory.md").read_text()


def check_snippets(page: str) -> None:
    """Runs the Python of a page from top to bottom; what it prints must stand beside it."""
    names: dict[str, Any] = {}
    for snippet in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        promised = [each for line in re.findall(r"print\(.*\)  # (.*)", snippet) for each in line.split(" / ")]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(snippet, names)
        assert printed.getvalue().splitlines() == promised


def check_pictures(page: str) -> None:
    """Every picture that a page shows lies in docs/pictures."""
    pictures = re.findall(r"pictures/[\w.-]+", page)
    assert all((Path(__file__).parents[2] / "docs" / each).exists() for each in pictures)


def test_the_snippets_print_what_stands_beside_them() -> None:
    check_snippets(PAGE)


def test_every_picture_is_there() -> None:
    check_pictures(PAGE)
    assert len(re.findall("pictures/", PAGE)) >= 8
