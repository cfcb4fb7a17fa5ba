"""Deep convolutional GAN (Radford et al. 2016, 1511.06434) for square pictures of 8 to 256 pixels a side."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import torch
from torch import Tensor, nn

from rivals.networks.conditional import Told
from rivals.networks.minibatch import MinibatchStd
from rivals.networks.shape import doublings, halving, stated

Norm = Literal["batch", "layer", "none"]
NormMaker = Callable[[int], nn.Module]
"""Channels -> the layer that normalises them."""
NORMS: dict[Norm, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "layer": partial(nn.GroupNorm, 1),
    "none": nn.Identity,
}


class DCGANGenerator(nn.Module):
    """Latent codes (n, latent) to pictures (n, *shape) in [-1, 1]; transposed convolutions from 4x4, doubling.

    `channels` are those at 4x4, 8x8, ... up to half the size; by default `width` at the last, twice as many a
    step down. `slope` is that of the leaky rectifier, 0 in the paper. Norms that depend on a condition get it as
    the second input. 32x32, width 64, latent 128: 36.2 MFLOPs a sample.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels, or `channels` has the wrong
    length.
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, int, int],
        width: int = 64,
        norm: Norm | NormMaker = "batch",
        slope: float = 0.0,
        channels: tuple[int, ...] | None = None,
    ) -> None:
        super().__init__()
        widths = stated(channels or halving(width, shape), doublings(shape))
        layers: list[nn.Module] = []
        for step, (inputs, outputs) in enumerate(zip((latent, *widths), widths, strict=False)):
            stride, padding = (2, 1) if step else (1, 0)
            up = nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=norm == "none")
            layers += [up, *_normalised(norm, outputs), nn.LeakyReLU(slope)]
        self.layers = Told(*layers, nn.ConvTranspose2d(widths[-1], shape[0], 4, 2, 1))
        initialise(self, plain=norm == "none")

    def forward(self, z: Tensor, *condition: Tensor) -> Tensor:
        return torch.tanh(self.layers(z[:, :, None, None], *condition))


class DCGANDiscriminator(nn.Module):
    """Pictures (n, *shape) to logits (n,), of several `outputs` (n, outputs); strided convolutions, halving, to 4x4.

    `channels` are those at half the size, a quarter, ... down to 4x4; by default `width` at the first,
    doubling. A weaker or steadier judge: `dropout` after each activation, `minibatch_std`; norm "none" goes with
    spectral normalisation. 32x32, width 64: 35.1 MFLOPs a sample.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels, or `channels` has the wrong
    length.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        width: int = 64,
        norm: Norm = "batch",
        dropout: float = 0.0,
        minibatch_std: bool = False,
        channels: tuple[int, ...] | None = None,
        outputs: int = 1,
    ) -> None:
        super().__init__()
        layers, last = down(shape, width, norm, dropout, channels)
        layers += [MinibatchStd()] if minibatch_std else []
        self.layers = nn.Sequential(*layers, nn.Conv2d(last + minibatch_std, outputs, 4))
        initialise(self, plain=norm == "none")

    def features(self, x: Tensor) -> Tensor:
        """What is left at 4x4, (n, 16 channels)."""
        return self.layers[:-1](x).flatten(1)

    def logits(self, features: Tensor) -> Tensor:
        """From features to logits (n,)."""
        return self.layers[-1](features.unflatten(1, (-1, 4, 4))).flatten(1).squeeze(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x).flatten(1).squeeze(1)


def down(
    shape: tuple[int, ...],
    width: int,
    norm: Norm = "batch",
    dropout: float = 0.0,
    channels: tuple[int, ...] | None = None,
) -> tuple[list[nn.Module], int]:
    """Strided convolutions from a picture to 4x4, and the channels there; `channels` as the discriminator has them."""
    widths = stated(channels or halving(width, shape)[::-1], doublings(shape))
    layers: list[nn.Module] = []
    for step, (inputs, outputs) in enumerate(zip((shape[0], *widths), widths, strict=False)):
        kind = norm if step else "none"  # the paper leaves the first layer without
        layers += [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=kind == "none"), *_normalised(kind, outputs)]
        layers += [nn.LeakyReLU(0.2), *([nn.Dropout2d(dropout)] if dropout else [])]
    return layers, widths[-1]


def course_pair(latent: int = 128) -> tuple[DCGANGenerator, DCGANDiscriminator]:
    """The 128x128 colour pair taught in courses: 512-256-128-64-32-3 and 64-128-256-512-1024-1, LeakyReLU 0.2."""
    shape = (3, 128, 128)
    generator = DCGANGenerator(latent, shape, slope=0.2, channels=(512, 256, 128, 64, 32))
    return generator, DCGANDiscriminator(shape, channels=(64, 128, 256, 512, 1024))


def initialise(network: nn.Module, plain: bool) -> None:
    """Weights from N(0, 0.02), scales from N(1, 0.02), as in the paper, sec. 4.

    Differs from the paper: a `plain` network, which no normalisation rescales, gets He's variance-keeping
    weights.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, std=_he(layer) if plain else 0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)


def _he(layer: nn.Conv2d | nn.ConvTranspose2d) -> float:
    """The deviation that keeps the variance; an output of a strided transposed layer sees a part of the kernel."""
    seen = layer.kernel_size[0] ** 2
    if isinstance(layer, nn.ConvTranspose2d):
        seen = 4 if layer.stride[0] == 2 else 1
    last = layer.out_channels <= 4
    return ((1 if last else 2) / (layer.in_channels * seen)) ** 0.5


def norm_of(norm: Norm | NormMaker, channels: int) -> nn.Module:
    """The layer of a norm's name, or as its maker makes it."""
    return (NORMS[norm] if isinstance(norm, str) else norm)(channels)


def _normalised(norm: Norm | NormMaker, channels: int) -> list[nn.Module]:
    return [] if norm == "none" else [norm_of(norm, channels)]
