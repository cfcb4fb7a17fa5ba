"""VAE-GAN against VAE: faces decoded from codes moved along attribute vectors, and the attributes read from them.

Run: rivals bench vaegan
"""

from argparse import Namespace
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from attributes import COLUMNS, EPOCHS, SIDE, faces, read, readers, similarity
from options import parted, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from torch import Tensor
from trained import asked, trained

from rivals.latent.neighbours import in_order

SOURCE = "1512.09300 Table 1"
TAKES = "1.5 to 4 minutes of a core for each of 4 ways and 3 seeds, 35 in all, and 6 for the classifiers once"
TABLE = "vaegan"
SEEDS, FULL_SEEDS, ROUNDS, FULL_ROUNDS = 3, 5, 3_000, 40_000
SHARED: dict[str, Any] = {
    "data": "anime", "size": SIDE, "flip": True, "network": "dcgan", "latent": 64, "width": 16, "batch": 64,
    "average": 200.0,
}  # fmt: skip
LEARNED: dict[str, Any] = {
    "discriminator_width": 16,
    "similarity_layer": 1,
    "similarity_scale": 0.5,
    "reconstruction_weight": 0.05,
}
WAYS: dict[str, tuple[str, dict[str, Any], tuple[float, float] | None]] = {
    "VAE": ("vae", {"learn_scale": False, "scale": 0.5}, (0.9030, 27.59)),
    "VAE, likeness of Dis": ("vaegan", LEARNED | {"gan_weight": 0.0}, (0.9106, 22.51)),
    "VAE-GAN": ("vaegan", LEARNED, (0.9114, 22.39)),
    "VAE, learned deviation": ("vae", {}, None),
}
"""Recipe, options, and the paper's cosine and squared error: of other faces and attributes, for their order alone."""
ORDER = tuple(WAYS)[:3]
"""Those of the paper, from the farthest to the nearest."""
METRICS = ("cosine", "squared error")
PROTOCOL = (
    "Anime faces at {side}x{side}, 5,500 for training (mirrored at random) and 700 for the test, each with a hair and"
    " an eye colour of 12 and 11, where the paper has LFW's 73 attributes at 64x64. All ways have the same encoder "
    "and decoder ({width} channels at half the size, a code of {latent}), batch {batch}, {rounds} rounds. The VAE's "
    "likelihood is normal with a deviation of 0.5, which is to 32x32 pixels what the 1 of the authors' code is to "
    "64x64; beside it, no row of the paper's, one whose deviation is learned. Dis has a hidden layer of {width} "
    "channels at half the size, in which samples are alike with a deviation of 0.5; gamma is 0.05. An attribute "
    "vector is the mean code of the training faces with it less that of those without it. The code of each test face "
    "is moved from its own attributes to those of another one, drawn once, where the paper's networks are given the "
    "attributes; the decoded faces are read by a classifier for each attribute ({accuracy}). Cosine and squared "
    "distance (summed) of the {count} probabilities to the attributes asked for, means over 700 faces. VAE, likeness "
    "of Dis: the discriminator learns beside the others as in VAE-GAN and its verdict is not heeded, where the paper "
    "trains it as a GAN's before. Controls: the real faces that have the attributes (ceiling), and the same codes "
    "left where they are (floor)."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {
        f"{slug(way)}-{seed}": (way, seed) for seed in range(given.first, given.first + given.seeds) for way in WAYS
    }
    work = {part: asked(WAYS[way][0], options_of(way, seed, given)) for part, (way, seed) in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given.one, given, *keys[given.one]))
    readers()  # or the first parts would each train them
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    parser = parted(__doc__, SEEDS, f"{FULL_ROUNDS} rounds, {FULL_SEEDS} seeds")
    parser.add_argument("--rounds", type=int, default=0, help="other than the table's own, for a trial")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    given.seeds = given.seeds or (FULL_SEEDS if given.full else SEEDS)
    return given


def slug(way: str) -> str:
    """A name for a file."""
    return way.lower().replace(",", "").replace(" ", "-")


def rounds_of(given: Namespace) -> int:
    return given.rounds or (FULL_ROUNDS if given.full else ROUNDS)


def options_of(way: str, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    return SHARED | WAYS[way][1] | {"seed": seed, "rounds": rounds_of(given), "device": given.device}


def scored(table: str, name: str, given: Namespace, way: str, seed: int) -> list[float]:
    """Trains one; cosine and squared error of faces with moved codes, and of the same with codes left alone."""
    setup: Any = trained(table, name, WAYS[way][0], options_of(way, seed, given)).setup
    restore, test = faces("test").source.restore, codes_of(setup, "test")
    own, other = faces("test").attributes, wanted()
    moved = test + torch.from_numpy(other - own) @ vectors(codes_of(setup, "train"), faces("train").attributes)
    return [
        *similarity(other, read(restore(setup.generate(moved)))),
        *similarity(other, read(restore(setup.generate(test)))),
    ]


def wanted() -> np.ndarray:
    """For each test face the attributes of another, the same in every run."""
    own = faces("test").attributes
    return own[np.random.default_rng(0).permutation(len(own))]


def codes_of(setup: Any, split: str) -> Tensor:
    """The codes (n, latent) of a split's faces."""
    return torch.cat([setup.encode(x) for x in in_order(faces(split).source)])


def vectors(codes: Tensor, attributes: np.ndarray) -> Tensor:
    """The mean code with each attribute less that without it: (n, latent) and (n, k) to (k, latent)."""
    has = torch.from_numpy(attributes)
    with_it = has.T @ codes / has.sum(0)[:, None]
    without = (1 - has).T @ codes / (1 - has).sum(0)[:, None]
    return with_it - without


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    found = {way: [part for name, part in parts.items() if name.rpartition("-")[0] == slug(way)] for way in WAYS}
    rows = [row for way in WAYS for row in rows_of(way, found[way])] + order(parts)
    ceiling = similarity(faces("test").attributes, read(np.asarray(faces("test").source.images).transpose(0, 2, 3, 1)))
    rows += [
        Row("real faces", metric, [value], paper=paper, control=True)
        for metric, value, paper in zip(METRICS, ceiling, (0.9193, 14.1987), strict=True)
    ]
    says = [f"{name} {reader.accuracy:.1%} of test faces" for name, reader in zip(COLUMNS, readers(), strict=True)]
    protocol = PROTOCOL.format(
        side=SIDE, rounds=rounds_of(given), accuracy=f"{', '.join(says)}, {EPOCHS} epochs",
        count=faces("test").attributes.shape[1], **{key: SHARED[key] for key in ("width", "latent", "batch")},
    )  # fmt: skip
    write_table(table, rows, source=SOURCE, protocol=protocol, **made_by(parts))


def rows_of(way: str, mine: list[Part]) -> list[Row]:
    """Both metrics, the floor and the cost of one way, if there is a part of it."""
    if not mine:
        return []
    cosine, error, still, _ = zip(*(part["scores"] for part in mine), strict=True)
    published = WAYS[way][2] or (None, None)
    rows = [
        Row(way, metric, values, paper=paper)
        for metric, values, paper in zip(METRICS, (cosine, error), published, strict=True)
    ]
    rows.append(Row(f"{way}, codes left alone", METRICS[0], still, control=True))
    return [*rows, Row(way, "core minutes", [part["core_seconds"] / 60 for part in mine])]


def order(parts: Mapping[str, Part]) -> list[Row]:
    """How much nearer each way comes than the one before it, seed by seed."""
    bars = (">= 0.002", ">= 0")
    rows: list[Row] = []
    for (before, after), bar in zip(pairwise(ORDER), bars, strict=True):
        seeds = [name.rpartition("-")[2] for name in parts if name.rpartition("-")[0] == slug(after)]
        pairs = [(f"{slug(before)}-{seed}", f"{slug(after)}-{seed}") for seed in seeds]
        gains = [parts[b]["scores"][0] - parts[a]["scores"][0] for a, b in pairs if a in parts]
        rows += [Row(f"{after} above {before}", METRICS[0], gains, bar=bar)] if gains else []
    return rows


if __name__ == "__main__":
    main()
