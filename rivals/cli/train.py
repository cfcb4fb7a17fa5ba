"""rivals train RECIPE [--data D] [OPTIONS]"""

from dataclasses import dataclass, field, is_dataclass, make_dataclass, replace
from pathlib import Path
from typing import Any

from rivals.cli.arguments import parsed, without
from rivals.cli.stopping import trained
from rivals.data.names import NAMED, TOYS, kind_of
from rivals.recipes import ALSO, RECIPES, recipe
from rivals.run.config import Config, RunOptions, read_config

ABOUT = """Trains a recipe on your data, and leaves a run folder to resume, sample and explore.

examples:
  rivals train r3gan --data photos/ --minutes 30
  rivals train wgan-gp --data ring --seed 1
  rivals train --config runs/a/config.yaml --out runs/b

The options shown are those for {kind}; `--data ring --help` shows those for points."""


@dataclass(frozen=True)
class Arguments:
    """What the words before tyro's are needed for: which recipe, on which kind of data, from which file."""

    recipe: str = ""
    data: str = ""
    config: str = ""
    rest: list[str] = field(default_factory=list)


def run(arguments: list[str]) -> int:
    """Trains, prints the run's folder, and returns the exit code."""
    given = first_look(arguments)
    config = asked_for(given)

    def train() -> Any:
        from rivals.run.run import train_config

        return train_config(config)

    return trained(train)


def first_look(arguments: list[str]) -> Arguments:
    """The recipe, --data and --config, which decide what the other options are. Raises ValueError for no recipe."""
    rest, name, values = list(arguments), "", {"data": "", "config": ""}
    if rest and not rest[0].startswith("-"):
        name = rest.pop(0)
    for key in values:
        for place, word in enumerate(rest):
            if word == f"--{key}" and place + 1 < len(rest):
                values[key] = rest[place + 1]
            elif word.startswith(f"--{key}="):
                values[key] = word.split("=", 1)[1]
    if values["config"]:
        place = next(i for i, word in enumerate(rest) if word.split("=")[0] == "--config")
        del rest[place : place + (1 if "=" in rest[place] else 2)]
    if not name and not values["config"]:
        if "-h" in rest or "--help" in rest:
            name = "r3gan"
        else:
            raise ValueError(
                f"train needs a recipe: {', '.join(RECIPES)}; for example `rivals train r3gan --data photos/`"
            )
    if name and name not in {**RECIPES, **ALSO} and (name in {**NAMED, **TOYS} or Path(name).exists()):
        raise ValueError(f"{name} is data, and the recipe comes first: rivals train r3gan --data {name}")
    return Arguments(name, values["data"], values["config"], rest)


def asked_for(given: Arguments) -> Config:
    """The configuration: the preset, then the file, then the flags."""
    if given.config:
        base = read_config(Path(given.config), kind_of(given.data) if given.data else "")
        if given.recipe and recipe(given.recipe).name != base.recipe:
            raise ValueError(f"{given.config} is for {base.recipe}, not for {given.recipe}; leave one of them out")
        if base.run.out:  # a new run is a new folder
            base = Config(base.recipe, _without_folder(base.run), base.options)
    else:
        runs = RunOptions()
        base = Config(given.recipe, runs, recipe(given.recipe).preset(kind_of(given.data or runs.data)))
    both = make_dataclass(
        "Both", [("run", RunOptions), ("recipe", type(base.options))], namespace={"__doc__": "What to train."}
    )
    if {"-h", "--help"} & set(given.rest):
        base = replace(base, options=explained(base))
    about = ABOUT.format(kind=kind_of(given.data or base.run.data))
    chosen = parsed(both, given.rest, command=f"train {base.recipe}", about=about, default=both(base.run, base.options))
    return Config(base.recipe, chosen.run, chosen.recipe)


def explained(config: Config) -> Any:
    """The recipe's options with those hidden that it would refuse."""
    refused = recipe(config.recipe).without
    groups = {name: without(value, refused) for name, value in vars(config.options).items() if is_dataclass(value)}
    return replace(config.options, **groups)


def _without_folder(run: RunOptions) -> RunOptions:
    return replace(run, out="")
