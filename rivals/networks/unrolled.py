"""The small pair of Unrolled GAN (Metz et al. 2017, 1611.02163, app. D), which lose modes: made to measure that."""

from typing import Literal

import torch
from torch import Tensor, nn

from rivals.networks.dcgan import NORMS
from rivals.networks.shape import doublings

Norm = Literal["batch", "layer", "none"]


class UnrolledGenerator(nn.Module):
    """Latent codes (n, latent) to pictures (n, *shape) in [-1, 1]: strided 3x3 convolutions, turned round, from 4x4.

    `width` channels at the full size, twice as many a step down: with width 8 at 32x32 the paper's 64-32-16-8, which
    has pictures of 28x28.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels.
    """

    def __init__(self, latent: int, shape: tuple[int, int, int], width: int = 8, norm: Norm = "batch") -> None:
        super().__init__()
        steps = doublings(shape)
        widths = [width * 2**k for k in reversed(range(steps + 1))]
        self.base = nn.Linear(latent, widths[0] * 16)
        layers: list[nn.Module] = [NORMS[norm](widths[0]), nn.ReLU()]
        for inputs, outputs in zip(widths, widths[1:], strict=False):
            layers += [nn.ConvTranspose2d(inputs, outputs, 3, 2, 1, output_padding=1), NORMS[norm](outputs), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, shape[0], 3, padding=1))
        initialise(self)

    def forward(self, z: Tensor) -> Tensor:
        return torch.tanh(self.layers(self.base(z).unflatten(1, (-1, 4, 4))))


class UnrolledDiscriminator(nn.Module):
    """Pictures (n, *shape) to logits (n,): strided 3x3 convolutions down to 4x4, then one number.

    `width` channels at half the size, twice as many a step down: 2 is the paper's "1/4" of the generator, 4 its "1/2".

    Raises ValueError if the shape is no square picture of 8 to 256 pixels.
    """

    def __init__(self, shape: tuple[int, int, int], width: int = 2, norm: Norm = "batch", outputs: int = 1) -> None:
        super().__init__()
        widths = [shape[0], *(width * 2**k for k in range(doublings(shape)))]
        layers: list[nn.Module] = []
        for before, after in zip(widths, widths[1:], strict=False):
            layers += [nn.Conv2d(before, after, 3, 2, 1), NORMS[norm](after), nn.LeakyReLU(0.3)]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(widths[-1] * 16, outputs))
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x).squeeze(1)


def initialise(network: nn.Module) -> None:
    """Convolutions that keep the variance (He et al. 2015, 1502.01852), so that they learn without a norm too."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            seen = 9 / (layer.stride[0] ** 2 if isinstance(layer, nn.ConvTranspose2d) else 1)
            nn.init.normal_(layer.weight, std=(2 / (layer.in_channels * seen)) ** 0.5)
