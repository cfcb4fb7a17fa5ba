"""The snippets of docs/theory.md run, and print what the page says."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "theory.md").read_text()


def test_the_snippets_print_what_stands_beside_them() -> None:
    names: dict[str, Any] = {}
    for snippet in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        promised = [each for line in re.findall(r"print\(.*\)  # (.*)", snippet) for each in line.split(" / ")]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(snippet, names)
        assert printed.getvalue().splitlines() == promised


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"pictures/[\w.-]+", PAGE)
    assert len(pictures) >= 8
    assert all((Path(__file__).parents[2] / "docs" / each).exists() for each in pictures)
