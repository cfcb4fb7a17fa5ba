"""What docs/representations.md names is there."""

import re
from pathlib import Path

from rivals.recipes import RECIPES
from rivals.run.run import configured

HOME = Path(__file__).parents[2] / "docs"
PAGE = (HOME / "representations.md").read_text()


def test_its_commands_name_recipes_and_options_that_exist() -> None:
    commands = re.findall(r"rivals train (\w+) ([^#\n]*)", PAGE)
    assert {name for name, _ in commands} == {"infogan", "bigan"} <= RECIPES.keys()
    for name, words in commands:
        given = dict(re.findall(r"--([\w-]+) ([\w.]+)", words))
        typed = {key.replace("-", "_"): int(value) if value.isdigit() else value for key, value in given.items()}
        assert configured(name, typed).recipe == name


def test_its_pictures_are_there() -> None:
    assert all((HOME / each).exists() for each in re.findall(r"\((pictures/[\w.-]+)\)", PAGE))
