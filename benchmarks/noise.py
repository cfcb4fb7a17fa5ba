"""Random pictures as a source of batches, made once: where they are used, what is measured is the step."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from rivals.feed import Field, sent


class Noise:
    """`count` pictures (C, H, W) in [-1, 1], held on the device."""

    index_sha256 = ""

    def __init__(self, shape: tuple[int, ...], count: int = 256, device: str = "cpu") -> None:
        self.pictures = (torch.rand(count, *shape) * 2 - 1).to(device)

    @property
    def spec(self) -> Mapping[str, Field]:
        return {"image": Field(tuple(self.pictures.shape[1:]), -1.0, 1.0, "picture")}

    def describe(self) -> str:
        return f"{len(self)} random pictures"

    def restore(self, samples: Tensor) -> np.ndarray:
        return samples.cpu().numpy()

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"image": self.pictures[sent(index, self.pictures.device)]}
