"""Convolutions that see only what comes before a pixel: rows from the top, pixels from the left, colours in order."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear, pad


def colours_of(features: int, channels: int) -> list[int]:
    """The colour that each feature belongs to, as many of each as may be. It may know the colours before its own.

    Raises ValueError for fewer features than colours.
    """
    if features < channels:
        raise ValueError(f"--width {features} is too small for pictures of {channels} channels; use {channels} or more")
    return [feature * channels // features for feature in range(features)]


def before(inputs: Sequence[int], outputs: Sequence[int], up: int, side: int, *, own: bool) -> Tensor:
    """A mask (outputs, inputs, up + 1, 2 side + 1) of the rows above and the pixels to the left (1601.06759, sec. 3.4).

    At the pixel itself a feature sees those of colours before its own (mask A), and with `own` of its own too (mask B).
    """
    mask = torch.ones(len(outputs), len(inputs), up + 1, 2 * side + 1)
    here = torch.tensor(outputs)[:, None] - torch.tensor(inputs)
    mask[:, :, up, side] = (here >= 0 if own else here > 0).float()
    mask[:, :, up, side + 1 :] = 0
    return mask


def above(inputs: int, outputs: int, up: int, side: int, *, own: bool) -> Tensor:
    """A mask of the rows above (1606.05328, sec. 2.2), and with `own` of this one: of features that saw none of it."""
    mask = torch.ones(outputs, inputs, up + 1, 2 * side + 1)
    mask[:, :, up] = float(own)
    return mask


class MaskedConv2d(nn.Conv2d):
    """A convolution under a mask (outputs, inputs, up + 1, 2 side + 1) whose last row is that of the pixel itself.

    (n, inputs, H, W) -> (n, outputs, H, W). With a canvas it gives the features of the pixel, or row, where that is.
    Differs from the papers' square kernels: the rows below the pixel, which masks only hide, are left out.
    """

    def __init__(self, mask: Tensor) -> None:
        super().__init__(mask.shape[1], mask.shape[0], (mask.shape[2], mask.shape[3]))
        self.up, self.side = mask.shape[2] - 1, mask.shape[3] // 2
        self.mask: Tensor
        self.register_buffer("mask", mask, persistent=False)
        bound = mask.flatten(1).sum(1).mean().clamp_min(1).rsqrt().item()  # of what is seen, as torch has it of all
        nn.init.uniform_(self.weight, -bound, bound)

    def forward(self, input: Tensor, canvas: "Canvas | None" = None) -> Tensor:
        around, weight = canvas.around(self, input) if canvas else self.padded(input), self.weight * self.mask
        if around.shape[2:] == weight.shape[2:]:  # a single pixel: many times faster so than as a convolution
            return linear(around.flatten(1), weight.flatten(1), self.bias)[..., None, None]
        return conv2d(around, weight, self.bias)

    def padded(self, x: Tensor) -> Tensor:
        return pad(x, (self.side, self.side, self.up, 0)) if self.up or self.side else x


class Canvas:
    """Pictures that are drawn pixel by pixel, and what every layer has seen of them, so that a pixel costs one pixel.

    `picture` (n, C, H, W) is what a network is given, written from outside; `row` and `column` are where it is drawn.
    """

    def __init__(self, picture: Tensor) -> None:
        self.picture, self.row = picture, 0
        self.column: int | None = 0  # None for a whole row
        self.seen: dict[nn.Module, Tensor] = {}
        self.memory: dict[nn.Module, Any] = {}
        self._of_row: dict[nn.Module, tuple[int, Any]] = {}

    def around(self, layer: MaskedConv2d, x: Tensor) -> Tensor:
        """Keeps x, the input of a pixel, of a row, or of all, and gives what the layer's kernel sees from here."""
        height, width = self.picture.shape[2:]
        up, side = layer.up, layer.side
        if layer not in self.seen:
            self.seen[layer] = x.new_zeros(*x.shape[:2], height + up, width + 2 * side)
        seen, column = self.seen[layer], self.column
        down = up + self.row if x.shape[2] == 1 else up
        right = side + (column or 0) if x.shape[3] == 1 else side
        seen[:, :, down : down + x.shape[2], right : right + x.shape[3]] = x
        columns = slice(None) if column is None else slice(column, column + 2 * side + 1)
        return seen[:, :, self.row : self.row + up + 1, columns]

    def of_row(self, layer: nn.Module, make: Callable[[], Any]) -> Any:
        """What `make` gives of the whole row, made once a row."""
        if self._of_row.get(layer, (-1, None))[0] != self.row:
            column, self.column = self.column, None
            self._of_row[layer] = self.row, make()
            self.column = column
        return self._of_row[layer][1]

    def here(self, row: Tensor) -> Tensor:
        """The pixel's part (..., 1) of a row (..., W)."""
        assert self.column is not None
        return row[..., self.column : self.column + 1]
