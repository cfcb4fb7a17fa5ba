"""Pictures of which a model is shown the upper half, and what it makes of the lower one."""

from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.report.grid import picture_grid

DRAWS = 6
Complete = Callable[[Tensor, int], Tensor]
"""Pictures (n, C, H, W) and a number of rows -> the same rows from the top, what is below them drawn anew."""


def completions(complete: Complete, pictures: Tensor, draws: int = DRAWS) -> Tensor:
    """Of each of `pictures` (n, C, H, W): as the model takes it, its upper half, and `draws` ways on from there.

    Returns (n, 2 + draws, C, H, W).
    """
    height = pictures.shape[2]
    taken = complete(pictures, height)
    half = taken.clone()
    half[:, :, height // 2 :] = 0
    drawn = complete(taken.repeat_interleave(draws, 0), height // 2).unflatten(0, (-1, draws))
    return torch.cat([taken[:, None], half[:, None], drawn], 1)


def completion_sheet(
    complete: Complete, pictures: Tensor, restore: Callable[[Tensor], np.ndarray], about: str
) -> Image.Image:
    """The sheet `completions` of `rivals explore`: a row for each of `pictures` (n, C, H, W) in the network's range.

    `about` says whose pictures they are.
    """
    together = completions(complete, pictures)
    return picture_grid(
        restore(together.flatten(0, 1)),
        columns=together.shape[1],
        column_labels=["original", "upper half", *(f"drawn {number + 1}" for number in range(DRAWS))],
        title=f"{about}, completed from their upper half",
        gap=8,
    )
