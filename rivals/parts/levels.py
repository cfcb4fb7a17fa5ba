"""Pixels as one of a few levels, and back."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Levels:
    """Rounds pixels of [-1, 1] to whole numbers below `count`, up or down at random so that their mean stays.

    With 2 levels that is dynamic binarisation: a pixel is white with its brightness as the probability, drawn anew each
    time (Salakhutdinov & Murray 2008, as 1509.00519 trains and scores). With 256 nothing of an 8-bit picture is lost,
    and of a picture that has the levels already nothing at all.
    """

    count: int = 2

    def __call__(self, pictures: Tensor) -> Tensor:
        """Pictures (n, C, H, W) in [-1, 1] to int64 (n, C, H, W)."""
        place = (pictures + 1).mul(127.5).round() * (self.count - 1) / 255
        down = place.floor()
        return (down + (torch.rand_like(place) < place - down)).long()  # their sum alone would round up now and then

    def pixels(self, levels: Tensor) -> Tensor:
        """Whole numbers below `count` to [-1, 1]."""
        return levels.float() * (2 / (self.count - 1)) - 1
