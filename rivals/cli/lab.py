"""rivals lab DATA RECIPE [OPTIONS]"""

import time
from dataclasses import dataclass, make_dataclass, replace
from itertools import takewhile
from pathlib import Path

from rivals.cli.arguments import parsed
from rivals.data.names import NAMED, TOYS, kind_of
from rivals.recipes import RECIPES, recipe
from rivals.recipes.bounds import Count, check_bounds
from rivals.run.config import Config, RunOptions

ABOUT = """Films a game in the plane as it is played: real and generated points, what the discriminator thinks
everywhere (colour, and the line where D = 1/2), where the generator's loss pulls its points (arrows), and
both KL divergences.

examples:
  rivals lab ring wgan-gp --out ring.mp4
  rivals lab two-gaussians nsgan --width 20 --depth 2 --discriminator-width 10 --discriminator-depth 4

The second has the nets of courses: 2-20-20-2 for the generator, 2-10-10-10-10-1 for the discriminator."""
ROUNDS = 3000


@dataclass(frozen=True, kw_only=True)
class LabOptions:
    """What is filmed."""

    out: str = ""
    """A name ending in .mp4 (extra: video), .gif or .webp; the frames go into a folder of the same name."""
    frames: Count = 100
    """Frames, evenly over the rounds."""
    seed: int = 0
    """Governs weights, order of the data and codes."""
    fps: float = 12.0
    """Frames a second."""


def run(arguments: list[str]) -> int:
    """Writes the frames and the film, and prints the film's name."""
    data, name, rest = named(arguments)
    preset = recipe(name).preset("points")
    options = replace(preset, training=replace(preset.training, rounds=ROUNDS))
    both = make_dataclass(
        "Both", [("lab", LabOptions), ("recipe", type(options))], namespace={"__doc__": "What is played."}
    )
    given = parsed(both, rest, command=f"lab {data} {name}", about=ABOUT, default=both(LabOptions(), options))
    check_bounds(given.lab)
    config = Config(name, RunOptions(data=data, seed=given.lab.seed, device="cpu"), given.recipe)
    return filmed(config, given.lab)


def filmed(config: Config, lab: LabOptions) -> int:
    from rivals.report.film import has_video
    from rivals.run.lab import film_game

    stamp = time.strftime("%Y%m%d-%H%M%S")
    ending = "mp4" if has_video() else "webp"
    done = film_game(config, Path(lab.out or f"runs/lab-{config.recipe}-{stamp}.{ending}"), lab.frames, lab.fps)
    print(done.film)
    return 128 + done.signal if done.signal else 0


def named(arguments: list[str]) -> tuple[str, str, list[str]]:
    """DATA and RECIPE, which decide what the other options are, and the rest. Raises ValueError without them."""
    words = list(takewhile(lambda word: not word.startswith("-"), arguments[:2]))
    rest = arguments[len(words) :]
    if "-h" in rest or "--help" in rest:
        words += ["ring", "nsgan"][len(words) :]
    if len(words) < 2:
        raise ValueError(f"lab needs data and a recipe, such as `rivals lab ring nsgan`; recipes: {', '.join(RECIPES)}")
    data, name = words
    if data in RECIPES and name not in RECIPES:
        raise ValueError(f"the data comes first: rivals lab {name} {data}")
    if kind_of(data) != "points":
        what = "holds no points" if data in NAMED or Path(data).exists() else "is not there"
        raise ValueError(f"{data} {what}; the lab draws {', '.join(TOYS)}, or an npz of floats (n, 2)")
    return data, recipe(name).name, rest
