"""Convolutional densities of pictures: PixelCNN, and the gated one without a blind spot."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from rivals.networks.masked import Canvas, MaskedConv2d, above, before, colours_of
from rivals.networks.pixels import colours_of_logits


class PixelCNN(nn.Module):
    """Residual blocks of masked convolutions (1601.06759, sec. 3.3 and 3.5, table 1).

    (n, C, H, W) -> (n, C * levels, H, W): a 7x7 convolution under mask A, `blocks` blocks under mask B, two 1x1
    layers. `width` features run between them (the paper's 2h). Each block sees `kernel` // 2 pixels further (3 is the
    paper's kernel): what is further than all of them together is unknown to a pixel.
    Raises ValueError for fewer features than colours.
    """

    def __init__(self, channels: int, levels: int, width: int = 32, blocks: int = 7, kernel: int = 3) -> None:
        super().__init__()
        kinds = colours_of(width, channels)
        self.first = MaskedConv2d(before(range(channels), kinds, 3, 3, own=False))
        self.blocks = nn.ModuleList(Residual(width, channels, kernel) for _ in range(blocks))
        self.head = Head(kinds, channels, levels)

    def forward(self, x: Tensor, canvas: Canvas | None = None) -> Tensor:
        x = self.first(x, canvas)
        for block in self.blocks:
            x = block(x, canvas)
        return self.head(x)


class Residual(nn.Module):
    """2h -> h -> h -> 2h features, the middle one wide, added to what came in (1601.06759, fig. 5); `width` is 2h."""

    def __init__(self, width: int, channels: int, kernel: int = 3) -> None:
        super().__init__()
        narrow, wide = colours_of(width // 2, channels), colours_of(width, channels)
        self.down = pointwise(wide, narrow)
        self.middle = MaskedConv2d(before(narrow, narrow, kernel // 2, kernel // 2, own=True))
        self.up = pointwise(narrow, wide)

    def forward(self, x: Tensor, canvas: Canvas | None = None) -> Tensor:
        return x + self.up(self.middle(self.down(x.relu()).relu(), canvas).relu())


class GatedPixelCNN(nn.Module):
    """Two stacks, one for the rows above and one for the row itself, with gated units (1606.05328, sec. 2.1 and 2.2).

    (n, C, H, W) -> (n, C * levels, H, W). Raises ValueError for fewer features than colours.
    """

    def __init__(self, channels: int, levels: int, width: int = 32, blocks: int = 7, kernel: int = 3) -> None:
        super().__init__()
        kinds, reach = colours_of(width, channels), [3, *[kernel // 2] * blocks]
        self.vertical = nn.ModuleList(
            MaskedConv2d(above(width if k else channels, 2 * width, side, side, own=k > 0))
            for k, side in enumerate(reach)
        )
        self.links = nn.ModuleList(nn.Conv2d(2 * width, 2 * width, 1) for _ in range(blocks + 1))
        self.horizontal = nn.ModuleList(
            MaskedConv2d(before(kinds if k else range(channels), 2 * kinds, 0, side, own=k > 0))
            for k, side in enumerate(reach)
        )
        self.out = nn.ModuleList(pointwise(kinds, kinds) for _ in range(blocks + 1))
        self.head = Head(kinds, channels, levels)

    def forward(self, x: Tensor, canvas: Canvas | None = None) -> Tensor:
        links = canvas.of_row(self, lambda: self.from_above(x, canvas)) if canvas else self.from_above(x)
        for number, (link, horizontal, out) in enumerate(zip(links, self.horizontal, self.out, strict=True)):
            more = out(gated(horizontal(x, canvas) + (canvas.here(link) if canvas else link)))
            x = x + more if number else more
        return self.head(x)

    def from_above(self, x: Tensor, canvas: Canvas | None = None) -> list[Tensor]:
        """What the vertical stack hands to each layer of the horizontal one."""
        links: list[Tensor] = []
        for vertical, link in zip(self.vertical, self.links, strict=True):
            wide = vertical(x, canvas)
            links.append(link(wide))
            x = gated(wide)
        return links


class Head(nn.Module):
    """Features of the given colours to the logits of each colour's levels, in two 1x1 layers."""

    def __init__(self, kinds: Sequence[int], channels: int, levels: int) -> None:
        super().__init__()
        self.hidden = pointwise(kinds, kinds)
        self.logits = pointwise(kinds, colours_of_logits(channels, levels))

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(self.hidden(x.relu()).relu())


def pointwise(inputs: Sequence[int], outputs: Sequence[int]) -> MaskedConv2d:
    """A 1x1 convolution under mask B."""
    return MaskedConv2d(before(inputs, outputs, 0, 0, own=True))


def gated(x: Tensor) -> Tensor:
    """tanh of one half times the sigmoid of the other (1606.05328, eq. 2)."""
    a, b = x.chunk(2, 1)
    return torch.tanh(a) * torch.sigmoid(b)
