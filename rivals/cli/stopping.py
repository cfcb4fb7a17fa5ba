"""What a command that trains prints when it ends, and how it ends."""

from collections.abc import Callable
from shlex import quote
from typing import Any

from rivals.run.progress import say


def trained(train: Callable[[], Any]) -> int:
    """Trains and says where things are: 0 when done, 130 or 143 when stopped by a signal, saved."""
    from rivals.run.stopping import Stopped

    try:
        run = train()
    except Stopped as stop:
        if stop.first:
            say(f"stopped and saved at round {stop.round}; go on with `rivals resume {quote(str(stop.folder))}`")
        return stop.code
    if run.session.ranks.first:
        samples = sorted((run.path / "samples").glob("*.png"))[-1]
        say(f"samples: {samples}\nreport: {run.path / 'report.html'}")
        conditions = run.setup.conditions
        asked = f" --condition {quote(conditions.shown[0])}" if conditions and conditions.shown else ""
        say(f"more: rivals sample {quote(str(run.path))} -n 64{asked} --out grid.png")
        print(run.path)
    return 0
