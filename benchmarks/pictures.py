"""MNIST or Fashion-MNIST at 32x32 with the default recipe: trains for some minutes, then asks a classifier.

A run that is there already is only scored; `--resume` goes on with one that was stopped.

Run: RIVALS_DATA=... rivals bench pictures --data mnist --minutes 30 --threads 2
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from classifier import judge, real_pictures
from table import Row, write_table

import rivals
from rivals.loop import set_random_state
from rivals.metrics.judge import shares
from rivals.recipes import Machine, recipe
from rivals.report.grid import save_png

SOURCE = "LeCun et al. 1998; Fashion-MNIST: 1708.07747"
TAKES = "--minutes of training (30), and 3 for the judge the first time"
RECIPE, SURE = "r3gan", 0.9
SOURCES = {"mnist": "LeCun et al. 1998", "fashion": "1708.07747"}
BARS = {"mnist": (">= 90", ">= 5", "<= 20"), "fashion": ("", "", "")}
"""Of the shares in % of samples that the classifier is sure of, of the rarest class and of the commonest."""
DRAWS = 1000
PICTURE = Path(__file__).parent.parent / "docs" / "pictures"
PROTOCOL = (
    "`rivals train {recipe} --data {data} --size 32 --rounds {rounds}`, all else by default, seed {seed}, {threads} "
    "threads: {minutes:.1f} minutes. {samples} samples of the averaged generator, judged by a convolutional "
    "classifier that was trained on the training split, and on noise as no class at all (test accuracy "
    "{accuracy:.2%}, weights sha256 {sha256}): the share judged with p >= {sure}, and the shares of the rarest and "
    "the commonest of the ten classes. Controls: the pictures of the test split (the ceiling), and an untrained "
    "generator (the floor); the naive judge is the same classifier without that noise. Intervals of these rows: "
    "95 %, bootstrap over samples ({draws} draws), one seed."
)


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads)
    run = opened(Path(given.out or f"runs/pictures-{given.data}"), given)
    begun = time.monotonic()
    found, naive = judge(given.data), judge(given.data, nothing=0)
    samples = run.arrays(given.samples, 0)
    generated = found.probabilities(samples)
    rows = [
        *rows_of(f"{RECIPE}, {given.data}", generated, BARS[given.data], control=False),
        *rows_of(f"test split, {given.data}", found.probabilities(real_pictures(given.data)[0]), ("", "", "")),
        *rows_of(f"untrained, {given.data}", found.probabilities(untrained(run, given.samples)), ("", "", "")),
        *rows_of(f"{RECIPE}, {given.data}, naive judge", naive.probabilities(samples), ("", "", "")),
        *rows_of(
            f"test split, {given.data}, naive judge", naive.probabilities(real_pictures(given.data)[0]), ("", "", "")
        ),
    ]
    save_png(run.picture(), PICTURE / f"{given.data}.png")
    print(PICTURE / f"{given.data}.png", shares_of_classes(generated))
    protocol = PROTOCOL.format(
        recipe=RECIPE,
        data=given.data,
        seed=run.config.run.seed,
        threads=run.config.run.threads,
        rounds=run.session.round,
        minutes=run.session.seconds / 60,
        samples=given.samples,
        accuracy=found.accuracy,
        sha256=found.sha256,
        sure=SURE,
        draws=DRAWS,
    )
    seconds = run.session.seconds + time.monotonic() - begun
    write_table(f"pictures-{given.data}", rows, source=SOURCES[given.data], protocol=protocol, seconds=seconds)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", choices=list(BARS), default="mnist")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=0, help="as many as the minutes allow; 0 for the recipe's own")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--out", default="", help="folder of the run; runs/pictures-<data> if empty")
    parser.add_argument("--resume", action="store_true", help="go on with a run that was stopped")
    return parser.parse_args()


def opened(out: Path, given: argparse.Namespace) -> Any:
    """The run: trained now, gone on with, or as it stands."""
    if not out.exists():
        options: dict[str, Any] = {"data": given.data, "size": 32, "minutes": given.minutes, "threads": given.threads}
        options |= {"rounds": given.rounds} if given.rounds else {}
        return rivals.train(RECIPE, out=out, seed=given.seed, device="cpu", **options)
    if given.resume:
        return rivals.resume(out, minutes=given.minutes)
    run = rivals.load(out, device="cpu")
    wanted = run.config.options.training.rounds
    print(f"{out}: trained before, {run.session.round} of {wanted} rounds, and scored as it is (--resume goes on)")
    return run


def untrained(run: Any, samples: int) -> np.ndarray:
    """Pictures of a generator that has learned nothing."""
    set_random_state(run.config.run.seed)
    setup = recipe(RECIPE).build(run.config.options, run.source.spec, Machine())
    return run.source.restore(setup.sample(samples))


def rows_of(name: str, probabilities: np.ndarray, bars: tuple[str, str, str], control: bool = True) -> list[Row]:
    """The three shares in % with their intervals."""
    draws, n = np.random.default_rng(0), len(probabilities)
    again = [vars(shares(probabilities[draws.integers(0, n, n)], SURE)) for _ in range(DRAWS)]
    metrics = ("% judged with p >= 0.9", "% of the rarest class", "% of the commonest class")
    rows: list[Row] = []
    for (key, value), metric, bar in zip(vars(shares(probabilities, SURE)).items(), metrics, bars, strict=True):
        low, high = np.percentile([100 * each[key] for each in again], [2.5, 97.5])
        rows.append(Row(name, metric, [100 * value], bar=bar, control=control, bounds=(float(low), float(high))))
    return rows


def shares_of_classes(probabilities: np.ndarray) -> str:
    """The share of each class, for people."""
    counted = np.bincount(probabilities.argmax(1), minlength=10) / len(probabilities)
    return "classes: " + " ".join(f"{share:.1%}" for share in counted)


if __name__ == "__main__":
    main()
