"""The losses of the field on one backbone: Fashion-MNIST, two feature extractors that must rank them alike.

Run: rivals bench losses
"""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

import numpy as np
from classifier import judge, pictures, real_pictures
from options import seeded, seeds_of, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from trained import asked, trained

from rivals.loop import set_random_state
from rivals.metrics import Extractor, density_coverage, frechet_distance, random_extractor
from rivals.recipes import Machine, recipe
from rivals.run.run import configured

SOURCE = "StudioGAN's CIFAR-10 table (2206.09479)"
TAKES = "3 to 20 minutes of a core for each of 10 losses and 3 seeds, 4 hours in all"
TABLE = "losses"
SEEDS, FULL_SEEDS, ROUNDS, FULL_ROUNDS, SAMPLES = 3, 5, 5_000, 50_000, 10_000
COVERED = 2_000
"""Samples of each side for coverage, which compares every pair."""
BACKBONE: dict[str, Any] = {
    "data": "fashion", "size": 32, "network": "dcgan", "latent": 64, "width": 16, "discriminator_width": 16,
    "generator_norm": "batch", "batch": 64,
}  # fmt: skip
PLAIN: dict[str, Any] = {"discriminator_norm": "none"}
ADAM: dict[str, Any] = {"generator_lr": 2e-4, "discriminator_lr": 2e-4, "beta1": 0.5, "beta2": 0.999}
LOSSES: dict[str, tuple[str, dict[str, Any], float | None]] = {
    "WGAN, clipped": ("wgan", {"discriminator_norm": "batch"}, 107.7),
    "WGAN-GP": ("wgan-gp", PLAIN, 53.98),
    "GAN": ("nsgan", {"discriminator_norm": "batch"} | ADAM, 48.3),
    "LSGAN": ("lsgan", {"discriminator_norm": "batch"} | ADAM, 40.2),
    "DRAGAN": ("dragan", PLAIN | ADAM, 34.7),
    "SNGAN": ("hinge-sn", PLAIN | ADAM, 9.01),
    "EBGAN": ("ebgan", {}, None),
    "BEGAN": ("began", {}, None),
    "loss-sensitive": ("loss-sensitive", PLAIN, None),
    "R3GAN": ("r3gan", PLAIN | {"mapping": 0}, None),
}
"""Recipe, options, and the published FID: of other data, features and networks, for the order alone."""
METRICS = ("Frechet, classifier", "Frechet, random", "% covered")
PROTOCOL = (
    "Fashion-MNIST at 32x32, a DCGAN pair of {width} channels at the full size (batch norm in the generator; in the "
    "discriminator only where the loss takes no input gradient and no spectral norm), batch {batch}, {rounds} rounds "
    "of one generator step; optimiser and discriminator steps are each recipe's own; the judges of EBGAN and BEGAN "
    "are auto-encoders as wide. {samples} samples of the averaged generator against the test split: Frechet distance "
    "in the last hidden layer of a classifier trained on the training split (test accuracy {accuracy:.2%}, sha256 "
    "{sha256}) and in random convolutions (sha256 {random}); the share of {covered} test pictures that {covered} "
    "samples cover (k = 5, classifier's features). Published: FID on CIFAR-10 with Inception's features and other "
    "networks, for its order alone; the clipped WGAN's place is among those that have one, R3GAN's among all. Rank "
    "correlation: Spearman's, of the means over seeds. Core minutes are those of the processor, beside a GPU too. "
    "Controls: training pictures, the floor, and untrained generators, the ceiling."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {f"{recipe_of(loss)}-{seed}": (loss, seed) for seed in seeds_of(given) for loss in LOSSES}
    work = {part: asked(recipe_of(loss), options_of(loss, seed, given)) for part, (loss, seed) in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given.one, given, *keys[given.one]))
    judge("fashion")  # or the first parts would each train it
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    return seeded(__doc__, SEEDS, FULL_SEEDS, f"{FULL_ROUNDS} rounds")


def recipe_of(loss: str) -> str:
    return LOSSES[loss][0]


def rounds_of(given: Namespace) -> int:
    return given.rounds or (FULL_ROUNDS if given.full else ROUNDS)


def options_of(loss: str, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    return BACKBONE | LOSSES[loss][1] | {"seed": seed, "rounds": rounds_of(given), "device": given.device}


def scored(table: str, name: str, given: Namespace, loss: str, seed: int) -> list[float]:
    """Trains one and scores it."""
    run = trained(table, name, recipe_of(loss), options_of(loss, seed, given))
    return scores_of(run.arrays(SAMPLES, seed))


def extractors() -> tuple[Extractor, Extractor]:
    """The two that must rank alike."""
    return judge("fashion").extractor, random_extractor(1)


def scores_of(samples: np.ndarray) -> list[float]:
    """Both distances, and the coverage in %, of pictures uint8 (n, 32, 32, 1)."""
    real = real_pictures("fashion")[0]
    found = [(each.features(real), each.features(samples)) for each in extractors()]
    covered = density_coverage(found[0][0][:COVERED], found[0][1][:COVERED]).coverage
    return [*(frechet_distance(*both) for both in found), 100 * covered]


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    rows: list[Row] = []
    for loss in LOSSES:
        names = [f"{recipe_of(loss)}-{seed}" for seed in seeds_of(given)]
        rows += rows_of(loss, [parts[name] for name in names if name in parts])
    rows += rankings(rows)
    rows += control("training pictures", real_pictures("fashion", "train")[0][:SAMPLES])
    rows += control("untrained", untrained(given))
    found, random = extractors()
    protocol = PROTOCOL.format(
        width=BACKBONE["width"], batch=BACKBONE["batch"], rounds=rounds_of(given), samples=SAMPLES, covered=COVERED,
        accuracy=judge("fashion").accuracy, sha256=found.sha256, random=random.sha256,
    )  # fmt: skip
    write_table(table, rows, source=SOURCE, protocol=protocol, **made_by(parts))


def rows_of(loss: str, mine: list[Part]) -> list[Row]:
    """A row for each metric, and one for the cost, if there is a part."""
    if not mine:
        return []
    columns = zip(*(part["scores"] for part in mine), strict=True)
    published = (LOSSES[loss][2], None, None)
    rows = [Row(loss, m, values, paper=p) for m, values, p in zip(METRICS, columns, published, strict=True)]
    return [*rows, Row(loss, "core minutes", [part["core_seconds"] / 60 for part in mine])]


def rankings(rows: list[Row]) -> list[Row]:
    """How alike the extractors rank, and where the losses stand that should be first and last, once all are there."""
    means = {m: {row.name: float(np.mean(row.values)) for row in rows if row.metric == m} for m in METRICS[:2]}
    if any(found.keys() != LOSSES.keys() for found in means.values()):
        return []
    first, second = (ranks(list(found.values())) for found in means.values())
    places = dict(zip(LOSSES, first, strict=True))
    agreement = float(np.corrcoef(first, second)[0, 1])
    published = [loss for loss, (_, _, fid) in LOSSES.items() if fid is not None]
    behind = sorted(published, key=lambda loss: places[loss]).index("WGAN, clipped") + 1
    return [
        Row("both extractors", "rank correlation", [agreement], bar=">= 0.90"),
        Row("R3GAN", "place by the classifier", [places["R3GAN"]], bar="<= 1"),
        Row("WGAN, clipped", "place by the classifier", [behind], bar=f">= {len(published)}"),
    ]


def ranks(values: list[float]) -> list[float]:
    """The place of each value, 1 the smallest."""
    return (np.argsort(np.argsort(values)) + 1.0).tolist()


def control(name: str, samples: np.ndarray) -> list[Row]:
    """The scores of pictures that nobody has trained for."""
    return [Row(name, m, [value], control=True) for m, value in zip(METRICS, scores_of(samples), strict=True)]


def untrained(given: Namespace) -> np.ndarray:
    """Pictures of a generator that has learned nothing."""
    set_random_state(0)
    source, options = pictures("fashion", "train"), configured("nsgan", options_of("GAN", 0, given)).options
    return source.restore(recipe("nsgan").build(options, source.spec, Machine()).sample(SAMPLES))


if __name__ == "__main__":
    main()
