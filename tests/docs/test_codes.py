"""The snippets of docs/codes.md run, and print what the page says; its pictures are there."""

import re
from pathlib import Path

from tests.docs.test_theory import check_pictures, check_snippets

PAGE = (Path(__file__).parents[2] / "docs" / "codes.md").read_text()


def test_the_snippets_print_what_stands_beside_them() -> None:
    check_snippets(PAGE)


def test_every_picture_is_there() -> None:
    check_pictures(PAGE)
    assert len(re.findall("pictures/codes-", PAGE)) >= 3
