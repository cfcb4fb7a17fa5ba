"""Stacked MNIST: three grey pictures drawn at random, one a channel, put together as they are asked for."""

import hashlib
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from rivals.data.pictures import Pictures, pixels_of
from rivals.feed import Field
from rivals.loop import seed_of

TRIPLETS = 128_000
"""As many as VEEGAN and PacGAN draw (1705.07761, 1712.04086)."""


class Stacked:
    """Triplets of grey pictures as colour pictures (n, 3, H, W) in [-1, 1]; which, is a function of the seed.

    Only the numbers of the pictures are held, 12 bytes a triplet. Raises ValueError for pictures that are not grey.
    """

    def __init__(self, grey: Pictures, *, count: int = TRIPLETS, seed: int = 0) -> None:
        channels = grey.spec["image"].shape[0]
        if channels != 1:
            raise ValueError(f"only grey pictures can be stacked, and these have {channels} channels")
        self.grey = grey
        draw = np.random.default_rng(seed_of(seed, 6))
        self.triplets = torch.from_numpy(draw.integers(0, len(grey), (count, 3), dtype=np.int32))
        drawn = hashlib.sha256(f"{grey.index_sha256} stacked".encode())
        drawn.update(self.triplets.numpy().tobytes())
        self.index_sha256 = drawn.hexdigest()

    @property
    def spec(self) -> Mapping[str, Field]:
        _, height, width = self.grey.spec["image"].shape
        return {"image": Field((3, height, width), -1.0, 1.0, "picture")}

    def __len__(self) -> int:
        return len(self.triplets)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        """The triplets at `index` (n,), float32 (n, 3, H, W) in [-1, 1]; `draw` (n,) flips all three alike."""
        rows = self.triplets[index.cpu()].long().flatten()
        grey = self.grey.batch(rows, draw.repeat_interleave(3))["image"]
        return {"image": grey.view(len(index), 3, *grey.shape[2:])}

    def restore(self, samples: Tensor) -> np.ndarray:
        """Pictures (n, 3, H, W) in [-1, 1] as uint8 (n, H, W, 3)."""
        return pixels_of(samples)

    def describe(self) -> str:
        return f"{len(self)} triplets, one a channel, of {self.grey.describe()}"
