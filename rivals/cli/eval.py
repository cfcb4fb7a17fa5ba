"""rivals eval DIR"""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import tyro

from rivals.cli.arguments import parsed

ABOUT = """The scores of a run on held-out data, with their 95 % intervals, and the protocol they were taken under.

Beside them: what real training samples score (floor), and a generator that has learned nothing (ceiling).
docs/metrics.md tells what each number means.

example: rivals eval runs/a --json"""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    data: str = ""
    """Another data set to compare with; the run's own if empty."""
    features: Literal["auto", "classifier", "random", "inception"] = "auto"
    """What compares pictures; auto is a classifier of the data where it has labels, else random convolutions, for which
    nothing is trained."""
    extractor_seed: int = 0
    """Of that classifier or of the random convolutions; another one checks a ranking."""
    particles: int = 0
    """Codes a sample for a bound on the log-likelihood, such as a VAE's; 0 for what the recipe says."""
    n: Annotated[int, tyro.conf.arg(aliases=["-n"])] = 0
    """Samples that are scored; 0 for 2,500, of stacked-mnist 26,000."""
    seed: int = 0
    """Of the samples."""
    json: bool = False
    """As JSON."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Prints the scores and keeps them in scores.jsonl."""
    given = parsed(Arguments, arguments, command="eval", about=ABOUT)
    from rivals.run.protocols import cautions
    from rivals.run.run import load
    from rivals.run.scores import changes

    learned = load(given.folder, device=given.device)
    result = learned.scores(
        given.n,
        given.seed,
        data=given.data,
        features=given.features,
        extractor_seed=given.extractor_seed,
        particles=given.particles,
    )
    if given.json:
        print(json.dumps({key: result[key] for key in ("scores", "protocol", "floor", "ceiling")}))
        return 0
    for line in [*table(result), *cautions(result)]:
        print(line)
    print(conditions(result["protocol"]))
    if "image" in learned.source.spec:
        print(f"samples beside their nearest training pictures: rivals explore {given.folder}")
    if since := changes(learned, result):
        print(since)
    return 0


def table(result: dict[str, Any]) -> list[str]:
    """The scores in columns."""
    rows = [f"{'':<19}{'value':>9}  {'95 % interval':<21}{'floor':>9}{'ceiling':>10}"]
    for name, score in result["scores"].items():
        value, low, high = (shown(score[key]) for key in ("value", "low", "high"))
        floor, ceiling = (shown(result[which].get(name)) for which in ("floor", "ceiling"))
        rows.append(f"{name:<19}{value:>9}  {f'[{low}, {high}]':<21}{floor:>9}{ceiling:>10}")
    held_out = " (agreement: held-out ones)" if "agreement" in result["scores"] else ""
    return [*rows, f"floor: real training samples{held_out}; ceiling: a generator that has learned nothing"]


def conditions(protocol: dict[str, Any]) -> str:
    """What the scores were taken under, in a line; scores.jsonl has it whole."""
    from rivals.run.protocols import brief

    return "protocol: " + ", ".join(f"{key} {brief(value)}" for key, value in protocol.items())


def shown(number: float | None) -> str:
    """Four digits, or a dash where there is no number."""
    return "-" if number is None else f"{number:.4g}"
