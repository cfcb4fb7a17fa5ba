"""Discriminators that are auto-encoders, for EBGAN (1609.03126) and BEGAN (1703.10717)."""

import math
from itertools import pairwise

from torch import Tensor, nn

from rivals.networks.mlp import mlp
from rivals.networks.shape import doublings


class PictureEncoder(nn.Module):
    """Pictures (n, *shape) to codes (n, code): strided convolutions down to 4x4, `width` more channels a step.

    With a code of one it is a discriminator; `flat` then gives its logits as (n,).

    Raises ValueError if the shape is no square picture of 8 to 256 pixels.
    """

    def __init__(self, shape: tuple[int, int, int], width: int = 64, code: int = 64, *, flat: bool = False) -> None:
        super().__init__()
        widths = [width * k for k in range(1, doublings(shape) + 1)]
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise([shape[0], *widths]):
            layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.ELU()]
        layers += [nn.Flatten(), nn.Linear(widths[-1] * 16, code)]
        self.layers = nn.Sequential(*layers, *([nn.Flatten(0)] if flat else []))
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class PictureDecoder(nn.Module):
    """Codes (n, code) to pictures (n, *shape) in [-1, 1]: nearest-neighbour doublings from 4x4, `width` channels.

    BEGAN's generator has this shape as well. Unless `bounded` they are any numbers, such as logits.
    Raises ValueError if the shape is no square picture of 8 to 256 pixels.
    """

    def __init__(self, shape: tuple[int, int, int], width: int = 64, code: int = 64, *, bounded: bool = True) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Linear(code, width * 16), nn.Unflatten(1, (width, 4, 4))]
        for _ in range(doublings(shape)):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.ELU(), nn.Upsample(scale_factor=2)]
        self.layers = nn.Sequential(
            *layers, nn.Conv2d(width, shape[0], 3, padding=1), *([nn.Tanh()] if bounded else [])
        )
        initialise(self)

    def forward(self, code: Tensor) -> Tensor:
        return self.layers(code)


class PictureAutoencoder(nn.Module):
    """Pictures (n, *shape) to their reconstruction, through a linear code (BEGAN, sec. 3.5 and fig. 1).

    In [-1, 1], or `bounded` by nothing, as in the paper. 32x32, width 64, code 64: 46.2 MFLOPs a sample. Differs
    from the paper: strided convolutions halve, one convolution a size instead of two.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels.
    """

    def __init__(self, shape: tuple[int, int, int], width: int = 64, code: int = 64, *, bounded: bool = True) -> None:
        super().__init__()
        self.encode = PictureEncoder(shape, width, code)
        self.decode = PictureDecoder(shape, width, code, bounded=bounded)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


class PointAutoencoder(nn.Module):
    """Points (n, d), or small pictures seen as points, to their reconstruction through a code narrower than them.

    One hidden layer on either side.
    """

    def __init__(self, shape: tuple[int, ...], width: int = 128, code: int = 1, depth: int = 1) -> None:
        super().__init__()
        self.shape, size = tuple(shape), math.prod(shape)
        self.encoder = mlp([size, *[width] * depth, code], "elu")
        self.decoder = mlp([code, *[width] * depth, size], "elu")

    def encode(self, x: Tensor) -> Tensor:
        """The code (n, code) of points."""
        return self.encoder(x.flatten(1))

    def decode(self, code: Tensor) -> Tensor:
        """Points from codes."""
        return self.decoder(code).unflatten(1, self.shape)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


def initialise(network: nn.Module) -> None:
    """Weights that keep the variance through ELUs, zero biases."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            gain = 1.5 if isinstance(layer, nn.Conv2d) and layer.out_channels > 4 else 1.0
            nn.init.normal_(layer.weight, std=(gain / layer.weight[0].numel()) ** 0.5)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
