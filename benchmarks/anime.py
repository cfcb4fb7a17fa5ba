"""Anime faces by hair and eye colour: is what was asked for what a classifier of real faces sees?

Run: RIVALS_DATA=... rivals bench anime
"""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from options import parted, table_of
from parts import Part, gathered, made_by, measured
from table import Row, write_table
from trained import asked, trained

from rivals.data.load import load
from rivals.data.pictures import Pictures
from rivals.loop import set_random_state
from rivals.metrics import frechet_distance, random_extractor
from rivals.metrics.judge import Judge, judge_of
from rivals.report.grid import save_png

SOURCE = "the tags of 1605.05396's task on anime faces (no published number)"
TAKES = "35 minutes of a core for the cgan, 5 for the baseline; 6 for the judges the first time"
TABLE = "anime"
SEEDS, FULL_SEEDS, EPOCHS, TIMES = 1, 3, 20, 4
"""Seeds, epochs of the judges, and pictures for each combination of tags in the test split."""
COLOURS = {"hair": ">= 80", "eyes": ">= 50"}
WAYS: dict[str, tuple[str, dict[str, Any], tuple[int, int]]] = {
    "cgan": ("cgan", {}, (10_000, 16_000)),
    "supervised": ("supervised", {}, (3_000, 10_000)),
}
"""Recipe, options, and rounds by default and with --full."""
PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PROTOCOL = (
    "5,500 faces at {size}x{size}, mirrored at random, a hair colour of 12 and an eye colour of 11 each, from tags of "
    "the web; `rivals train cgan` with its defaults, {rounds} rounds of {batch}; {samples} samples of the averaged "
    "generator, asked for the tags of the 700 test faces, {times} times each. Two classifiers, trained on the real "
    "of the training split at 32x32, say which colours they see; on real test faces they agree with the tags as the "
    "control shows: that is what the noise of the tags allows. Bars: of the mean over seeds. Frechet distance to the "
    "test faces in random convolutions (sha256 {random}). Controls: real faces; the same samples held against the tags "
    "of others (shuffled), which is chance; the supervised baseline (`rivals train supervised`), which has the colours "
    "and no detail, as its distance shows."
)
Scores = dict[str, float]


def main() -> None:
    given = arguments()
    table = table_of(TABLE, given)
    keys = {f"{way}-{seed}": (way, seed) for way in WAYS for seed in range(seeds_of(way, given))}
    work = {part: asked(WAYS[way][0], options_of(way, seed, given)) for part, (way, seed) in keys.items()}
    if given.one:
        return measured(table, given.one, work, lambda: scored(table, given, *keys[given.one]))
    for colour in COLOURS:
        judge(colour)  # or the first parts would each train it
    report(given, table, gathered(table, work, given))


def arguments() -> Namespace:
    parser = parted(__doc__, SEEDS, f"64x64, 16,000 rounds, {FULL_SEEDS} seeds; --device cuda takes a GPU")
    parser.add_argument("--rounds", type=int, default=0, help="other than the table's own, for a trial")
    return parser.parse_args()


def seeds_of(way: str, given: Namespace) -> int:
    """How often a way is trained; the baseline once."""
    return (given.seeds or (FULL_SEEDS if given.full else SEEDS)) if way == "cgan" else 1


def options_of(way: str, seed: int, given: Namespace) -> dict[str, Any]:
    """What `rivals.train` is asked for."""
    _, options, rounds = WAYS[way]
    shared = {"data": "anime", "size": 64 if given.full else 32, "flip": True, "seed": seed, "device": given.device}
    return shared | {"rounds": given.rounds or rounds[given.full]} | options


def scored(table: str, given: Namespace, way: str, seed: int) -> Scores:
    """Trains one and scores it; the first cgan also gives the picture."""
    run = trained(table, f"{way}-{seed}", WAYS[way][0], options_of(way, seed, given))
    if way == "cgan" and seed == 0:
        save_png(run.picture(), (run.path if given.rounds else PICTURES) / f"{table}.png")
    pictures, wanted = drawn(run, tags_of("test"), seed)
    others = wanted[np.random.default_rng(seed).permutation(len(wanted))]
    shuffled = {f"shuffled {colour}": share for colour, share in agreement(pictures, others).items()}
    return agreement(pictures, wanted) | shuffled | {"frechet": distance(pictures, run.config.run.size)}


def drawn(run: Any, tags: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 (m, H, W, 3), several for each row of tags (n, 23), and what each was asked for (m, 23)."""
    kinds, counts = np.unique(tags, axis=0, return_counts=True)
    set_random_state(seed, 1)
    made = [
        run.source.restore(run.setup.conditions.under(torch.from_numpy(kind)).sample(TIMES * int(count)))
        for kind, count in zip(kinds, counts, strict=True)
    ]
    return np.concatenate(made), np.repeat(kinds, TIMES * counts, axis=0)


def agreement(pictures: np.ndarray, tags: np.ndarray) -> Scores:
    """The share in % of pictures uint8 (n, H, W, 3) whose colours a classifier sees as tags (n, 23) have them."""
    found = {colour: judge(colour).probabilities(pictures).argmax(1) for colour in COLOURS}
    wanted = {colour: tags[:, columns(colour)].argmax(1) for colour in COLOURS}
    return {colour: 100 * float((found[colour] == wanted[colour]).mean()) for colour in COLOURS}


def distance(pictures: np.ndarray, size: int) -> float:
    """The Frechet distance to the test faces."""
    count, extractor = len(faces("test", size)), random_extractor(3)
    every = np.linspace(0, len(pictures) - 1, count).astype(np.int64)
    real = np.asarray(faces("test", size).images).transpose(0, 2, 3, 1)
    return frechet_distance(extractor.features(real), extractor.features(pictures[every]))


def judge(colour: str) -> Judge:
    """The classifier of a colour, from the cache or trained now."""
    source, unseen = (labelled(split, colour) for split in ("train", "test"))
    return judge_of(source, unseen, epochs=EPOCHS, flip=True)


def labelled(split: str, colour: str) -> Pictures:
    """The faces of a split with a colour as their class."""
    source = faces(split)
    labels = tags_of(split)[:, columns(colour)].argmax(1)
    return Pictures(source.images, labels, index_sha256=f"{source.index_sha256} {colour}")


def faces(split: str, size: int = 32) -> Any:
    """A split as a source of pictures."""
    return load("anime", size=size, split=split, say=lambda text: None)


def tags_of(split: str) -> np.ndarray:
    """The tags of a split, float32 (n, 23)."""
    source = faces(split)
    index = torch.arange(len(source))
    return source.batch(index, torch.zeros_like(index))["tags"].numpy()


def columns(colour: str) -> list[int]:
    """Which tags are of hair, or of eyes."""
    return [place for place, tag in enumerate(faces("train").spec["tags"].words) if tag.endswith(colour)]


def report(given: Namespace, table: str, parts: Mapping[str, Part]) -> None:
    """The table of all that has been measured."""
    rows: list[Row] = []
    for way in WAYS:
        names = [f"{way}-{seed}" for seed in range(seeds_of(way, given))]
        rows += rows_of(way, [parts[name] for name in names if name in parts])
    options = options_of("cgan", 0, given)
    protocol = PROTOCOL.format(
        size=options["size"],
        rounds=options["rounds"],
        batch=asked("cgan", options)["options"]["training"]["batch"],
        samples=TIMES * len(faces("test")),
        times=TIMES,
        random=random_extractor(3).sha256,
    )
    write_table(table, [*rows, *control(options["size"])], source=SOURCE, protocol=protocol, **made_by(parts))


def rows_of(way: str, mine: list[Part]) -> list[Row]:
    """What the classifiers see, the distance and the cost of one way, if there is a part of it."""
    if not mine:
        return []
    baseline = way != "cgan"
    scores = {name: [part["scores"][name] for part in mine] for name in mine[0]["scores"]}
    rows = [
        Row(way, f"% {colour} as asked", scores[colour], bar="" if baseline else bar, control=baseline)
        for colour, bar in COLOURS.items()
    ]
    rows += [
        Row(f"{way}, shuffled", f"% {colour} as asked", scores[f"shuffled {colour}"], control=True)
        for colour in COLOURS
    ]
    rows.append(Row(way, "Frechet, random", scores["frechet"], control=baseline))
    rows.append(Row(way, "minutes", [part["seconds"] / 60 for part in mine], control=baseline))
    return [*rows, Row(way, "core minutes", [part["core_seconds"] / 60 for part in mine], control=baseline)]


def control(size: int) -> list[Row]:
    """What real faces reach: those of the test split, and for the distance as many of the training split."""
    real = np.asarray(faces("test").images).transpose(0, 2, 3, 1)
    rows = [
        Row("real test faces", f"% {colour} as tagged", [share], control=True)
        for colour, share in agreement(real, tags_of("test")).items()
    ]
    training = np.asarray(faces("train", size).images).transpose(0, 2, 3, 1)
    return [*rows, Row("training faces", "Frechet, random", [distance(training, size)], control=True)]


if __name__ == "__main__":
    main()
