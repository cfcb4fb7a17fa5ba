"""The density of pictures as a product over their pixels, each given those before it."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from rivals.networks.masked import Canvas, colours_of


class PixelDensity(nn.Module):
    """Pictures int64 (n, C, H, W) of `levels` levels to their log probabilities in nats (n,) (1601.06759, eq. 1 and 2).

    `trunk` maps pictures (n, C, H, W) in [-1, 1] to logits (n, C * levels, H, W), those of a pixel's colour a function
    of what comes before it; given a `Canvas` too, those of one pixel (n, C * levels, 1, 1).
    """

    def __init__(self, trunk: Callable[..., Tensor], levels: int) -> None:
        super().__init__()
        self.trunk, self.levels = trunk, levels

    def forward(self, x: Tensor) -> Tensor:
        return -cross_entropy(self.logits(x), x, reduction="none").flatten(1).sum(1)

    def logits(self, x: Tensor) -> Tensor:
        """(n, levels, C, H, W)"""
        return self.trunk(self.shade(x)).unflatten(1, (-1, self.levels)).transpose(1, 2)

    def shade(self, x: Tensor) -> Tensor:
        """Levels as the trunk sees them, in [-1, 1]."""
        return x.float() * (2 / (self.levels - 1)) - 1

    @torch.no_grad()
    def drawn(self, noise: Tensor, known: Tensor | None = None, rows: int = 0) -> Tensor:
        """Pictures int64 (n, C, H, W), in order, each level where its cumulative probability passes the noise.

        noise (n, C, H, W) is uniform in [0, 1): the same noise is the same draw from a changing network. The first
        `rows` rows are those of `known`.
        """
        x = torch.zeros_like(noise, dtype=torch.int64)
        if known is not None:
            x[:, :, :rows] = known[:, :, :rows]
        canvas = Canvas(self.shade(x))
        for row in range(x.shape[2]):
            for column in range(x.shape[3]):
                canvas.row, canvas.column = row, column
                for colour in range(x.shape[1]) if row >= rows else (-1,):
                    logits = self.trunk(canvas.picture, canvas).unflatten(1, (-1, self.levels))[..., 0, 0]
                    if row >= rows:
                        level = chosen(logits[:, colour], noise[:, colour, row, column])
                        x[:, colour, row, column] = level
                        canvas.picture[:, colour, row, column] = self.shade(level)
        return x


def chosen(logits: Tensor, noise: Tensor) -> Tensor:
    """The level (n,) of logits (n, levels) at which the cumulative probability passes the noise (n,)."""
    return (logits.softmax(1).cumsum(1)[:, :-1] <= noise[:, None]).sum(1)


def colours_of_logits(channels: int, levels: int) -> list[int]:
    """The colour of each of a trunk's outputs."""
    return colours_of(channels * levels, channels)
