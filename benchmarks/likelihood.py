"""Likelihood of MNIST: variational bounds, pixel by pixel, a Gaussian; and the Parzen estimate of the GAN of 2014.

Run: rivals bench likelihood
"""

import re
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import parzen
import torch
from options import seeded, seeds_of, table_of
from parts import Part, gathered, kept, made_by, measured
from table import Row, write_table
from trained import asked, trained

from rivals.loop import set_random_state
from rivals.play import load_state
from rivals.run.checkpoint import checkpoints, read_checkpoint
from rivals.run.run import Run

SOURCE = "1509.00519 Table 1, 1601.06759 Table 4, 1406.2661 Table 1, 1511.01844 Table 1"
TAKES = "4.1 hours of a core: 100 minutes VAE, 50 IWAE, 40 PixelRNN, 30 and 15 the GAN of 2014, 25 PixelCNN"
TABLE = "likelihood"
SEEDS, FULL_SEEDS = 1, 3
PICTURES = 60_000
CODES, FEWER_CODES, FEWER = 5_000, 100, 1_000
"""Codes a picture of the last estimate; codes and pictures of those along the way."""
POINTS = 8
"""Estimates along the way."""
NATS, ESTIMATE = "NLL, nats", "Parzen estimate, nats"
MNIST: dict[str, Any] = {"data": "mnist", "size": parzen.SIDE}
CODED: dict[str, Any] = {
    "network": "mlp", "latent": 50, "width": 200, "depth": 2, "activation": "relu", "likelihood": "bernoulli",
    "binarise": "dynamic", "batch": 100, "lr": 2e-3,
}  # fmt: skip
MINIMAX: dict[str, Any] = {
    "network": "mlp", "latent": 100, "prior": "uniform", "width": 1200, "depth": 2, "generator_norm": "none",
    "discriminator_width": 240, "discriminator_depth": 2, "discriminator_norm": "none", "activation": "maxout",
    "input_dropout": 0.2, "dropout": 0.5, "optimizer": "sgd", "generator_lr": 0.02, "discriminator_lr": 0.02,
    "beta1": 0.5, "decay": "linear", "batch": 100,
}  # fmt: skip

CALMED: dict[str, Any] = MINIMAX | {
    "dropout": 0.0, "input_dropout": 0.0, "penalty": "r1", "penalty_weight": 0.02, "optimizer": "adam",
    "generator_lr": 1e-3, "discriminator_lr": 1e-3, "beta1": 0.0, "beta2": 0.99,
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A model, what was published of it, and for how many epochs it is trained by default and with --full."""

    recipe: str
    options: Mapping[str, Any]
    paper: float | None
    epochs: tuple[int, int]
    bars: tuple[str, str] = ("", "")
    """By default and with --full."""
    full: Mapping[str, Any] | None = None
    """Other options with --full."""
    codes: int = 0
    """Codes a picture of the bound; 0 where the likelihood is exact."""
    parzen: bool = False
    control: bool = False
    gpu: bool = False
    """Too long for a processor: measured where there is a GPU, and left out with --full, which is longer still."""


WAYS = {
    "VAE, 1 layer": Way(
        "vae", CODED | {"particles": 1, "warmup": 0.2}, 86.76, (700, 3280), ("<= 87.8", "<= 87.8"), codes=CODES,
    ),
    "IWAE, 1 layer, k = 50": Way(
        "iwae", CODED | {"particles": 50}, 84.78, (20, 3280), ("<= 85.5", "<= 85.5"), codes=CODES,
    ),
    "PixelCNN": Way(
        "pixelcnn",
        {"width": 32, "blocks": 7, "kernel": 7, "batch": 16, "lr": 2e-3},
        81.30,
        (8, 50),
        ("<= 85", "<= 81.5"),
        full={"width": 128, "blocks": 15, "kernel": 3, "lr": 1e-3},
    ),
    "PixelRNN, Row LSTM": Way(
        "pixelrnn",
        {"width": 32, "layers": 3, "batch": 64, "lr": 2e-3},
        80.54,
        (8, 50),
        full={"width": 128, "layers": 7, "lr": 1e-3},
    ),
    "IWAE, 1 layer, k = 50, on a GPU": Way(
        "iwae", CODED | {"particles": 50, "compile": True}, 84.78, (120, 3280), ("<= 85.5", ""), codes=CODES, gpu=True,
    ),
    "PixelCNN, on a GPU": Way(
        "pixelcnn",
        {"width": 64, "blocks": 12, "kernel": 7, "batch": 16, "lr": 2e-3, "compile": True},
        81.30,
        (12, 50),
        ("<= 81.5", ""),
        gpu=True,
    ),
    "Gaussian": Way("gaussian", {"batch": 256}, None, (10, 100), control=True),
    "GAN of 2014": Way("nsgan", MINIMAX, 225.0, (50, 250), (">= 225", ">= 225"), parzen=True),
    "GAN of 2014, R1 for dropout": Way("nsgan", CALMED, None, (20, 250), parzen=True),
}  # fmt: skip
PROTOCOL = (
    "MNIST at its 28x28. NLL: the whole test split, of which one binarisation is drawn with the brightness as the "
    "probability; training draws another for each batch (dynamic, as 1509.00519 has it; the papers on pixel models "
    "took a fixed binarisation, on which scores are about 2 nats worse). VAE and IWAE: 2 x 200 rectified units, "
    "which learn in fewer epochs than the paper's tanh, and 50 dimensions, {codes} codes a picture, Adam whose rate "
    "falls from 2e-3 on a cosine over {vae} and {iwae} epochs where the paper has 3,280, the VAE's divergence coming "
    "in over the first fifth of them (1602.02282). PixelCNN and PixelRNN: exact; {pixelcnn} and {pixelrnn} epochs, "
    "averaged weights, and PixelCNN's kernels 7x7, so that a pixel knows 24 rows above it (the paper: 3x3). On a GPU "
    "({gpu}): {gpu_iwae} and {gpu_pixelcnn} epochs, a PixelCNN of twice the width and 12 "
    "blocks, compiled losses. Gaussian: its density over pixels of unit intervals filled with noise, a bound on its "
    "probability of the binary pixels (1511.01844, sec. 3.1). Estimates along the way: {fewer} test pictures, {few} "
    "codes. Parzen: {samples} samples in [0, 1], the bandwidth by the likelihood of {validation} training pictures "
    "among 10 from 0.1 to 1, all test pictures; the GAN of 2014 has its networks, dropout and prior, the "
    "non-saturating loss, batch 100, plain descent with momentum 0.5 and a rate that falls from 0.02 on a line (0.1, "
    "the paper's, diverges from our initial weights) for {nsgan} epochs where the paper has 250 and a growing "
    "momentum, averaged weights, and pixels in [-1, 1] where the paper has [0, 1]; the row below it has the same "
    "networks with R1 of weight 0.02 (1801.04406) in the place of dropout and Adam, whose rate falls from 1e-3, for "
    "{nsgan_r1} epochs, chosen on seed 100. Controls: the samples are "
    "{samples} pictures of the training split, or the centres of {centres} clusters of it, {steps} steps of Lloyd's: "
    "both get as much as any model or more (1511.01844, sec. 3.2)."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {f"{slug(way)}-{seed}": (way, seed) for seed in seeds_of(given) for way in ways_of(given)}
    work: dict[str, Mapping[str, Any]] = {
        part: asked(WAYS[way].recipe, options_of(way, seed, given)) for part, (way, seed) in keys.items()
    }
    if not torch.cuda.is_available():
        work = {p: asks for p, asks in work.items() if not WAYS[keys[p][0]].gpu or kept(table, p, asks) is not None}
    work |= {slug(name): known.asked for name, known in parzen.KNOWN.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given, given.one, keys))
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    return seeded(__doc__, SEEDS, FULL_SEEDS, "the papers' networks and epochs, for a GPU")


def ways_of(given: Namespace) -> list[str]:
    """The rows of the table."""
    return [way for way, of in WAYS.items() if not (given.full and of.gpu)]


def slug(way: str) -> str:
    """A name for a file."""
    return re.sub("[^a-z0-9]+", "-", way.lower())


def rounds_of(way: str, given: Namespace) -> int:
    """Batches of its epochs."""
    return given.rounds or WAYS[way].epochs[given.full] * PICTURES // WAYS[way].options["batch"]


def epochs_of(way: str, given: Namespace) -> float:
    return rounds_of(way, given) * WAYS[way].options["batch"] / PICTURES


def options_of(way: str, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for; as many checkpoints as there are estimates."""
    of, rounds = WAYS[way], rounds_of(way, given)
    every = {"save_every": max(1, rounds // POINTS), "keep": POINTS + 2, "sample_every": max(1, rounds // POINTS)}
    full = dict(of.full) if given.full and of.full else {}
    device = "cuda" if of.gpu else given.device
    return MNIST | dict(of.options) | full | every | {"seed": seed, "rounds": rounds, "device": device}


def scored(table: str, given: Namespace, name: str, keys: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    """What a part has to say: of a known sample, or of a model that it trains."""
    for known, of in parzen.KNOWN.items():
        if slug(known) == name:
            return parzen.estimated(of.make())
    way, seed = keys[name]
    run = trained(table, name, WAYS[way].recipe, options_of(way, seed, given), stays=True)
    if WAYS[way].parzen:
        parts = [run.sample(1000, part) for part in range(parzen.SAMPLES // 1000)]
        return parzen.estimated(parzen.rows(torch.cat(parts).cpu()))
    codes, batch = WAYS[way].codes, WAYS[way].options["batch"]
    return {"nats": nats(run, seed, codes), "curve": curve(run, seed, batch, min(codes, FEWER_CODES))}


def nats(run: Run, seed: int, codes: int, pictures: int = 0) -> float:
    """The mean negative log-likelihood of the test split, or of some pictures of it."""
    test = parzen.split("test")
    x = test[torch.linspace(0, len(test) - 1, pictures or len(test)).long()].to(run.config.run.device)
    set_random_state(seed)
    found = run.setup.log_likelihood(x, particles=codes) if codes else run.setup.log_likelihood(x)
    return -float(found.double().mean())


def curve(run: Run, seed: int, batch: int, codes: int) -> dict[str, float]:
    """The same along the way, by the epochs passed, a quick estimate."""
    found: dict[str, float] = {}
    for path in reversed(checkpoints(run.path / "checkpoints")):
        load_state(run.setup.game, read_checkpoint(path)["game"])
        found[f"{int(path.name) * batch / PICTURES:.3g}"] = nats(run, seed, codes, FEWER)
    return found


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    found: list[Row] = []
    for way in ways_of(given):
        names = [f"{slug(way)}-{seed}" for seed in seeds_of(given)]
        found += rows_of(way, given, [parts[name] for name in names if name in parts])
    for name, known in parzen.KNOWN.items():
        part = parts.get(slug(name))
        found += [Row(name, ESTIMATE, [part["scores"]["nats"]], paper=known.paper, control=True)] if part else []
    epochs = {
        f"{'gpu_' * of.gpu}{of.recipe}{'_r1' * ('penalty' in of.options)}": f"{epochs_of(way, given):.3g}"
        for way, of in WAYS.items()
    }
    protocol = PROTOCOL.format(
        codes=CODES, few=FEWER_CODES, fewer=FEWER, samples=parzen.SAMPLES, validation=parzen.VALIDATION,
        centres=parzen.CENTRES, steps=parzen.STEPS, **epochs,
        gpu=", ".join({part["machine"]["gpu"] for part in parts.values()} - {None}) or "none here",
    )  # fmt: skip
    write_table(table, found, source=SOURCE, protocol=protocol, **made_by(parts))


def rows_of(way: str, given: Namespace, mine: list[Part]) -> list[Row]:
    """The score of one way, its estimates along the way, and its cost, if there is a part of it."""
    if not mine:
        return []
    of, scores = WAYS[way], [part["scores"] for part in mine]
    metric = ESTIMATE if of.parzen else NATS
    last = Row(
        way, metric, [each["nats"] for each in scores], paper=of.paper, bar=of.bars[given.full], control=of.control
    )
    along = [
        Row(
            way,
            f"{metric} after {epochs} epochs",
            [each["curve"][epochs] for each in scores if epochs in each["curve"]],
        )
        for epochs in scores[0].get("curve", {})
    ]
    return [last, *along, Row(way, "core minutes", [part["core_seconds"] / 60 for part in mine], control=of.control)]


if __name__ == "__main__":
    main()
