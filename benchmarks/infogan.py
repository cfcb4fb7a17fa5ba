"""InfoGAN on MNIST: categories found without labels, held to the ten digits; a continuous code held to their slant.

Run: rivals bench infogan
"""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from statistics import median
from typing import Any

import numpy as np
import torch
from options import seeded, seeds_of, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from torch import Tensor
from trained import asked, trained

from rivals.data.load import load
from rivals.latent.named import REACH, chosen
from rivals.latent.walks import sweep
from rivals.loop import set_random_state
from rivals.metrics import matched
from rivals.recipes import Machine, Setup, recipe
from rivals.report.grid import picture_grid, save_png
from rivals.run.run import configured

SOURCE = "1606.03657 sec. 7.2 (5 % error)"
TAKES = "7 to 12 minutes of a core for each of 2 ways and 5 seeds, 1.6 hours in all"
TABLE = "infogan"
SEEDS, FULL_SEEDS, ROUNDS, FULL_ROUNDS, WIDTH, FULL_WIDTH, SIZE = 5, 10, 2_000, 25_000, 32, 64, 28
PAIRED = "InfoGAN, paired"
WAYS: dict[str, dict[str, Any]] = {"InfoGAN": {}, PAIRED: {"paired_weight": 1.0}}
PICTURE, STEPS = Path("docs") / "pictures" / "infogan.png", 7
PROTOCOL = (
    "MNIST at {size}x{size}; 62 uniform noise codes, a category of 10 values, 2 continuous "
    "codes; the paper's networks with {width} channels where it has 64, batch 128, {rounds} rounds (the authors' code "
    "has 5,000), Adam with beta 0.5, learning rates 2e-4 of the discriminator and 1e-3 of the generator, lambda 1, the "
    "deviation of continuous codes 1. InfoGAN is the paper's own game. Paired: Q finds its categories in training "
    "pictures too, as those that stay when a picture is turned, stretched, slanted and shifted (1807.06653), without "
    "labels, weight 1. Accuracy: the likeliest category Q(c|x) of each of the 10,000 test pictures; "
    "each value stands for one digit, no digit twice, as most pictures agree. Median of the seeds; every seed in a row "
    "of its own metric. Slant: of each test picture the shear of its ink, its moment xy over its moment yy, and the "
    "correlation over all pictures with the continuous code that Q reads, of that code whose correlation is the "
    "larger. Control: Q before its training. Picture: the paired seed whose accuracy is the median."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {f"{slug(way)}-{seed}": (way, seed) for way in reversed(WAYS) for seed in seeds_of(given)}
    work = {part: asked("infogan", options_of(way, seed, given)) for part, (way, seed) in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given.one, given, *keys[given.one]))
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    return seeded(__doc__, SEEDS, FULL_SEEDS, f"{FULL_ROUNDS} rounds")


def rounds_of(given: Namespace) -> int:
    return given.rounds or (FULL_ROUNDS if given.full else ROUNDS)


def slug(way: str) -> str:
    """A name for a file."""
    return way.lower().replace(",", "").replace(" ", "-")


def width_of(given: Namespace) -> int:
    return FULL_WIDTH if given.full else WIDTH


def options_of(way: str, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    shape = {"data": "mnist", "size": SIZE, "width": width_of(given), "discriminator_width": width_of(given)}
    return shape | WAYS[way] | {"seed": seed, "rounds": rounds_of(given), "device": given.device}


def scored(table: str, name: str, given: Namespace, way: str, seed: int) -> list[float]:
    """Trains one, draws it, and scores it."""
    options = options_of(way, seed, given)
    run = trained(table, name, "infogan", options)
    draw(run.setup, run.source, Path("runs") / table / name / "codes.png")
    return [*scores_of(run.setup), *scores_of(untrained(options, run.source))]


def untrained(options: dict[str, Any], source: Any) -> Setup:
    """The same networks before their training."""
    set_random_state(options["seed"])
    return recipe("infogan").build(configured("infogan", options).options, source.spec, Machine())


def scores_of(setup: Setup) -> list[float]:
    """% of test pictures read as their digit, and the correlation of a continuous code with slant."""
    assert setup.encode and setup.codes
    pictures, digits = tested()
    codes = setup.encode(pictures)
    right = 100 * matched(codes[:, setup.codes.places[0]].argmax(1).numpy(), digits)[1]
    lean = slant(pictures)
    return [right, max(abs(correlation(codes[:, place].numpy(), lean)) for place in setup.codes.numbers)]


def tested() -> tuple[Tensor, np.ndarray]:
    """The test pictures in the network's range, and their digits."""
    source: Any = load("mnist", size=SIZE, split="test", say=lambda text: None)
    rows = torch.arange(len(source))
    batch = source.batch(rows, torch.zeros_like(rows))
    return batch["image"], batch["label"].numpy()


def slant(pictures: Tensor) -> np.ndarray:
    """The shear of each picture (n, 1, H, W) in [-1, 1]: its moment xy over its moment yy, of ink about its middle."""
    ink = (pictures[:, 0].double() + 1).clamp_min(1e-9)
    ink = ink / ink.sum((1, 2), keepdim=True)
    y, x = (torch.arange(side, dtype=torch.float64) for side in ink.shape[1:])
    y, x = y[None, :, None], x[None, None]
    dy, dx = (each - (ink * each).sum((1, 2), keepdim=True) for each in (y, x))
    return ((ink * dx * dy).sum((1, 2)) / (ink * dy * dy).sum((1, 2))).numpy()


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def draw(setup: Setup, source: Any, path: Path) -> None:
    """A row a digit, a block of columns a continuous code from -2 to 2, all else the same (fig. 2 of the paper)."""
    assert setup.encode and setup.codes and setup.prior and setup.generate
    pictures, digits = tested()
    of = matched(setup.encode(pictures)[:, setup.codes.places[0]].argmax(1).numpy(), digits)[0]
    set_random_state(0)
    code = setup.prior(1)[0]
    code[list(setup.codes.numbers)] = 0
    walk = torch.cat([sweep(code, number, -REACH, REACH, STEPS) for number in setup.codes.numbers])
    values = sorted(of, key=lambda value: of[value])
    made = [setup.generate(chosen(walk, setup.codes.places[0], value)) for value in values]
    heads = [f"{value:+.1f}" for value in np.linspace(-REACH, REACH, STEPS)] * len(setup.codes.numbers)
    words = {"row_labels": [str(of[value]) for value in values], "column_labels": heads}
    title = "Both continuous codes swept, trained on -1 to 1"
    save_png(picture_grid(source.restore(torch.cat(made)), columns=len(walk), scale=2, title=title, **words), path)


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured, and the picture of the median of the paired ones."""
    mine = {way: {name: part for name, part in parts.items() if name.rpartition("-")[0] == slug(way)} for way in WAYS}
    rows = [row for way in WAYS for row in rows_of(way, list(mine[way].values()))]
    protocol = PROTOCOL.format(size=SIZE, width=width_of(given), rounds=rounds_of(given))
    write_table(table, rows, source=SOURCE, protocol=protocol, **made_by(parts))
    if table == TABLE and mine[PAIRED]:
        middle = sorted(mine[PAIRED], key=lambda name: parts[name]["scores"][0])[len(mine[PAIRED]) // 2]
        drawn = Path("runs") / table / middle / "codes.png"
        if drawn.exists():  # parts measured elsewhere have left their pictures there
            copy(drawn, PICTURE)


def rows_of(way: str, mine: list[Part]) -> list[Row]:
    """Every seed's accuracy, its median, the slant, their controls and the cost of a way, if there is a part."""
    if not mine:
        return []
    right, lean, right_before, lean_before = zip(*(part["scores"] for part in mine), strict=True)
    untrained = f"{way}, untrained Q"
    return [
        Row(way, "% of digits, median of seeds", [median(right)], paper=95, bar=">= 95"),
        Row(way, "% of digits, every seed", right),
        Row(way, "correlation of a code with slant", lean, bar=">= 0.5"),
        Row(way, "core minutes", [part["core_seconds"] / 60 for part in mine]),
        Row(untrained, "% of digits, every seed", right_before, control=True),
        Row(untrained, "correlation of a code with slant", lean_before, control=True),
    ]


if __name__ == "__main__":
    main()
