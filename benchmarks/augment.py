"""Few pictures a class: does a conditional generator that has seen no others help a classifier?

Run: rivals bench augment
"""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from classifier import judge, real_pictures
from options import parted, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from torch import Tensor
from torch.nn.functional import cross_entropy, pad
from trained import asked, trained

from rivals.loop import set_random_state
from rivals.metrics.judge import Classifier, Judge
from rivals.whole import whole_file

SOURCE = "1711.04340 asks it; no published figure has these pictures, shots and networks"
TAKES = "6 minutes of a core for each of 4 numbers of pictures and 3 seeds, and 4 for the ceiling, once"
TABLE = "augment"
SHOTS, CLASSES = (5, 10, 20, 100), 10
SEEDS, FULL_SEEDS = 3, 10
ROUNDS, FULL_ROUNDS = 2_000, 20_000
GENERATED = 300
"""Pictures of each class that are drawn from a generator."""
LESSONS, BATCH, RATE, PAD = 400, 32, 2e-3, 2
CGAN: dict[str, Any] = {"size": 32, "width": 16, "discriminator_width": 16, "augment": "diff"}
PROTOCOL = (
    "Fashion-MNIST at 32x32: 5, 10, 20 or 100 training pictures a class, drawn by the seed. `rivals train cgan` sees "
    "these alone ({rounds} rounds, width 16, differentiable augmentation), and {generated} pictures of each class are "
    "drawn from it. A convolutional classifier is trained for {lessons} steps of {batch} pictures by each way: on the "
    "real ones; on these moved by up to {pad} pixels and mirrored every other time; on real and generated ones, half a "
    "batch each; on both, moved and mirrored. Accuracy on all 10,000 test pictures. Seeds change the pictures, the "
    "generator and the classifier alike, so that gains are differences within a seed. Settings were chosen on seed "
    "100, which is in no row. Control: the judge of Fashion-MNIST, trained on all 60,000."
)


@dataclass(frozen=True)
class Way:
    """What a classifier is shown: generated pictures beside the real ones, and all of them moved and mirrored."""

    generated: bool
    moved: bool


WAYS = {
    "real": Way(generated=False, moved=False),
    "real, moved": Way(generated=False, moved=True),
    "real + generated": Way(generated=True, moved=False),
    "all": Way(generated=True, moved=True),
}
GAINS = {"real + generated": "real", "all": "real, moved"}
"""Ways with generated pictures, and the way that is the same without."""


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {f"{shots}-{seed}": (shots, seed) for shots in SHOTS for seed in seeds_of(given)}
    work = {part: asked("cgan", options_of(*key, given)) for part, key in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given, *keys[given.one]))
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    parser = parted(__doc__, SEEDS, f"{FULL_ROUNDS:,} rounds, {FULL_SEEDS} seeds")
    parser.add_argument("--rounds", type=int, default=0, help="other than the table's own, for a trial")
    parser.add_argument("--seed", type=int, help="this one only, which is kept in no table")
    return parser.parse_args()


def seeds_of(given: Namespace) -> list[int]:
    return [given.seed] if given.seed is not None else list(range(given.seeds or (FULL_SEEDS if given.full else SEEDS)))


def options_of(shots: int, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    rounds = given.rounds or (FULL_ROUNDS if given.full else ROUNDS)
    return {
        "data": f"runs/augment-data/{shots}-{seed}.npz",
        "seed": seed,
        "rounds": rounds,
        "device": given.device,
    } | CGAN


def scored(table: str, given: Namespace, shots: int, seed: int) -> list[float]:
    """Accuracy in % by each way, of classifiers taught with a generator that is trained now."""
    real, labels = few(*real_pictures("fashion", "train"), shots, seed)
    options = options_of(shots, seed, given)
    with whole_file(options["data"]) as part:
        np.savez(part, images=real, labels=labels)
    run = trained(table, f"{shots}-{seed}", "cgan", options)
    made = np.concatenate([run.arrays(GENERATED, seed, str(number)) for number in range(CLASSES)])
    generated = as_tensors(made, np.arange(CLASSES).repeat(GENERATED))
    test, truth = real_pictures("fashion")
    found = [taught(as_tensors(real, labels), generated, way, seed) for way in WAYS.values()]
    return [100 * float((Judge(each, 0.0, "").probabilities(test).argmax(1) == truth).mean()) for each in found]


def few(images: np.ndarray, labels: np.ndarray, shots: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """As many pictures of each class, drawn by the seed, and their classes."""
    draw = np.random.default_rng(seed)
    rows = [draw.choice(np.flatnonzero(labels == number), shots, replace=False) for number in range(CLASSES)]
    return images[np.concatenate(rows)], labels[np.concatenate(rows)]


def as_tensors(pictures: np.ndarray, labels: np.ndarray) -> tuple[Tensor, Tensor]:
    """Pictures uint8 (n, H, W, C) as float32 (n, C, H, W) in [-1, 1], and their classes (n,)."""
    return torch.from_numpy(pictures).movedim(-1, 1).float() / 127.5 - 1, torch.from_numpy(labels).long()


def taught(real: tuple[Tensor, Tensor], generated: tuple[Tensor, Tensor], way: Way, seed: int) -> Classifier:
    """A classifier after as many steps whatever it is shown."""
    set_random_state(seed)
    network = Classifier(real[0].shape[1], CLASSES)
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, LESSONS)
    for _ in range(LESSONS):
        parts = [drawn(real, BATCH // 2), drawn(generated, BATCH // 2)] if way.generated else [drawn(real, BATCH)]
        images, labels = (torch.cat(each) for each in zip(*parts, strict=True))
        cross_entropy(network(varied(images) if way.moved else images), labels).backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
    return network


def drawn(of: tuple[Tensor, Tensor], n: int) -> tuple[Tensor, Tensor]:
    """n pictures and their classes, at random."""
    rows = torch.randint(len(of[1]), (n,))
    return of[0][rows], of[1][rows]


def varied(images: Tensor) -> Tensor:
    """Each picture (n, C, H, W) moved by up to 2 pixels either way on a black ground, every other one mirrored."""
    n, _, height, width = images.shape
    wide = pad(images, (PAD,) * 4, value=-1.0)
    corners = torch.randint(2 * PAD + 1, (n, 2)).tolist()
    moved = torch.stack([each[:, y : y + height, x : x + width] for each, (y, x) in zip(wide, corners, strict=True)])
    return torch.where(torch.rand(n, 1, 1, 1) < 0.5, moved, moved.flip(3))


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    rows: list[Row] = []
    for shots in SHOTS:
        rows += rows_of(shots, [parts[f"{shots}-{s}"]["scores"] for s in seeds_of(given) if f"{shots}-{s}" in parts])
    rounds = given.rounds or (FULL_ROUNDS if given.full else ROUNDS)
    named = {"rounds": rounds, "generated": GENERATED, "lessons": LESSONS, "batch": BATCH, "pad": PAD}
    ceiling = Row("60,000 real", "% right", [100 * judge("fashion").accuracy], control=True)
    write_table(table, [*rows, ceiling], source=SOURCE, protocol=PROTOCOL.format(**named), **made_by(parts))


def rows_of(shots: int, scores: list[list[float]]) -> list[Row]:
    """Accuracy by each way, and what generated pictures add to it, if there is a part with so many real ones."""
    if not scores:
        return []
    by_way = dict(zip(WAYS, zip(*scores, strict=True), strict=True))
    rows = [Row(f"{shots} a class, {way}", "% right", values) for way, values in by_way.items()]
    for way, without in GAINS.items():
        gains = [a - b for a, b in zip(by_way[way], by_way[without], strict=True)]
        rows.append(Row(f"{shots} a class, {way}", f"points over {without}", gains, bar=">= 0"))
    return rows


if __name__ == "__main__":
    main()
