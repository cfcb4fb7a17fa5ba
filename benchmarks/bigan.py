"""BiGAN on MNIST that knows no neighbours of a pixel: what its encoder tells of digits, and how near its inverse is.

Run: rivals bench bigan
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
import torch
from options import seeded, seeds_of, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from torch import Tensor
from trained import asked, trained

from rivals.data.load import load
from rivals.loop import set_random_state
from rivals.metrics import linear_class, nearest_class
from rivals.metrics.probes import Probe
from rivals.recipes import Machine, Setup, recipe
from rivals.report.grid import picture_grid, save_png
from rivals.run.code_scores import coded
from rivals.run.run import configured

SOURCE = "1605.09782 Table 1, and the authors' log (github.com/jeffdonahue/bigan)"
TAKES = "70 minutes of a core for 1 seed"
TABLE = "bigan"
SEEDS, FULL_SEEDS, SIZE, BATCH = 1, 3, 28, 128
EPOCH = 60_000 // BATCH
EPOCHS, FULL_EPOCHS = 80, 400
MLP: dict[str, Any] = {
    "data": "mnist", "size": SIZE, "network": "mlp", "latent": 50, "width": 1024, "discriminator_width": 1024,
    "depth": 2, "discriminator_depth": 2, "generator_norm": "batch", "discriminator_norm": "batch", "batch": BATCH,
    "generator_lr": 2e-4, "discriminator_lr": 2e-4, "beta1": 0.5, "decay": "linear",
}  # fmt: skip
METRICS = {
    "% 1-NN, layer before the code": (97.39, ">= 97.39"),
    "% 1-NN, code": (92.1, ""),
    "% linear probe, code": (79.48, ""),
    "reconstruction error": (5.95, ""),
    "reconstruction error over a stranger's": (0.62, "<= 0.62"),
}
"""What the paper (the first) and the last line of the authors' log (the others) have, and bars."""
PROTOCOL = (
    "MNIST at {size}x{size} as a row of numbers; encoder, generator and discriminator of two hidden layers of 1024 "
    "with batch norm (but the discriminator's first), codes uniform in [-1, 1] of 50 dimensions, batch {batch}, Adam "
    "2e-4 with beta 0.5, falling linearly, L2 2.5e-5; {epochs} epochs where the authors have 400. Averaged weights. "
    "1-NN: Euclidean, of 10,000 test pictures among 60,000 training ones, on the encoder's last hidden layer and on "
    "its code. Reconstruction error: mean |x - G(E(x))| of test pictures in [0, 1]; over the same of another picture's "
    "reconstruction. The published figures beside layer and code are those of the paper's table and of the last line "
    "of the authors' log. Controls: the encoder before its training, and pixels."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    work = {f"seed-{seed}": asked("bigan", options_of(seed, given)) for seed in seeds_of(given)}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given, int(given.one.rpartition("-")[2])))
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    return seeded(__doc__, SEEDS, FULL_SEEDS, f"{FULL_EPOCHS} epochs")


def rounds_of(given: Namespace) -> int:
    return given.rounds or EPOCH * (FULL_EPOCHS if given.full else EPOCHS)


def options_of(seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    return MLP | {"seed": seed, "rounds": rounds_of(given), "device": given.device}


def scored(table: str, given: Namespace, seed: int) -> dict[str, list[float]]:
    """Trains one, draws it, and scores it, beside what its encoder knew before, and pixels."""
    set_random_state(seed)
    options = configured("bigan", options_of(seed, given)).options
    before = recipe("bigan").build(options, pictures("train").spec, Machine())
    run = trained(table, f"seed-{seed}", "bigan", options_of(seed, given))
    draw(run.setup, Path("runs") / table / f"seed-{seed}" / "returned.png")
    scores = {name: scores_of(setup) for name, setup in (("trained", run.setup), ("untrained", before))}
    return scores | {"pixels": [Known(pixels).right(nearest_class)]}


def pictures(split: str) -> Any:
    return load("mnist", size=SIZE, split=split, say=lambda text: None)


def pixels(x: Tensor) -> Tensor:
    return x.flatten(1)


class Known:
    """Both splits by a representation, and their digits."""

    def __init__(self, represent: Callable[[Tensor], Tensor]) -> None:
        train, test = pictures("train"), pictures("test")
        self.known = coded(represent, train, np.arange(len(train)), "cpu")
        self.others, self.truth = coded(represent, test, np.arange(len(test)), "cpu")

    def right(self, probe: Probe) -> float:
        """% of test pictures that a probe gets right."""
        return 100 * float((probe(*self.known, self.others) == self.truth).float().mean())


def scores_of(setup: Setup) -> list[float]:
    """A number for each of METRICS."""
    assert setup.features and setup.encode
    codes, (error, stranger) = Known(setup.encode), errors(setup)
    told = [Known(setup.features).right(nearest_class), codes.right(nearest_class), codes.right(linear_class)]
    return [*told, error, error / stranger]


def errors(setup: Setup) -> tuple[float, float]:
    """How far test pictures lie from their reconstruction, and from that of the next picture."""
    assert setup.encode and setup.generate
    source = pictures("test")
    rows = torch.arange(len(source))
    x = source.batch(rows, rows)["image"]
    returned = setup.generate(setup.encode(x))
    own, other = ((x - each).flatten(1).norm(dim=1).mean() / 2 for each in (returned, returned.roll(1, 0)))
    return float(own), float(other)


def draw(setup: Setup, path: Path) -> None:
    """Test pictures, each above what comes back of it."""
    assert setup.encode and setup.generate
    source = pictures("test")
    rows = torch.arange(0, 48)
    x = source.batch(rows, rows)["image"]
    pairs = [part for both in zip(x.split(12), setup.generate(setup.encode(x)).split(12), strict=True) for part in both]
    save_png(picture_grid(source.restore(torch.cat(pairs)), columns=12, row_labels=["x", "G(E(x))"] * 4), path)


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured, and the picture of its first part."""
    protocol = PROTOCOL.format(size=SIZE, batch=BATCH, epochs=round(rounds_of(given) / EPOCH, 1))
    write_table(table, rows_of(list(parts.values())), source=SOURCE, protocol=protocol, **made_by(parts))
    drawn = Path("runs") / table / next(iter(parts), "") / "returned.png"
    if table == TABLE and drawn.exists():  # parts measured elsewhere have left their pictures there
        copy(drawn, Path("docs") / "pictures" / "bigan.png")


def rows_of(mine: list[Part]) -> list[Row]:
    """A row a metric for what was trained, its control, and the cost, if there is a part."""
    if not mine:
        return []
    rows: list[Row] = []
    for name in ("trained", "untrained"):
        columns = zip(*(part["scores"][name] for part in mine), strict=True)
        for values, (metric, (paper, bar)) in zip(columns, METRICS.items(), strict=True):
            ours = name == "trained"
            rows.append(Row(f"bigan, {name}", metric, values, paper if ours else None, bar * ours, control=not ours))
    rows.append(Row("pixels", "% 1-NN", [part["scores"]["pixels"][0] for part in mine], control=True))
    return [*rows, Row("bigan, trained", "core minutes", [part["core_seconds"] / 60 for part in mine])]


if __name__ == "__main__":
    main()
