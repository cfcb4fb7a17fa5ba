"""Stacked MNIST, 1000 modes: Unrolled GAN's small discriminator, and R3GAN's two-by-two ablation of its loss.

Run: rivals bench stacked-mnist
"""

import re
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from classifier import judge
from options import parted, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from trained import asked, trained

from rivals.data.load import load
from rivals.metrics import stacked_modes

SOURCE = "1712.04086 Table 3 (D = 1/4 G) and 2501.05441 sec. 3 (ablation)"
TAKES = "65 minutes of a core for each of 2 seeds and the control, 13 for each of the ablation's 4 losses"
TABLE = "stacked-mnist"
SEEDS, FULL_SEEDS, FULL_OTHERS = 2, 10, 3
SAMPLES = 25_600
SMALL: dict[str, Any] = {"network": "unrolled", "latent": 256, "width": 8, "discriminator_width": 2, "batch": 128}
PACKED: dict[str, Any] = {
    "pack": 4, "mapping": 0, "discriminator_norm": "none", "generator_lr": 1e-3, "discriminator_lr": 1e-3,
    "penalty_weight": 0.25,
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "network": "dcgan", "latent": 64, "width": 16, "discriminator_width": 16, "generator_norm": "none",
    "discriminator_norm": "none", "generator_lr": 2e-4, "discriminator_lr": 2e-4, "beta1": 0.0, "beta2": 0.99,
    "penalty_weight": 1.0, "batch": 64,
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A way to train, what it is held against, and for how many rounds by default and with --full."""

    recipe: str
    options: Mapping[str, Any]
    paper: tuple[float | None, float | None]
    """Modes and KL."""
    rounds: tuple[int, int]
    bars: tuple[str, str] = ("", "")
    headline: bool = False
    """Whether it has as many seeds as are asked for; the others show an order."""
    control: bool = False


def ablated(loss: str, penalty: str, paper: tuple[float | None, float | None]) -> Way:
    """A cell of R3GAN's two by two."""
    return Way("nsgan", PLAIN | {"loss": loss, "penalty": penalty}, paper, (10_000, 100_000))


WAYS = {
    "r3gan, packed, D = 1/4 G": Way(
        "r3gan",
        SMALL | PACKED,
        (667.4, 1.81),
        (50_000, 500_000),
        bars=(">= 700", "<= 1.60"),
        headline=True,
    ),
    "nsgan, D = 1/4 G": Way(
        "nsgan",
        SMALL | {"generator_lr": 1e-4, "discriminator_lr": 2e-4, "beta1": 0.5, "beta2": 0.99},
        (78.5, 5.21),
        (50_000, 500_000),
        control=True,
    ),
    "relativistic + R1 + R2": ablated("relativistic", "r1+r2", (1000, 0.0781)),
    "non-saturating + R1 + R2": ablated("non-saturating", "r1+r2", (693, 0.9270)),
    "relativistic + R1": ablated("relativistic", "r1", (None, None)),
    "non-saturating + R1": ablated("non-saturating", "r1", (None, None)),
}
BEST = "relativistic + R1 + R2"
PROTOCOL = (
    "128,000 random triplets of MNIST's training split, 32x32 where the papers have 28x28 (of training and test digits "
    "for PacGAN, made on the fly for Unrolled GAN); {samples} samples of the averaged generator after the last round; "
    "each channel read by a convolutional classifier (test accuracy {accuracy:.2%}, weights sha256 {sha256}); modes: "
    "triplets that occur; KL against uniform. D = 1/4 G: the networks of Unrolled GAN, batch 128, {small} rounds where "
    "the papers have 500,000; ours is r3gan without batch norm in the discriminator, 4 pictures judged together, "
    "learning rate 1e-3; the paper's figures beside it are PacDCGAN4's, beside the control those of its DCGAN. "
    "Ablation: a narrow DCGAN pair without any normalisation, gamma 1, learning rate 2e-4, batch 64, {ablation} "
    "rounds, where the paper has its own large networks; the paper gives no number for the two with R1 alone, which "
    "failed. Controls: nsgan is the plain game in the same small networks; data: as many triplets of the test split, "
    "read by the same classifier: the floor."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {f"{slug(way)}-{seed}": (way, seed) for way in WAYS for seed in range(seeds_of(way, given))}
    work = {part: asked(WAYS[way].recipe, options_of(way, seed, given)) for part, (way, seed) in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given, *keys[given.one]))
    judge("mnist")  # or the first parts would each train it
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    parser = parted(__doc__, SEEDS, "500,000 rounds (100,000 of the ablation), 10 seeds of ours, 3 of the others")
    parser.add_argument("--rounds", type=int, default=0, help="other than the table's own, for a trial")
    return parser.parse_args()


def slug(way: str) -> str:
    """A name for a file."""
    return re.sub("[^a-z0-9]+", "-", way.lower())


def seeds_of(way: str, given: Namespace) -> int:
    """How often a way is trained."""
    if WAYS[way].headline:
        return given.seeds or (FULL_SEEDS if given.full else SEEDS)
    return FULL_OTHERS if given.full else 1


def options_of(way: str, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    rounds = given.rounds or WAYS[way].rounds[given.full]
    shared = {"data": "stacked-mnist", "size": 32, "seed": seed, "rounds": rounds, "device": given.device}
    return shared | dict(WAYS[way].options)


def scored(table: str, given: Namespace, way: str, seed: int) -> list[float]:
    """Trains one; its modes and KL."""
    run = trained(table, f"{slug(way)}-{seed}", WAYS[way].recipe, options_of(way, seed, given))
    return modes_of(run.arrays(SAMPLES, seed))


def modes_of(pictures: np.ndarray) -> list[float]:
    """Modes and KL of pictures uint8 (n, H, W, 3)."""
    reader = judge("mnist")
    digits = [reader.probabilities(pictures[..., channel : channel + 1]).argmax(1) for channel in range(3)]
    found = stacked_modes(np.stack(digits, 1))
    return [float(found.stacked_modes), found.stacked_kl]


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    rows: list[Row] = []
    for way in WAYS:
        names = [f"{slug(way)}-{seed}" for seed in range(seeds_of(way, given))]
        rows += rows_of(way, [parts[name] for name in names if name in parts])
    rows += order(rows)
    reader = judge("mnist")
    small, ablation = (given.rounds or WAYS[way].rounds[given.full] for way in (next(iter(WAYS)), BEST))
    protocol = PROTOCOL.format(
        samples=SAMPLES, accuracy=reader.accuracy, sha256=reader.sha256, small=small, ablation=ablation
    )
    write_table(table, [*rows, *floor()], source=SOURCE, protocol=protocol, **made_by(parts))


def rows_of(way: str, mine: list[Part]) -> list[Row]:
    """Modes, KL and cost of one way, if there is a part of it."""
    if not mine:
        return []
    of, columns = WAYS[way], zip(*(part["scores"] for part in mine), strict=True)
    rows = [
        Row(way, metric, values, paper=paper, bar=bar, control=of.control)
        for metric, values, paper, bar in zip(("modes", "KL"), columns, of.paper, of.bars, strict=True)
    ]
    return [*rows, Row(way, "core minutes", [part["core_seconds"] / 60 for part in mine], control=of.control)]


def order(rows: list[Row]) -> list[Row]:
    """By how much KL the best of the ablation is ahead of the next, once all four are there."""
    means = {row.name: float(np.mean(row.values)) for row in rows if row.metric == "KL" and "R1" in row.name}
    if len(means) < 4:
        return []
    ahead = min(value for name, value in means.items() if name != BEST) - means[BEST]
    return [Row(f"{BEST} is best", "KL below the next", [ahead], bar=">= 0.01")]


def floor() -> list[Row]:
    """What triplets of the test split reach."""
    source: Any = load("stacked-mnist", size=32, split="test", limit=SAMPLES, say=lambda text: None)
    index = torch.arange(SAMPLES)
    parts = [source.restore(source.batch(some, some)["image"]) for some in index.split(1024)]
    scores = modes_of(np.concatenate(parts))
    return [Row("data", metric, [value], control=True) for metric, value in zip(("modes", "KL"), scores, strict=True)]


if __name__ == "__main__":
    main()
