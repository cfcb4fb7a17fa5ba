"""Random architectures under five methods: who trains what the others cannot.

Run: rivals bench robustness
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from architectures import COURSE, LATENT, SIDE, Architecture, discriminator_of, drawn, generator_of
from classifier import judge, real_pictures
from options import parted, table_of
from parts import Part, gathered, made_by, measured
from PIL import Image
from table import RESULTS, Row, write_table

from rivals.data.load import load
from rivals.data.pictures import pixels_of
from rivals.feed import Feed
from rivals.games import GAN, R3GAN, WGAN, WGANGP
from rivals.loop import fit, set_random_state
from rivals.losses.adversarial import least_squares
from rivals.metrics import classifier_score
from rivals.networks.evaluation import applied
from rivals.parts.priors import Prior, gaussian
from rivals.play import Game, Player
from rivals.recipes import Machine
from rivals.recipes.gan import GANOptions
from rivals.recipes.options import Networks, Optimisers, Training
from rivals.recipes.players import player
from rivals.report.grid import save_png
from rivals.run.environment import device_of, wants_bf16

SOURCE = "1704.00028 Table 2"
TAKES = "0.5 to 5 minutes of a core for each of 36 architectures and 5 methods, 4 hours in all"
TABLE = "robustness"
COUNT, FULL_COUNT, ROUNDS, FULL_ROUNDS, SAMPLES, BATCH = 30, 200, 1_500, 20_000, 2_500, 32
DEPTHS, FULL_DEPTHS, WIDTHS, FULL_WIDTHS = (4, 6, 8, 12), (4, 8, 12, 20), (4, 8, 16), (32, 64, 128)
CRITIC_STEPS, AVERAGE, SHOWN = 3, 50.0, 6
THRESHOLDS = {
    1.0: (0, 8, 192, 0),
    3.0: (1, 88, 110, 1),
    5.0: (0, 147, 42, 11),
    7.0: (1, 104, 5, 90),
    9.0: (0, 0, 0, 200),
}
"""The least score, and how many of 200 architectures passed it with GAN only, WGAN-GP only, both, and neither."""
MIDDLE = 5.0
CELLS = ("only GAN", "only WGAN-GP", "both", "neither")
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "robustness.png"
PROTOCOL = (
    "Fashion-MNIST at 16x16 (the paper: ImageNet at 32x32); {count} of {drawn} architectures drawn at random: "
    "nonlinearity of each player among ReLU, leaky, softplus(2x + 2) / 2 - 1 and tanh; {depths} convolutions each; "
    "batch norm in the generator or not; in the discriminator batch norm (layer norm where its input gradient is "
    "penalised) or not; {widths} channels at the full size, doubled a step down. {rounds} rounds of one generator "
    "step, batch {batch}, {critic} critic steps a round for the two WGANs (the paper: 5), every method with one set "
    "of options throughout, learning rates that fall on a line, and averaged weights. Score: exp(E KL(p(y|x) || "
    "p(y))) of {samples} samples under a classifier trained on the training split at 16x16 (test accuracy "
    "{accuracy:.2%}, sha256 {sha256}), from 1 to 10. Table 2 of the paper counts of 200; here in % of the "
    "architectures drawn, the paper's too. Succeeds: a score above {middle}. Ratio: only WGAN-GP to only GAN, the "
    "latter counted as at least one architecture. The six of the course are not among the drawn. Control: test "
    "pictures."
)
LEGEND = " docs/pictures shows the six, from top to bottom {course}, and from left to right {methods}."


@dataclass(frozen=True)
class Method:
    """A game under one set of options, whatever the networks."""

    game: Callable[[Player, Player, Prior], Game]
    lr: float
    betas: tuple[float, float] | None
    """Adam's; none for RMSprop."""
    norm: Any = "batch"
    """Of a discriminator that has one."""
    critic_steps: int = 1

    def build(self, a: Architecture, rounds: int, device: str) -> Game:
        """Players as the recipes make them."""
        beta1, beta2 = self.betas or (0.0, 0.99)
        options = GANOptions(
            training=Training(rounds=rounds, batch=BATCH),
            networks=Networks(),
            optimisers=Optimisers(
                optimizer="adam" if self.betas else "rmsprop", beta1=beta1, beta2=beta2, decay="linear", average=AVERAGE
            ),
        )
        machine = Machine(device, wants_bf16("auto", device))
        discriminator = player(discriminator_of(a, self.norm), options, machine, lr=self.lr, steps=self.critic_steps)
        generator = player(generator_of(a), options, machine, lr=self.lr, average=True)
        return self.game(generator, discriminator, gaussian(LATENT, device))


METHODS = {
    "GAN": Method(GAN, 2e-3, (0.5, 0.999)),
    "least squares": Method(partial(GAN, loss=least_squares), 2e-3, (0.5, 0.999)),
    "WGAN": Method(partial(WGAN, critic_steps=CRITIC_STEPS), 5e-5, None, critic_steps=CRITIC_STEPS),
    "WGAN-GP": Method(partial(WGANGP, critic_steps=CRITIC_STEPS), 2e-3, (0.0, 0.9), "layer", CRITIC_STEPS),
    "R3GAN": Method(R3GAN, 2e-3, (0.0, 0.99), "layer"),
}


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    all_of = architectures(given)
    keys = {f"{slug(a)}-{slug(m)}": (a, m) for a in all_of for m in METHODS}
    work = {part: asked(all_of[a], m, given) for part, (a, m) in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given.one, keys[given.one], given))
    judge("fashion", size=SIDE)  # or the first parts would each train it
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    parser = parted(__doc__, COUNT, f"{FULL_COUNT} of the paper's depths and widths, {FULL_ROUNDS} rounds")
    parser.add_argument("--rounds", type=int, default=0, help="other than the table's own, for a trial")
    return parser.parse_args()


def architectures(given: Namespace) -> dict[str, Architecture]:
    """The drawn ones by their seeds, and the course's by name."""
    depths, widths = (FULL_DEPTHS, FULL_WIDTHS) if given.full else (DEPTHS, WIDTHS)
    count = given.seeds or (FULL_COUNT if given.full else COUNT)
    return {f"drawn {seed}": drawn(seed, depths, widths) for seed in range(count)} | COURSE


def slug(name: str) -> str:
    """A name for a file."""
    return name.lower().replace(" ", "-")


def asked(a: Architecture, method: str, given: Namespace) -> dict[str, Any]:
    """All that a score depends on, in JSON's own types."""
    of = METHODS[method]
    options = {"lr": of.lr, "betas": list(of.betas or ()), "norm": of.norm, "critic_steps": of.critic_steps}
    options |= {"decay": "linear", "average": AVERAGE}
    made = asdict(a) | {key: list(getattr(a, key)) for key in ("activations", "depths", "norms")}
    return {"architecture": made, "method": options, "rounds": rounds_of(given), "batch": BATCH, "samples": SAMPLES}


def rounds_of(given: Namespace) -> int:
    return given.rounds or (FULL_ROUNDS if given.full else ROUNDS)


def scored(table: str, name: str, key: tuple[str, str], given: Namespace) -> float:
    """Trains one, scores it, and keeps some samples where the architecture is one to show."""
    torch.set_num_threads(1)
    architecture, method = key
    set_random_state(0)
    device = device_of(given.device)
    game = METHODS[method].build(architectures(given)[architecture], rounds_of(given), device)
    feed = Feed(load("fashion", size=SIDE, device=device, say=lambda text: None), BATCH)
    for _ in fit(game, feed, rounds=range(rounds_of(given))):
        pass
    samples = samples_of(game)
    if architecture in COURSE:
        save_png(Image.fromarray(np.hstack(list(samples[:SHOWN, ..., 0]))), path_of(table, name))
    return classifier_score(judge("fashion", size=SIDE).probabilities(samples))


def samples_of(game: Any) -> np.ndarray:
    """Pictures of the averaged generator; black where it has lost its mind."""
    with torch.no_grad():
        drawn_now = [applied(game.generator.sampler, codes) for codes in game.prior(SAMPLES).split(250)]
    return pixels_of(torch.cat(drawn_now).nan_to_num(-1.0).cpu())


def path_of(table: str, name: str) -> Path:
    return RESULTS / "parts" / table / f"{name}.png"


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured, over the architectures that all methods have been through."""
    scores = {
        a: {m: parts[f"{slug(a)}-{slug(m)}"]["scores"] for m in METHODS if f"{slug(a)}-{slug(m)}" in parts}
        for a in architectures(given)
    }
    whole = {a: found for a, found in scores.items() if len(found) == len(METHODS)}
    random = [found for a, found in whole.items() if a not in COURSE]
    rows = [*cells(random), *successes(random)] if random else []
    rows += [Row(f"{a}, {m}", "score", [found[m]]) for a, found in whole.items() if a in COURSE for m in METHODS]
    real = real_pictures("fashion", size=SIDE)[0]
    rows.append(
        Row("test pictures", "score", [classifier_score(judge("fashion", size=SIDE).probabilities(real))], control=True)
    )
    told = protocol(given, len(random))
    if table == TABLE and whole.keys() >= COURSE.keys():
        draw(table)
        told += LEGEND.format(course=", ".join(COURSE), methods=", ".join(METHODS))
    write_table(table, rows, source=SOURCE, protocol=told, **made_by(parts))


def cells(random: list[dict[str, float]]) -> list[Row]:
    """Table 2: for each threshold, the shares that one, the other, both and neither get past, and the ratio."""
    rows: list[Row] = []
    for least, published in THRESHOLDS.items():
        past = [(above(found["GAN"], least), above(found["WGAN-GP"], least)) for found in random]
        counts = [past.count(pair) for pair in ((True, False), (False, True), (True, True), (False, False))]
        rows += [
            Row(f"score above {least:.0f}", f"% {cell}", [100 * count / len(random)], paper=paper / 2)
            for cell, count, paper in zip(CELLS, counts, published, strict=True)
        ]
        if least == MIDDLE:
            rows.append(Row(f"score above {least:.0f}", "ratio", [counts[1] / max(counts[0], 1)], bar=">= 10"))
    return rows


def above(score: float, least: float) -> bool:
    """To two digits: samples that are all the same score 1, and arithmetic adds a trace to it."""
    return round(score, 2) > least


def successes(random: list[dict[str, float]]) -> list[Row]:
    """On how many architectures each method succeeds."""
    shares = {m: 100 * sum(above(found[m], MIDDLE) for found in random) / len(random) for m in METHODS}
    rows = [Row(f"{m}", "% succeed", [share], paper=94.5 if m == "WGAN-GP" else None) for m, share in shares.items()]
    return [
        *rows,
        Row("WGAN-GP or R3GAN", "% succeed, the better", [max(shares["WGAN-GP"], shares["R3GAN"])], bar=">= 90"),
    ]


def protocol(given: Namespace, count: int) -> str:
    """What differs from the paper, in words."""
    reader, full = judge("fashion", size=SIDE), given.full
    return PROTOCOL.format(
        count=count, drawn=len(architectures(given)) - len(COURSE),
        depths=FULL_DEPTHS if full else DEPTHS, widths=FULL_WIDTHS if full else WIDTHS,
        rounds=rounds_of(given), batch=BATCH, critic=CRITIC_STEPS, samples=SAMPLES, accuracy=reader.accuracy,
        sha256=reader.sha256, middle=MIDDLE,
    )  # fmt: skip


def draw(table: str) -> None:
    """The course's architectures under each other, the methods beside each other."""
    rows = [[np.asarray(Image.open(path_of(table, f"{slug(a)}-{slug(m)}"))) for m in METHODS] for a in COURSE]
    gap = [np.pad(np.hstack([np.pad(each, ((0, 0), (0, 4))) for each in row]), ((0, 4), (0, 0))) for row in rows]
    save_png(Image.fromarray(np.vstack(gap).repeat(2, 0).repeat(2, 1)), PICTURE)


if __name__ == "__main__":
    main()
