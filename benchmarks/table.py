"""A table of results: rows of numbers measured here, beside what was published and a bar to reach."""

import json
import math
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rivals.run.environment import commit, processor
from rivals.whole import whole_file

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" if (HERE / "results").is_dir() else Path("benchmarks") / "results"
"""Beside the scripts in a checkout; where the user is, when the scripts are part of an installed package."""
T975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)
"""97.5 % points of Student's t for 1, 2, ... degrees of freedom."""
POSITIVE = ("minutes", "seconds", "MiB", "Frechet")
"""Words of metrics that cannot fall below nothing."""
written: list[Path] = []
"""The tables that this process has written, for `rivals bench --json`."""
INTERVAL = "Intervals: 95 % of the mean over seeds or repeats, Student's t; none where there is one value only."


@dataclass(frozen=True)
class Row:
    """One number with its repeats: `values` hold one a seed, nan where there is none."""

    name: str
    metric: str
    values: Sequence[float]
    paper: float | None = None
    bar: str = ""
    """Such as ">= 7.9": what the mean must reach; empty for a row that is only shown."""
    worst: bool = False
    """Every single value must reach the bar, not only their mean."""
    control: bool = False
    bounds: tuple[float, float] | None = None
    """An interval of its own, in place of Student's t over the values."""

    def record(self) -> dict[str, Any]:
        """The row as it stands in the JSON."""
        mean = statistics.fmean(self.values)
        low, high = self.bounds or interval(self.values)
        least, most = limits(self.metric, self.values)
        judged = self.values if self.worst else [mean]
        return {
            "name": self.name,
            "metric": self.metric,
            "paper": self.paper,
            "ours": {
                "mean": plain(mean),
                "low": plain(max(low, least)),
                "high": plain(min(high, most)),
                "seeds": list(map(plain, self.values)),
            },
            "bar": self.bar or None,
            "reached": all(reaches(value, self.bar) for value in judged) if self.bar else None,
            "control": self.control,
        }


def write_table(
    table: str,
    rows: Sequence[Row],
    *,
    source: str,
    protocol: str,
    seconds: float,
    commits: Sequence[str | None] = (),
    machine: Mapping[str, Any] | None = None,
    device: str = "",
) -> Path:
    """Writes results/<table>[-<device>].json and prints its rows. `commits` are those of saved parts, if any."""
    content = {
        "table": table,
        "source": source,
        "command": " ".join(["rivals", "bench", script(), *map(portable, sys.argv[1:])]),
        "commit": ", ".join(sorted({each or "none" for each in commits or [commit()]})),
        "machine": dict(machine or this_machine()),
        "seconds": round(seconds, 1),
        "protocol": f"{protocol} {INTERVAL}",
        "rows": [row.record() for row in rows],
    }
    path = RESULTS / f"{table}{f'-{device}' if device else ''}.json"
    with whole_file(path) as part:
        part.write_text(json.dumps(content, indent=1) + "\n")
    for row in content["rows"]:
        print(line(row))
    print(path)
    written.append(path)
    return path


def script() -> str:
    """The name of the running benchmark, as `rivals bench` has it."""
    path = Path(sys.argv[0])
    return (path.parent if path.stem == "__main__" else path).stem.replace("_", "-")


def portable(argument: str) -> str:
    """An argument without the folders of this machine: of an absolute path the name alone."""
    option, equals, value = argument.rpartition("=")
    return f"{option}{equals}{Path(value).name if Path(value).is_absolute() else value}"


def this_machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {"cpu": processor(), "cores": os.cpu_count(), "gpu": gpu}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % confidence interval of the mean, Student's t; (nan, nan) for fewer than two values."""
    if len(values) < 2:
        return math.nan, math.nan
    t = T975[len(values) - 2] if len(values) - 2 < len(T975) else 1.96 + 2.5 / (len(values) - 1)
    half = t * statistics.stdev(values) / math.sqrt(len(values))
    return statistics.fmean(values) - half, statistics.fmean(values) + half


def limits(metric: str, values: Sequence[float]) -> tuple[float, float]:
    """What such a number can be, where few seeds would have Student's interval reach beyond.

    None where a value lies beyond them itself: it is a difference, such as the time that a run takes more.
    """
    positive = any(word in metric for word in POSITIVE)
    least, most = (0.0, 100.0) if "%" in metric else (0.0 if positive else -math.inf, math.inf)
    return (least, most) if all(least <= value <= most for value in values) else (-math.inf, math.inf)


def reaches(value: float, bar: str) -> bool:
    """Whether a number reaches a bar such as ">= 7.9", "<= 0.05" or "= 1.000" (to the digits given)."""
    sign, limit = bar.split()
    if sign == "=":
        return round(value, len(limit.partition(".")[2])) == float(limit)
    return value >= float(limit) if sign == ">=" else value <= float(limit)


def plain(value: float) -> float | None:
    """Six digits, and None for what is not finite."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def line(row: Mapping[str, Any]) -> str:
    """A row for people."""
    ours = row["ours"]
    spread = "" if ours["low"] is None else f" ({ours['low']:.4g} to {ours['high']:.4g})"
    mean = "none" if ours["mean"] is None else f"{ours['mean']:.4g}"
    verdict = "" if row["bar"] is None else f"   bar {row['bar']}: {'reached' if row['reached'] else 'NOT REACHED'}"
    return f"{row['name']:<34} {row['metric']:<34} {mean}{spread}{verdict}{'   control' if row['control'] else ''}"
