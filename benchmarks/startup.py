"""How long `rivals --help` and `rivals list` take, from the shell and back.

Run: rivals bench startup
"""

import subprocess
import sys
import time
from pathlib import Path

from options import Options
from table import Row, write_table

SOURCE = "none: a bar of our own"
TAKES = "3 seconds"
COMMANDS = ("--help", "list")


def main() -> None:
    parser = Options(__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    begun = time.monotonic()
    rows = [median_row(command, given.repeats) for command in COMMANDS]
    write_table(
        "startup",
        rows,
        source=SOURCE,
        protocol=f"Wall time of the installed command in a new process; median of {given.repeats} after one "
        "warm-up call. Its interval is the smallest and the largest of them.",
        seconds=time.monotonic() - begun,
    )


def median_row(command: str, repeats: int) -> Row:
    """The median wall time of a command."""
    timed = sorted([seconds_of(command) for _ in range(repeats + 1)][1:])
    return Row(f"rivals {command}", "seconds", [timed[len(timed) // 2]], bar="<= 0.5", bounds=(timed[0], timed[-1]))


def seconds_of(command: str) -> float:
    begun = time.perf_counter()
    subprocess.run([Path(sys.executable).with_name("rivals"), command], check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
