"""Memory of `rivals train` on many pictures against few: the peak of what is its own, without the page cache.

Run: rivals bench memory
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from options import Options
from PIL import Image
from table import Row, write_table

SOURCE = "none: a bar of our own"
TAKES = "4 minutes of a core"
OPTIONS = ["--augment", "none", "--batch", "32", "--width", "8", "--discriminator-width", "8"]
OPTIONS += ["--device", "cpu", "--threads", "1", "--seed", "0"]
POLL = 0.01  # seconds
PROTOCOL = (
    "`rivals train r3gan` ({rounds} rounds, narrow networks, no augmentation on either) on {few} and on {many} "
    "generated JPEG files of 64x64 in a folder. Peak of RssAnon in /proc/PID/status, looked at every 10 ms: the "
    "process's own memory, without files mapped from the page cache. Cached: the pictures had been decoded by "
    "an earlier run; first time: they are surveyed and decoded in the same run. A value a repeat."
)


def main() -> None:
    parser = Options(__doc__)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        first, cached = zip(
            *(peaks_on(Path(folder), count, given.rounds, given.repeats) for count in (given.few, given.many)),
            strict=True,
        )
    rows = [
        *rows_of("cached", cached, given.few, given.many),
        *rows_of("first time", first, given.few, given.many),
    ]
    protocol = PROTOCOL.format(rounds=given.rounds, few=given.few, many=given.many)
    seconds = time.monotonic() - begun
    write_table("memory", rows, source=SOURCE, protocol=protocol, seconds=seconds)


def rows_of(name: str, peaks: tuple[list[float], ...], few: int, many: int) -> list[Row]:
    """The peaks on few and on many pictures, and their ratio."""
    ratios = [large / small for small, large in zip(*peaks, strict=True)]
    return [
        Row(f"{few} pictures, {name}", "peak MiB", peaks[0]),
        Row(f"{many} pictures, {name}", "peak MiB", peaks[1]),
        Row(f"{many} / {few}, {name}", "ratio", ratios, bar="<= 1.10"),
    ]


def peaks_on(folder: Path, count: int, rounds: int, repeats: int) -> tuple[list[float], list[float]]:
    """Peaks in MiB of runs on `count` pictures: that which decodes them, and those which find them decoded."""
    pictures = folder / f"pictures{count}"
    draw_pictures(pictures, count)
    cache = folder / f"cache{count}"
    peaks = [peak_of(pictures, folder / f"run{count}-{i}", cache, rounds) for i in range(repeats + 1)]
    print(f"{count} pictures: {', '.join(f'{peak:.1f}' for peak in peaks)} MiB")
    return peaks[:1], peaks[1:]


def draw_pictures(folder: Path, count: int) -> None:
    """Coloured noise, smooth enough to be compressed like photographs."""
    folder.mkdir()
    draws = np.random.default_rng(0)
    for index in range(count):
        coarse = Image.fromarray(draws.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        coarse.resize((64, 64), Image.Resampling.BILINEAR).save(folder / f"{index:06d}.jpg", quality=85)


def peak_of(pictures: Path, out: Path, cache: Path, rounds: int) -> float:
    """The largest RssAnon in MiB of one training run."""
    command = [Path(sys.executable).with_name("rivals"), "train", "r3gan", "--data", pictures, "--out", out]
    environment = os.environ | {"RIVALS_CACHE": str(cache), "OMP_NUM_THREADS": "1"}
    with open(out.with_suffix(".log"), "w+") as log:
        process = subprocess.Popen(
            [*command, "--rounds", str(rounds), *OPTIONS], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, anonymous(process.pid))
            time.sleep(POLL)
        if process.returncode:
            log.seek(0)
            raise SystemExit(f"training on {pictures} failed: {log.read()}")
    return peak / 1024


def anonymous(pid: int) -> int:
    """RssAnon of a process in KiB; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")), 0)


if __name__ == "__main__":
    main()
