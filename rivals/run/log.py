"""The files of a run that grow by lines: metrics.jsonl, events.jsonl, scores.jsonl."""

import json
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rivals.whole import whole_file


def append_line(path: Path, record: Mapping[str, Any]) -> None:
    """Adds one JSON line in a single write. Numbers that are not finite become null."""
    with path.open("a") as file:
        file.write(json.dumps({key: _plain(value) for key, value in record.items()}) + "\n")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file, without a last line that a crash cut short."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def cut_after(path: Path, round: int) -> None:
    """Drops what was logged after a round, so that a run that goes on from there logs nothing twice."""
    if path.exists():
        kept = [record for record in lines(path) if record.get("round", 0) <= round]
        with whole_file(path) as part:
            part.write_text("".join(json.dumps(record) + "\n" for record in kept))


def event(folder: Path, round: int, what: str, **details: Any) -> None:
    """Notes that something happened to a run."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    append_line(folder / "events.jsonl", {"round": round, "time": stamp, "event": what, **details})


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
