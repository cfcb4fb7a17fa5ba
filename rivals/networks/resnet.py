"""The residual pair of WGAN-GP (Gulrajani et al. 2017, 1704.00028) and SNGAN (Miyato et al. 2018, 1802.05957)."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rivals.networks.conditional import Told
from rivals.networks.dcgan import Norm, NormMaker, norm_of
from rivals.networks.minibatch import MinibatchStd
from rivals.networks.shape import doublings, stated

Pool = Literal["mean", "sum"]


class ResNetGenerator(nn.Module):
    """Latent codes (n, latent) to pictures (n, *shape) in [-1, 1]; a block for each doubling from 4x4.

    `channels` are those at 4x4, 8x8, ... up to the full size; by default `width` up to 32x32 (WGAN-GP's CIFAR
    network at 128), then half as many a step. SNGAN's 128x128: `(1024, 1024, 512, 256, 128, 64)`. Norms that depend
    on a condition get it as the second input. 32x32, width 64, latent 128: 202 MFLOPs a sample.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels, or `channels` has the wrong
    length.
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, int, int],
        width: int = 128,
        norm: Norm | NormMaker = "batch",
        channels: tuple[int, ...] | None = None,
    ) -> None:
        super().__init__()
        widths = stated(channels or _widths(width, shape), doublings(shape) + 1)
        self.base = nn.Linear(latent, widths[0] * 16)
        self.blocks = nn.Sequential(*(UpBlock(a, b, norm) for a, b in zip(widths, widths[1:], strict=False)))
        self.head = Told(norm_of(norm, widths[-1]), nn.ReLU(), nn.Conv2d(widths[-1], shape[0], 3, padding=1))
        initialise(self)

    def forward(self, z: Tensor, *condition: Tensor) -> Tensor:
        x = self.base(z).unflatten(1, (-1, 4, 4))
        for block in self.blocks:
            x = block(x, *condition)
        return torch.tanh(self.head(x, *condition))


class ResNetDiscriminator(nn.Module):
    """Pictures (n, *shape) to logits (n,), of several `outputs` (n, outputs).

    A block for each halving down to 8x8, two more there, then a `pool` over the picture: the mean, as WGAN-GP has it,
    or the sum, as SNGAN has it, whose normalised weights could not make up for the mean's division.

    `channels` are those after each block that halves, the first at half the size; by default as the
    generator's. `norm` "layer" goes with a gradient penalty, "none" with spectral normalisation. 32x32,
    width 64: 136 MFLOPs a sample.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels, or `channels` has the wrong
    length.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        width: int = 128,
        norm: Norm = "none",
        pool: Pool = "mean",
        dropout: float = 0.0,
        minibatch_std: bool = False,
        channels: tuple[int, ...] | None = None,
        outputs: int = 1,
    ) -> None:
        super().__init__()
        halvings = max(doublings(shape) - 1, 1)
        widths = stated(channels or _widths(width, shape)[::-1][1 : halvings + 1], halvings)
        downs = [DownBlock(a, b, norm, dropout=dropout) for a, b in zip(widths, widths[1:], strict=False)]
        plain = [DownBlock(widths[-1], widths[-1], norm, halve=False, dropout=dropout) for _ in range(2)]
        last = [MinibatchStd(), nn.Conv2d(widths[-1] + 1, widths[-1], 3, padding=1)] if minibatch_std else []
        first = DownBlock(shape[0], widths[0], "none", sees_pictures=True, dropout=dropout)
        self.blocks = nn.Sequential(first, *downs, *plain, *last)
        self.head = nn.Linear(widths[-1], outputs)
        self.pool: Pool = pool
        initialise(self)

    def features(self, x: Tensor) -> Tensor:
        """The last block's output, pooled over the picture, (n, channels)."""
        seen = F.relu(self.blocks(x))
        return seen.sum((2, 3)) if self.pool == "sum" else seen.mean((2, 3))

    def logits(self, features: Tensor) -> Tensor:
        """From features to logits (n,)."""
        return self.head(features).squeeze(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(self.features(x))


class UpBlock(nn.Module):
    """Norm, ReLU, nearest-neighbour doubling, 3x3, norm, ReLU, 3x3, beside a doubled 1x1 shortcut."""

    def __init__(self, inputs: int, outputs: int, norm: Norm | NormMaker) -> None:
        super().__init__()
        self.norm1, self.norm2 = norm_of(norm, inputs), norm_of(norm, outputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, *condition: Tensor) -> Tensor:
        y = self.conv1(_doubled(F.relu(self.norm1(x, *condition))))
        y = self.conv2(F.relu(self.norm2(y, *condition)))
        # A 1x1 convolution before doubling is the same and four times cheaper.
        return y + _doubled(self.shortcut(x))


class DownBlock(nn.Module):
    """Norm, ReLU, 3x3, norm, ReLU, 3x3, averaged to half the size if asked, beside a 1x1 shortcut.

    The block that sees pictures starts with its convolution.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        norm: Norm,
        *,
        halve: bool = True,
        sees_pictures: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        before = [] if sees_pictures else [norm_of(norm, inputs), nn.ReLU()]
        middle = [nn.Conv2d(inputs, outputs, 3, padding=1), norm_of(norm, outputs), nn.ReLU()]
        after = [nn.Conv2d(outputs, outputs, 3, padding=1), *([nn.Dropout2d(dropout)] if dropout else [])]
        self.residual = nn.Sequential(*before, *middle, *after)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.pool = nn.AvgPool2d(2) if halve else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(self.residual(x)) + self.shortcut(self.pool(x))


def initialise(network: ResNetGenerator | ResNetDiscriminator) -> None:
    """He's weights inside the blocks, Glorot's on shortcuts, first and last layers, zero biases: WGAN-GP's scheme."""
    blocks = [part for part in network.blocks if isinstance(part, UpBlock | DownBlock)]
    inside = {layer for block in blocks for layer in block.modules()} - {block.shortcut for block in blocks}
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            gain = 2.0 if layer in inside else 1.0
            nn.init.normal_(layer.weight, std=(gain / layer.weight[0].numel()) ** 0.5)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def _widths(width: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Channels at 4x4, 8x8, ... up to the full size."""
    return tuple(max(width // max(2**k * 4 // 32, 1), 8) for k in range(doublings(shape) + 1))


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="nearest")
