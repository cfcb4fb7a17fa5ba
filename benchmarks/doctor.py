"""The doctor, proved: planted faults that it must find, and healthy trainings in which it must say nothing.

Each (case, seed) is a process of its own on one core; what has finished is kept, so that the same command goes on where
it was stopped. The cases, and which findings fit which fault, stand in doctor_cases.py.

Run: rivals bench doctor
"""

import re
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any

from doctor_cases import CASES, FAULTS, HEALTHY, UNSEEN_FAULTS, UNSEEN_HEALTHY, Case, pictures
from options import parted
from parts import Asked, Part, gathered, made_by, measured
from table import Row, write_table

from rivals.run.checkup import checkup
from rivals.run.config import read_config
from rivals.run.log import lines
from rivals.run.run import configured
from rivals.run.session import Diverged
from rivals.run.start import open_session

SOURCE = "none: planted faults"
TAKES = "10 to 20 seconds of a core for each of 54 cases and 3 seeds"
TABLE, SEEDS, FULL_SEEDS = "doctor", 3, 10
PROTOCOL = (
    "A fault is found if within its run a finding above a note has a name that fits it (fixed beforehand, see "
    "doctor_cases.py); a healthy run is alarmed if there is any finding above a note at any time. Short trainings of "
    "200 to 5,000 rounds with small networks, on points and on the embedded digits (8x8). Thresholds stand on "
    "principle where there is one (chance level, log 2, ratios to real samples) and were set while looking at the "
    "cases of FAULTS and HEALTHY with seeds from 100 on, that on the length of steps also at seed 0 of the "
    "learning-rate cases, and those on steps and directions in the first rounds of recipes on real pictures; the other "
    "seeds were not looked at, but for what an earlier form of this table said of them, and the cases named unseen "
    "were run with no seed before. bf16 overflow: an autocast forward pass with weights whose products exceed its "
    "range, which also a processor without bf16 computes."
)


def main() -> None:
    given = arguments()
    keys = [(name, seed) for seed in range(given.first, given.first + given.seeds) for name in given.cases]
    work = {part_name(*key): asked(*key) for key in keys}
    if given.one:
        name, seed = next((key for key in keys if part_name(*key) == given.one), ("", 0))
        return measured(TABLE, given.one, work, lambda: examined(name, seed))
    parts = gathered(TABLE, work, given)
    report({key: parts[part_name(*key)] for key in keys if part_name(*key) in parts})


def arguments() -> Namespace:
    parser = parted(__doc__, SEEDS, f"{FULL_SEEDS} seeds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES), metavar="CASE")
    given = parser.parse_args()
    given.seeds = given.seeds or (FULL_SEEDS if given.full else SEEDS)
    return given


def part_name(name: str, seed: int) -> str:
    return f"{re.sub('[^a-z0-9]+', '-', name)}-{seed}"


def asked(name: str, seed: int) -> Asked:
    """What a result was measured under, so that one of other options is not taken for it."""
    case = CASES[name]
    return {"recipe": case.recipe, "options": dict(case.options), "pictures": case.pictures, "seed": seed}


def examined(name: str, seed: int) -> dict[str, Any]:
    """Trains a case, and says what the doctor found and when, and what it says in the end."""
    folder = Path("runs") / TABLE / part_name(name, seed)
    rmtree(folder, ignore_errors=True)
    trained(CASES[name], folder, seed)
    return {"found": found_in(folder), "ends": ends_of(folder)}


def trained(case: Case, folder: Path, seed: int) -> None:
    """The run of a case; one that breaks off over a number that is not finite has ended too."""
    options = {"seed": seed, "device": "cpu", "threads": 1, "out": folder, **case.options}
    options |= {"data": pictures(case.pictures, folder.parent)} if case.pictures else {}
    session = open_session(configured(case.recipe, options), folder, fresh=True, quiet=True)
    case.tamper(session)
    try:
        session.train()
    except Diverged:
        return


def found_in(folder: Path) -> list[dict[str, Any]]:
    """Every finding above a note that there was, the first time that it came."""
    events = [each for each in lines(folder / "events.jsonl") if each["event"] in ("finding", "non-finite")]
    named = [{"name": each.get("name", "non-finite"), "round": each["round"]} for each in events
             if each.get("severity") != "note"]  # fmt: skip
    return [each for i, each in enumerate(named) if each["name"] not in {other["name"] for other in named[:i]}]


def ends_of(folder: Path) -> dict[str, Any]:
    """What `rivals doctor` says in the end, and how far the samples are from the data then."""
    seen = checkup(folder, read_config(folder / "config.yaml"))
    last = seen.history.looks[-1] if seen.history.looks else {}
    signals = {name: last.get(name) for name in ("distance", "distance_average", "missing", "separation")}
    return {"findings": [f"{each.name} ({each.severity})" for each in seen.found], "signals": signals}


def right(case: Case, part: Part) -> bool:
    return any(each["name"] in case.fits for each in part["scores"]["found"])


def alarmed(part: Part) -> bool:
    return bool(part["scores"]["found"])


def report(parts: Mapping[tuple[str, int], Part]) -> None:
    """A row a case, and the shares that the bars are on."""
    named = {name: [part for (of, _), part in parts.items() if of == name] for name in CASES}
    rows = [row_of(name, case, named[name]) for name, case in CASES.items() if named[name]]
    for title, faults, healthy in (
        ("all cases", FAULTS | UNSEEN_FAULTS, HEALTHY | UNSEEN_HEALTHY),
        ("unseen cases", UNSEEN_FAULTS, UNSEEN_HEALTHY),
    ):
        rows += share_rows(title, faults, healthy, named)
    write_table(
        TABLE, rows, source=SOURCE, protocol=PROTOCOL, **made_by({part_name(*key): part for key, part in parts.items()})
    )


def row_of(name: str, case: Case, parts: list[Part]) -> Row:
    if case.fits:
        return Row(name, "found, a value a seed", [float(right(case, part)) for part in parts])
    return Row(name, "alarmed, a value a seed", [float(alarmed(part)) for part in parts], control=True)


def share_rows(
    title: str, faults: dict[str, Case], healthy: dict[str, Case], named: dict[str, list[Part]]
) -> list[Row]:
    """Faulty runs in which a right finding came, and healthy ones with any alarm, in %."""
    hits = [right(case, part) for name, case in faults.items() for part in named[name]]
    alarms = [alarmed(part) for name in healthy for part in named[name]]
    rows = []
    if hits:
        rows.append(Row(title, f"% of {len(hits)} faulty runs found", [100 * sum(hits) / len(hits)], bar=">= 95"))
    if alarms:
        metric = f"% of {len(alarms)} healthy runs alarmed"
        rows.append(Row(title, metric, [100 * sum(alarms) / len(alarms)], bar="<= 5"))
    return rows


if __name__ == "__main__":
    main()
