"""The judges of the picture benchmarks: trained on the training split, held to an accuracy on the test split.

Run: RIVALS_DATA=... python benchmarks/classifier.py --data mnist
"""

import argparse
import os
import time
from typing import Any

import numpy as np
import torch

from rivals.data.load import load
from rivals.metrics.judge import Judge, judge_of
from rivals.metrics.schooling import SIDE
from rivals.run.environment import wants_bf16

EPOCHS = {"mnist": 3, "fashion": 8}
FLIPPED = ("fashion",)
NEEDED = {"mnist": 0.99, "fashion": 0.92}
"""Share of the test split that it must get right to be a judge."""
SMALLER = 0.02
"""How much less will do where the pictures are smaller than its own."""


def judge(data: str, seed: int = 0, size: int = SIDE, **others: Any) -> Judge:
    """The judge of a set at some size, from the cache or trained now. Raises SystemExit where it is not good enough."""
    source, test = (pictures(data, split, size) for split in ("train", "test"))
    options: dict[str, Any] = {"epochs": EPOCHS[data], "flip": data in FLIPPED, "bf16": wants_bf16("auto", "cpu")}
    found = judge_of(source, test, seed=seed, **options | others)
    needed = NEEDED[data] - (size < SIDE) * SMALLER
    if found.accuracy < needed:
        raise SystemExit(f"the judge of {data} gets {found.accuracy:.2%} of the test split, and {needed:.0%} is needed")
    return found


def pictures(data: str, split: str, size: int = SIDE) -> Any:
    """A split as a source of pictures."""
    return load(data, size=size, split=split, say=lambda text: None)


def real_pictures(data: str, split: str = "test", size: int = SIDE) -> tuple[np.ndarray, np.ndarray]:
    """The pictures of a split uint8 (n, size, size, C), and their classes (n,)."""
    source = pictures(data, split, size)
    return np.asarray(source.images).transpose(0, 2, 3, 1), source.labels.numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", choices=list(EPOCHS), default="mnist")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    begun = time.process_time()
    found = judge(given.data, given.seed)
    print(
        f"{given.data}: accuracy {found.accuracy:.2%}, sha256 {found.sha256}, {time.process_time() - begun:.0f} core s"
    )


if __name__ == "__main__":
    main()
