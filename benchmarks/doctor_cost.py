"""What the training doctor costs: the same rounds with it and without it, in turns in one process.

Run: rivals bench doctor-cost
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from options import Options
from table import Row, write_table

from rivals.loop import fit
from rivals.run.run import configured
from rivals.run.session import Session
from rivals.run.start import open_session

SOURCE = "none: a bar of our own"
TAKES = "3 minutes of a core"
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "r3gan, ring": ("r3gan", {"data": "ring"}),
    "nsgan, ring": ("nsgan", {"data": "ring"}),
    "wgan-gp, grid": ("wgan-gp", {"data": "grid"}),
    "r3gan, digits": ("r3gan", {"data": "digits"}),
}
EVERY = 100
PROTOCOL = (
    f"Recipes with their defaults, one thread. A turn is {EVERY} rounds with the doctor's hooks and one look at their "
    f"end (--doctor-every {EVERY}, the default), and {EVERY} rounds without, in alternating order; seconds of the "
    "processor, so that what else runs on the machine counts less. The cost is the median over turns of the ratio, "
    "less one, after a turn to warm up, which has the one-time work on the data too."
)


def main() -> None:
    parser = Options(__doc__)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES), metavar="CASE")
    given = parser.parse_args()
    begun = time.monotonic()
    rows = [Row(name, "% of training time", costs(name, given.turns), bar="<= 3") for name in given.cases]
    write_table("doctor-cost", rows, source=SOURCE, protocol=PROTOCOL, seconds=time.monotonic() - begun)


def costs(name: str, turns: int) -> list[float]:
    """The extra time in %, the median of the turns."""
    recipe, options = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        wishes = {"threads": 1, "device": "cpu", "out": folder, "log_every": EVERY, "doctor_every": EVERY}
        session = open_session(configured(recipe, wishes | options), Path(folder) / "run", fresh=True, quiet=True)
        ratios = []
        for turn in range(turns + 1):
            order = (True, False) if turn % 2 else (False, True)
            seconds = {watched: seconds_of(session, turn, watched) for watched in order}
            ratios.append(seconds[True] / seconds[False])
    return [100 * (statistics.median(ratios[1:]) - 1)]


def seconds_of(session: Session, turn: int, watched: bool) -> float:
    """Of the processor for so many rounds."""
    rounds, doctor = range(EVERY * turn, EVERY * (turn + 1)), session.clinic.doctor
    assert doctor
    doctor.signals.watched = False
    begun = time.process_time()
    for _ in fit(session.setup.game, session.feed, rounds=doctor.watching(rounds) if watched else rounds, seed=0):
        pass
    if watched:
        doctor.look(rounds[-1] + 1, {}, seen=0)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
