"""Loading a folder of JPEGs for some epochs, beside a loader that decodes each picture each time it is wanted.

Run: rivals bench loading
"""

import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from options import Options, positive
from PIL import Image
from table import Row, write_table
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from rivals.data.load import load
from rivals.feed import Feed

SOURCE = "none: a bar of our own"
TAKES = "8 minutes of all cores"
BATCH, SIZE = 64, 64
PROTOCOL = (
    "{pictures} generated JPEG files of {side}x{side} in a folder, to batches of {batch} float pictures of "
    "{size}x{size} in [-1, 1], shuffled, {epochs} epochs, wall time from the folder's name to the last batch. Ours: an "
    "empty cache, so the first epoch decodes all. Beside it: a data set that opens, converts, resizes, crops and "
    "scales a picture with Pillow and NumPy each time it is asked for, as torchvision's ImageFolder with Resize, "
    "CenterCrop, ToTensor and Normalize does, behind PyTorch's DataLoader in this process and with a worker a core; "
    "the files have just been written, so that all find them in memory. {repeats} repeats, in each of which all three "
    "take turns; times as fast: the median of the repeats, beside the faster of the two, and its least and greatest."
)


class Decoding(Dataset[Tensor]):
    """A folder of pictures, decoded one by one as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.paths = sorted(folder.iterdir())

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> Tensor:
        with Image.open(self.paths[index]) as file:
            picture = file.convert("RGB")
        scale = SIZE / min(picture.size)
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
        left, top = (picture.width - SIZE) // 2, (picture.height - SIZE) // 2
        pixels = np.array(picture.crop((left, top, left + SIZE, top + SIZE)))
        return torch.from_numpy(pixels).permute(2, 0, 1).float().div(255).sub(0.5).div(0.5)


def main() -> None:
    given = arguments()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "pictures"
        draw(folder, given.pictures, given.side)
        ours, alone, workers = zip(*(times(home, folder, given.epochs, i) for i in range(given.repeats)), strict=True)
    protocol = PROTOCOL.format(batch=BATCH, size=SIZE, **vars(given))
    write_table(
        "loading", rows_of(ours, alone, workers), source=SOURCE, protocol=protocol, seconds=time.monotonic() - begun
    )


def arguments() -> Any:
    parser = Options(__doc__)
    parser.add_argument("--pictures", type=positive, default=10_000)
    parser.add_argument("--side", type=positive, default=256)
    parser.add_argument("--epochs", type=positive, default=3)
    parser.add_argument("--repeats", type=positive, default=5)
    return parser.parse_args()


def draw(folder: Path, count: int, side: int) -> None:
    """Coloured noise, smooth enough to be compressed like photographs."""
    folder.mkdir()
    draws = np.random.default_rng(0)
    for index in range(count):
        coarse = Image.fromarray(draws.integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8))
        coarse.resize((side, side), Image.Resampling.BICUBIC).save(folder / f"{index:06d}.jpg", quality=90)


def times(home: str, folder: Path, epochs: int, repeat: int) -> tuple[float, float, float]:
    """Seconds that ours and the other loader take, alone and with workers."""
    os.environ["RIVALS_CACHE"] = str(Path(home) / f"cache-{repeat}")
    begun = time.monotonic()
    feed = Feed(load(folder, size=SIZE, say=lambda text: None), BATCH, seed=repeat)
    used(next(feed) for _ in range(epochs * len(feed.source) // BATCH))
    ours = time.monotonic() - begun
    alone, workers = (decoded(folder, epochs, count) for count in (0, os.cpu_count() or 1))
    print(f"ours {ours:.1f} s, decoding each time {alone:.1f} s, with workers {workers:.1f} s", flush=True)
    return ours, alone, workers


def decoded(folder: Path, epochs: int, workers: int) -> float:
    """Seconds of the loader that decodes each time."""
    begun = time.monotonic()
    loader = DataLoader(Decoding(folder), BATCH, shuffle=True, num_workers=workers, drop_last=True)
    for _ in range(epochs):
        used(loader)
    return time.monotonic() - begun


def used(batches: Iterable[Tensor]) -> None:
    """Looks at every batch, as training would."""
    for batch in batches:
        assert batch.shape[1:] == (3, SIZE, SIZE)


def rows_of(ours: tuple[float, ...], alone: tuple[float, ...], workers: tuple[float, ...]) -> list[Row]:
    ratios = [min(slow) / fast for *slow, fast in zip(alone, workers, ours, strict=True)]
    return [
        Row("decoding each time, one process", "seconds", alone, control=True),
        Row("decoding each time, a worker a core", "seconds", workers, control=True),
        Row("ours", "seconds", ours),
        Row("ours", "times as fast as the faster", [median(ratios)], bar=">= 5.00", bounds=(min(ratios), max(ratios))),
    ]


if __name__ == "__main__":
    main()
