"""Faces back to codes, by the three methods of 1609.03552, and brush strokes on them.

Run: RIVALS_DATA=... rivals bench inversion
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
from options import seeded, seeds_of, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from torch import Tensor
from trained import asked, trained

from rivals.data.load import load
from rivals.latent.constrained import coloured, constrained, standardised
from rivals.latent.descent import Descent
from rivals.latent.invert import Inverted
from rivals.run.encoder import encoder
from rivals.run.inversion import inverted
from rivals.run.wishes import Inversion, Wishes
from rivals.run.workbench import Workbench

SOURCE = "1609.03552 sec. 3.1 and eq. 5"
TAKES = "18 minutes of a core for each of 3 seeds"
TABLE = "inversion"
SEEDS, FULL_SEEDS, ROUNDS, FULL_ROUNDS = 3, 5, 8_000, 50_000
FACES, STEPS, SIZE = 100, 200, 32
RECIPE = "nsgan"
OPTIONS: dict[str, Any] = {
    "data": "faces", "size": SIZE, "flip": True, "latent": 64, "width": 32, "discriminator_width": 32, "batch": 32,
    "discriminator_norm": "none", "penalty": "r1", "penalty_weight": 1.0, "penalty_every": 8, "generator_lr": 5e-4,
    "discriminator_lr": 5e-4, "beta1": 0.0, "beta2": 0.99, "decay": "cosine",
}  # fmt: skip
ONCE = Inversion(method="descent", steps=STEPS, restarts=1, encoder_rounds=1000)
METHODS: dict[str, Inversion] = {
    "descent": ONCE,
    "encoder": replace(ONCE, method="encoder"),
    "both": replace(ONCE, method="both"),
    "descent, 4 starts": replace(ONCE, restarts=4),
}
BRUSHES: dict[str, tuple[tuple[int, int, int, int], tuple[float, float, float]]] = {
    "fair hair": ((0, 5, 0, 32), (0.75, 0.5, -0.15)),
    "dark chin": ((24, 30, 8, 24), (-0.7, -0.8, -0.8)),
    "light forehead": ((6, 10, 10, 22), (0.8, 0.6, 0.5)),
    "blue corner": ((0, 10, 24, 32), (-0.4, 0.0, 0.7)),
}
"""Strokes: rows and columns of the picture that they cover, and their colour in [-1, 1]."""
BELOW, ABOVE = 0.05, 0.95
PROTOCOL = (
    "{recipe} with R1 on 7,000 aligned faces at 32x32, {rounds} rounds of 32 faces; the first {faces} faces of the "
    "test split. descent: {steps} steps of Adam from one draw of the prior; encoder: the discriminator with a code in "
    "place of its logit, learned for {encoder} rounds for the fixed generator; both: the same {steps} steps from the "
    "encoder's code. Errors: mean square of pixels in [-1, 1], mean over faces; seconds: for all {faces} faces on one "
    "thread, learning the encoder apart. Strokes: of four brushes face i gets number i mod 4; {steps} steps from the "
    "codes of both, lambda_1 {closeness}, lambda_2 {realism}; the colour's distance is that of G(z*) under the brush, "
    "as a share of G(z0)'s; scores are the run's own discriminator's of G(z*), counted where they lie between the 5 "
    "and 95 % quantiles of 2,000 of the generator's own samples. Settings were tuned on seed 0, which is not in the "
    "table. Differs from the paper: it has shoes, bags and outdoor scenes, its descent compares features of AlexNet "
    "too, and its edits are carried back by a flow. Controls: four starts for descent, which take four times as long; "
    "fresh samples, of which 90 % lie between by definition; strokes without lambda_2."
)


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    seeds = {f"seed-{seed}": seed for seed in seeds_of(given)}
    work = {part: about(seed, given) for part, seed in seeds.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given, seeds[given.one]))
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    return seeded(__doc__, SEEDS, FULL_SEEDS, f"{FULL_ROUNDS} rounds", first=1)


def options_of(seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    rounds = given.rounds or (FULL_ROUNDS if given.full else ROUNDS)
    return OPTIONS | {"seed": seed, "rounds": rounds, "device": given.device}


def about(seed: int, given: Namespace) -> dict[str, Any]:
    """All that a part hangs on."""
    how = {name: vars(each) for name, each in METHODS.items()}
    return asked(RECIPE, options_of(seed, given)) | {"methods": how, "brushes": repr(BRUSHES), "wishes": repr(Wishes())}


def scored(table: str, given: Namespace, seed: int) -> dict[str, dict[str, float]]:
    """Trains one generator; errors and seconds of each method, and how strokes went."""
    bench = Workbench(trained(table, f"seed-{seed}", RECIPE, options_of(seed, given)), seed=seed)
    pictures = held_out(FACES)
    encoder(bench, ONCE.encoder_rounds)  # or its learning would be part of somebody's seconds
    found = {name: inverted(bench, pictures, how) for name, how in METHODS.items()}
    scores = {name: {"error": float(each.error.mean()), "seconds": each.seconds} for name, each in found.items()}
    strokes = Wishes()
    return scores | {
        "strokes": stroked(bench, found["both"], strokes),
        "strokes, lambda_2 = 0": stroked(bench, found["both"], replace(strokes, realism=0.0)),
        "own samples": {"within": share_within(bench, bench.generator(bench.prior(2000, 8)))},
        "inverted": {"within": share_within(bench, found["both"].made)},
    }


def held_out(count: int) -> Tensor:
    """The first faces of the test split."""
    source = load("faces", size=SIZE, split="test", say=lambda text: None)
    index = torch.arange(count)
    return source.batch(index, torch.zeros_like(index))["image"]


def stroked(bench: Workbench, found: Inverted, wishes: Wishes) -> dict[str, float]:
    """The share of the colour's distance that is left, the share of scores within, and how far codes moved."""
    left, made, moved = list[Tensor](), list[Tensor](), list[Tensor]()
    for place, brush in enumerate(BRUSHES):
        codes = found.codes[place :: len(BRUSHES)]
        wish, score = wish_of(brush), standardised(judge_of(bench), bench.own())
        ends = constrained(
            bench.generator, codes, wish, Descent(wishes.edit_steps), closeness=wishes.closeness, judge=score,
            realism=wishes.realism,
        )  # fmt: skip
        with torch.no_grad():
            before, after = bench.generator(codes), bench.generator(ends)
            left.append(wish(after) / wish(before))
            made.append(after)
            moved.append((ends - codes).norm(dim=1))
    return {
        "left": float(torch.cat(left).mean()),
        "within": share_within(bench, torch.cat(made)),
        "moved": float(torch.cat(moved).mean()),
    }


def wish_of(brush: str) -> Callable[[Tensor], Tensor]:
    """The stroke as a wish."""
    (top, bottom, left, right), colour = BRUSHES[brush]
    where = torch.zeros(1, SIZE, SIZE)
    where[:, top:bottom, left:right] = 1
    return coloured(torch.tensor(colour)[:, None, None].expand(3, SIZE, SIZE), where)


def judge_of(bench: Workbench) -> Callable[[Tensor], Tensor]:
    judge = bench.judge()
    assert judge is not None
    return judge


@torch.no_grad()
def share_within(bench: Workbench, pictures: Tensor) -> float:
    """The share of pictures whose scores lie between the quantiles of the generator's own samples, in %."""
    own = judge_of(bench)(bench.generator(bench.prior(2000, 7))).float()
    low, high = own.quantile(torch.tensor([BELOW, ABOVE]))
    scores = judge_of(bench)(pictures)
    return 100 * float(((scores >= low) & (scores <= high)).float().mean())


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    scores = [part["scores"] for part in parts.values()]
    rounds = options_of(given.first, given)["rounds"]
    wishes = Wishes()
    protocol = PROTOCOL.format(
        recipe=RECIPE, rounds=rounds, faces=FACES, steps=STEPS, encoder=ONCE.encoder_rounds,
        closeness=wishes.closeness, realism=wishes.realism,
    )  # fmt: skip
    rows = rows_of(scores) if scores else []
    rows += [Row("a seed", "core minutes", [part["core_seconds"] / 60 for part in parts.values()])] if scores else []
    write_table(table, rows, source=SOURCE, protocol=protocol, **made_by(parts))


def rows_of(scores: list[dict[str, dict[str, float]]]) -> list[Row]:
    """A row for every number, those with bars first."""

    def values(name: str, metric: str) -> list[float]:
        return [each[name][metric] for each in scores]

    shares = {
        alone: [both / one for both, one in zip(values("both", "error"), values(alone, "error"), strict=True)]
        for alone in ("descent", "encoder")
    }
    strokes, inert = "strokes", "strokes, lambda_2 = 0"
    return [
        *(Row("both", f"error, share of {name}'s", each, bar="<= 0.98", worst=True) for name, each in shares.items()),
        Row(strokes, "share of the colour's distance left", values(strokes, "left"), bar="<= 0.25"),
        Row(strokes, "% of scores within own 5 to 95 %", values(strokes, "within"), bar=">= 80"),
        *(Row(name, "error", values(name, "error"), control="," in name) for name in METHODS),
        *(Row(name, "seconds", values(name, "seconds"), control="," in name) for name in METHODS),
        Row(strokes, "code moved by", values(strokes, "moved")),
        *(Row(name, "% of scores within own 5 to 95 %", values(name, "within"), control=True)
          for name in ("own samples", "inverted", inert)),
        Row(inert, "share of the colour's distance left", values(inert, "left"), control=True),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
