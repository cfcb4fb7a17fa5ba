"""Kills training runs with SIGKILL at random moments, resumes them, and compares every bit with an undisturbed run.

Run: rivals bench kill --kills 30
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from options import Options
from table import Row, write_table

from rivals.run.checkpoint import bits_of, checkpoints, fault_of, read_checkpoint

SOURCE = "none: a bar of our own"
TAKES = "5 minutes of a core"
RIVALS = Path(sys.executable).with_name("rivals")
SHARED = ["--seed", "0", "--device", "cpu", "--threads", "1", "--save-every", "5", "--log-every", "1", "--keep", "9999"]
CASES = {
    "r3gan, ring": ["train", "r3gan", "--data", "ring", "--batch", "64", "--width", "64"],
    "r3gan, digits": ["train", "r3gan", "--data", "digits", "--batch", "16", "--latent", "16"]
    + ["--width", "8", "--discriminator-width", "8"],
}
PAUSE = 0.002  # seconds between looks at what a run has written
STARTING, TRAINING, SAVING = "starting", "training", "saving"
PROTOCOL = (
    "Two chains of `rivals train`, killed with SIGKILL and gone on with `rivals resume`, half the kills each ({rounds} "
    "rounds, a checkpoint every 5): points, and pictures with adaptive augmentation. The moments are drawn from a "
    "seed: {counts}; within training up to 0.1 s after a random round, while saving up to 5 ms after an unfinished "
    "checkpoint appears, at start-up within the first 3 s of the process. Every checkpoint of a chain (weights, "
    "averages, optimisers, augmentation, position in the data; all but the clock) is compared bit for bit with that "
    "of the same round of an undisturbed run; a kill counts where every checkpoint that was found after it up to the "
    "next kill, and the final one, are identical and none is damaged."
)


@dataclass
class Chain:
    """A run that is killed again and again, and what came of it."""

    folder: Path
    start: list[str]
    judge: Callable[[Path], bool]
    sound: list[bool] = field(default_factory=list)
    """For each kill, whether all that was saved until the next one is identical."""
    judged: set[str] = field(default_factory=set)

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Goes on with the run, or starts it where a kill left nothing to go on from."""
        if checkpoints(self.folder / "checkpoints"):
            return launched(["resume", str(self.folder)])
        shutil.rmtree(self.folder, ignore_errors=True)
        return launched([*self.start, "--out", str(self.folder)])

    def kill(self, when: str, target: int, draws: random.Random) -> None:
        """Runs it up to the moment and kills it."""
        starts, process = lines_in(self.folder / "events.jsonl"), self.spawn()
        if when == STARTING:
            time.sleep(3 * draws.random())
        else:
            wait_until(process, lambda: lines_in(self.folder / "events.jsonl") > starts or self.fresh(starts))
            wait_until(process, lambda: last_round(self.folder) >= target)
            if when == SAVING:
                wait_until(process, lambda: any((self.folder / "checkpoints").glob(".*.part")))
            time.sleep(draws.random() * (0.005 if when == SAVING else 0.1))
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            raise SystemExit(f"{self.folder} ended before it was killed; use more --rounds")
        print(f"{self.folder.name}: killed while {when} at round {last_round(self.folder)}", flush=True)

    def fresh(self, starts: int) -> bool:
        """Whether a new run has begun in place of one that was thrown away."""
        return 0 < lines_in(self.folder / "events.jsonl") < starts

    def inspect(self) -> bool:
        """Whether every checkpoint that has not been looked at before is identical."""
        new = [path for path in checkpoints(self.folder / "checkpoints") if path.name not in self.judged]
        self.judged |= {path.name for path in new}
        return all(self.judge(path) for path in new)


def main() -> None:
    parser = Options(__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    begun, kinds = time.monotonic(), list[str]()
    shares = {name: given.kills // 2 + (i < given.kills % 2) for i, name in enumerate(CASES)}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for i, (name, kills) in enumerate(shares.items()):
            draws = random.Random(given.seed + i)
            plan = [draws.choices((STARTING, TRAINING, SAVING), (1, 3, 1))[0] for _ in range(kills)]
            kinds += plan
            rows.append(chained(name, Path(folder) / name.replace(", ", "-"), plan, given.rounds, draws))
    identical = sum(value for row in rows for value in row.values)
    counts = ", ".join(f"{kinds.count(each)} while {each}" for each in (STARTING, TRAINING, SAVING))
    write_table(
        "kill",
        [*rows, Row("all", f"identical of {given.kills}", [identical], bar=f">= {given.kills}")],
        source=SOURCE,
        protocol=PROTOCOL.format(rounds=given.rounds, counts=counts),
        seconds=time.monotonic() - begun,
    )


def chained(name: str, folder: Path, plan: list[str], rounds: int, draws: random.Random) -> Row:
    """A chain of kills, each a 1 where all that it touches is identical."""
    start = [*CASES[name], "--rounds", str(rounds), *SHARED]
    whole = folder.with_name(f"{folder.name}-undisturbed")
    finished(launched([*start, "--out", str(whole)]))
    chain = Chain(folder, start, lambda path: same(path, whole / "checkpoints" / path.name))
    targets = sorted(draws.randrange(1, rounds - 20) for _ in plan)
    for when, target in zip(plan, targets, strict=True):
        chain.kill(when, target, draws)
        chain.sound.append(chain.inspect())
    finished(chain.spawn())
    after = [*chain.sound[1:], chain.inspect()]
    last = f"{rounds:06d}"
    end = same(folder / "checkpoints" / last, whole / "checkpoints" / last)
    values = [float(here and then and end) for here, then in zip(chain.sound, after, strict=True)]
    return Row(name, "identical, a value a kill", values, bar=">= 1", worst=True)


def same(path: Path, other: Path) -> bool:
    """Whether two checkpoints hold the same bits, the clock aside; a damaged one does not."""
    return fault_of(path) is None and digest(path) == digest(other)


def digest(path: Path) -> str:
    state = read_checkpoint(path)
    state["progress"].pop("seconds")
    return bits_of(state)


def launched(arguments: list[str]) -> "subprocess.Popen[bytes]":
    """The command in a process of its own."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([RIVALS, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(process: "subprocess.Popen[bytes]") -> None:
    """Waits for the end of a run. Ends the benchmark if it fails."""
    _, error = process.communicate()
    if process.returncode:
        raise SystemExit(error.decode())


def wait_until(process: "subprocess.Popen[bytes]", ready: Callable[[], bool]) -> None:
    """Looks until it is so, or the process has ended."""
    while process.poll() is None and not ready():
        time.sleep(PAUSE)


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def last_round(folder: Path) -> int:
    """The newest round that a run has logged."""
    path = folder / "metrics.jsonl"
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return int(lines[-2].split(b":")[1].split(b",")[0]) if len(lines) > 1 else 0


if __name__ == "__main__":
    main()
