"""Parts of a table: each is measured in a process of its own on one core and kept as it finishes.

A part is known by its name and by all that was asked of it, so that the same command goes on where it was stopped and
a result made under other options is never taken for this one.
"""

import json
import os
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from table import RESULTS, this_machine

from rivals.run.environment import commit
from rivals.whole import whole_file

UNKNOWN = {"cpu": "another that was not noted", "cores": None, "gpu": None}
"""The machine of parts that are older than the note of it."""
WHERE = ("device", "threads")
"""Options that do not make a part another one; its machine is noted beside it."""
Asked = Mapping[str, Any]
Part = dict[str, Any]


def gathered(table: str, work: Mapping[str, Asked], given: Namespace) -> dict[str, Part]:
    """The parts that are there, once those that are not have been measured as `given` allows."""
    waiting = [name for name, asked in work.items() if kept(table, name, asked) is None]
    print(f"{table}: {len(work) - len(waiting)} of {len(work)} parts are there already", flush=True)
    if not given.report:
        until = time.monotonic() + 60 * given.minutes if given.minutes else float("inf")
        with ThreadPoolExecutor(given.jobs) as pool:
            list(pool.map(in_a_process, waiting, [until] * len(waiting)))
    found = {name: kept(table, name, asked) for name, asked in work.items()}
    return {name: part for name, part in found.items() if part is not None}


def in_a_process(name: str, until: float) -> None:
    """Measures one part by the same command with --one; a failure is said and leaves the others alone."""
    if time.monotonic() > until:
        return
    command = [sys.executable, *sys.argv, "--one", name]
    done = subprocess.run(command, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    failed = f"{name} failed: {done.stderr.strip()}"
    print(done.stdout.strip() if done.returncode == 0 else failed, flush=True)


def measured(table: str, name: str, work: Mapping[str, Asked], measure: Callable[[], Any]) -> None:
    """Measures a part here and keeps it: its scores, what they cost, and what made them.

    Raises ValueError if there is no such part.
    """
    if name not in work:
        nearest = get_close_matches(name, work, 5, cutoff=0)
        more = f" and {len(work) - 5} others" if len(work) > 5 else ""
        raise ValueError(f"--one {name}: there is no such part; there are {', '.join(nearest)}{more}")
    begun, made_by = time.monotonic(), commit()
    scores = measure()
    cost = time.process_time()
    part = {"asked": work[name], "commit": made_by, "core_seconds": round(cost, 1)}
    part |= {"seconds": round(time.monotonic() - begun, 1), "machine": this_machine(), "scores": scores}
    with whole_file(path_of(table, name)) as file:
        file.write_text(json.dumps(part, indent=1) + "\n")
    print(f"{name}: {scores}, {cost / 60:.1f} core minutes")


def kept(table: str, name: str, asked: Asked) -> Part | None:
    """A saved part of exactly these options."""
    path = path_of(table, name)
    part = json.loads(path.read_text()) if path.exists() else None
    return part if part is not None and agree(part["asked"], asked) else None


def agree(before: Any, now: Any) -> bool:
    """Whether two sets of options say the same, but for options that are younger than the part and WHERE it was."""
    if not isinstance(before, Mapping) or not isinstance(now, Mapping):
        return before == now
    return all(key in WHERE or (key in now and agree(value, now[key])) for key, value in before.items())


def path_of(table: str, name: str) -> Path:
    return RESULTS / "parts" / table / f"{name}.json"


def joined(values: Iterable[Any]) -> Any:
    """The value that all have; several as one text, in their order."""
    several = dict.fromkeys(value for value in values if value is not None)
    return next(iter(several), None) if len(several) < 2 else " and ".join(map(str, several))


def made_by(parts: Mapping[str, Part]) -> dict[str, Any]:
    """What a table says of its parts: their commits, their machines, and what they cost in seconds of a core."""
    found = list(parts.values())
    machines = [part.get("machine", UNKNOWN) for part in found]
    return {
        "commits": [part["commit"] for part in found],
        "machine": {key: joined(machine[key] for machine in machines) for key in UNKNOWN},
        "seconds": sum(part["core_seconds"] for part in found),
    }
