"""The scores of a run, and the protocol they were taken under."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch.nn.functional import interpolate

from rivals.loop import set_random_state
from rivals.metrics import Interval, data_copying
from rivals.metrics.intervals import DRAWS, GROUPS
from rivals.recipes import recipe
from rivals.recipes.recipe import Machine, Setup
from rivals.run.asked_scores import AskedScores
from rivals.run.code_scores import PROTOCOL, code_scores, code_values, probed
from rivals.run.density_scores import DensityScores
from rivals.run.environment import device_of
from rivals.run.log import append_line, lines
from rivals.run.page import report
from rivals.run.picture_scores import FEATURES, PictureScores
from rivals.run.point_scores import PointScores
from rivals.run.protocols import differing
from rivals.run.reference import Reference, reference

DEFAULT, STACKED, MOST = 2500, 26_000, 10_000
"""Samples that are scored by default, and of stacked MNIST; held-out ones that they are compared with at most."""
FEWEST = 7
"""Of samples and of held-out ones: the neighbourhoods of five that a tenth is left out of."""
COPIED, SIDE = 60_000, 16
"""Training samples that the test of copying looks through at most, and the side that it sees pictures at."""


def scored(
    learned: Any,
    n: int = 0,
    seed: int = 0,
    *,
    data: str = "",
    features: str = "auto",
    extractor_seed: int = 0,
    particles: int = 0,
) -> dict[str, Any]:
    """The scores that there are for a run's kind of data, and appends them to scores.jsonl and the report.

    `scores` are those of n samples (0 for the usual number), each with its 95 % interval; `floor` those of training
    samples, as good as can be, and `ceiling` those of a generator that has learned nothing, all against the same
    held-out samples. `data` names another data set to compare with, `features` and `extractor_seed` what compares
    pictures, `particles` how many codes a bound on the log-likelihood is had from (0: what the recipe says).
    Raises ValueError for what cannot be scored.
    """
    if features not in FEATURES:
        raise ValueError(f"--features {features} is unknown; use {', '.join(FEATURES)}")
    real = enough(reference(learned, data), n)
    density = DensityScores(real, learned.setup, particles=particles, seed=seed)
    count = n or (STACKED if hasattr(real.source, "grey") else DEFAULT)
    unseen, device = real.held_out(min(n or DEFAULT, MOST)), device_of(learned.config.run.device)
    if "image" in real.source.spec:
        judged = PictureScores(real, unseen, features, seed=seed, extractor_seed=extractor_seed, device=device)
    else:
        judged = PointScores(real.source, unseen, seed)
    wanted = AskedScores(learned, real, judged.judge, count, seed)
    samples = learned.arrays(count, seed)
    scores = dict(judged.intervals(samples)) | copying(real, samples, unseen)
    scores |= wanted.intervals(learned.setup)
    scores |= code_scores(learned.setup, real, device, seed)
    begun = untrained(learned)
    conditions = judged.protocol | protocol(real, unseen, count, seed) | wanted.protocol
    conditions |= {"probes": PROTOCOL} if probed(begun, real) else {}
    ceiling = judged.values(learned.source.restore(begun.sample(count)))
    ceiling |= wanted.values(begun) | code_values(begun, real, "cpu")
    floor = judged.values(real.training(count)) | wanted.floor()
    if learned.setup.log_likelihood is not None:
        scores, conditions = scores | density.intervals(), conditions | density.protocol
        floor, ceiling = floor | density.training(), ceiling | density.untrained(begun)
    result = {
        "scores": {name: numbers(vars(each)) for name, each in scores.items()},
        "protocol": conditions,
        "floor": numbers(floor),
        "ceiling": numbers(ceiling),
    }
    append_line(learned.path / "scores.jsonl", {"round": learned.session.round} | result)
    report(learned.path, learned.config)
    return result


def enough(real: Reference, n: int) -> Reference:
    """The same reference. Raises ValueError where it, or a number of samples that is not 0, is too small to score."""
    if n and n < FEWEST:
        raise ValueError(f"-n {n}: there must be at least {FEWEST} samples to score")
    if len(real.unseen_rows) < FEWEST:
        raise ValueError(
            f"{real.data} has {len(real.unseen_rows)} held-out samples ({real.about}), and scores need {FEWEST}; "
            "give a larger set of the same kind with --data"
        )
    return real


def protocol(real: Reference, unseen: np.ndarray, n: int, seed: int) -> dict[str, Any]:
    """What the scores of any kind of data depend on."""
    looked_through = min(COPIED, len(real.rows))
    return {
        "data": real.data,
        "data_sha256": real.unseen.index_sha256,
        "shape": list(unseen.shape[1:]),
        "held_out": real.about,
        "n": n,
        "seed": seed,
        "weights": "averaged",
        "interval": f"95 %; jackknife over {GROUPS} groups, of modes and a classifier's words bootstrap, {DRAWS} draws",
    } | ({"copying": f"nearest of {looked_through} training samples"} if real.apart else {})


def copying(real: Reference, samples: np.ndarray, unseen: np.ndarray) -> dict[str, Interval]:
    """The test of data copying, where held-out samples are sure not to have been trained on."""
    if not real.apart:
        return {}
    made = samples[: len(unseen)]
    cells = max(1, min(5, len(made) // 50))  # fewer samples a cell could not tell
    found = data_copying(flat(real.training(COPIED)), flat(unseen), flat(made), cells)
    return {"copying_z": Interval(found.z, found.z - 1.96, found.z + 1.96)}


def flat(samples: np.ndarray) -> torch.Tensor:
    """Samples as rows (n, d), pictures shrunk to a side of 16 at most."""
    rows = torch.from_numpy(samples)
    if rows.ndim == 4:
        parts = [part.permute(0, 3, 1, 2).float() for part in rows.split(2000)]
        rows = torch.cat([interpolate(x, (SIDE, SIDE), mode="area") if x.shape[-1] > SIDE else x for x in parts])
    return rows.flatten(1)


def untrained(learned: Any) -> Setup:
    """What the run began with: the same networks, nothing learned."""
    set_random_state(learned.config.run.seed)
    return recipe(learned.config.recipe).build(learned.config.options, learned.source.spec, Machine())


def changes(learned: Any, result: Mapping[str, Any]) -> str:
    """What has changed since the last scores of this protocol, in a line; why there is no comparison without such."""
    before = list(lines(learned.path / "scores.jsonl"))[:-1]
    if not before:
        return ""
    last = next((each for each in reversed(before) if each["protocol"] == result["protocol"]), before[-1])
    if other := differing([last["protocol"], result["protocol"]]):
        return f"not compared with the scores of round {last['round']}: other {other}"
    moved = [
        f"{name} {score['value'] - last['scores'][name]['value']:+.4f}"
        for name, score in result["scores"].items()
        if score["value"] is not None and last["scores"][name]["value"] is not None
    ]
    return f"since round {last['round']}: {', '.join(moved)}"


def numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    """Plain numbers by name; null for what is not finite."""
    return {name: float(value) if math.isfinite(value) else None for name, value in values.items()}
