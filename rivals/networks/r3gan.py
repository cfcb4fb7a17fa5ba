"""The R3GAN pair (Huang et al. 2025, 2501.05441, sec. 4, Config E): modern residual networks without normalisation.

A stage at each resolution resamples (bilinearly, with a 1x1 convolution where channels change) and then adds
residual blocks of ResNeXt's kind: an inverted bottleneck whose 3x3 convolution is grouped, biases only before
activations.
"""

import math
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rivals.networks.shape import doublings, halving, stated

Layer = TypeVar("Layer", nn.Linear, nn.Conv2d)


class R3GANGenerator(nn.Module):
    """Latent codes (n, latent) to pictures (n, *shape) in [-1, 1].

    `channels` are those at 4x4, 8x8, ... up to the full size; by default `width` at half the size, twice as
    many a step down. `blocks` residual blocks a resolution, `expansion` times wider inside, in groups of
    `group` channels. 32x32, width 64, latent 128: 106 MFLOPs a sample, three times DCGAN's. Differs from the
    paper: tanh at the end, so that pictures stay in range; far narrower by default, for a CPU.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels, or `channels` has the wrong
    length.
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, int, int],
        width: int = 64,
        blocks: int = 2,
        expansion: int = 2,
        group: int = 8,
        channels: tuple[int, ...] | None = None,
    ) -> None:
        super().__init__()
        widths = stated(channels or _widths(width, shape), doublings(shape) + 1)
        depth = blocks * len(widths)
        self.basis = nn.Parameter(torch.randn(widths[0], 4, 4))
        self.mix = _drawn(nn.Linear(latent, widths[0], bias=False))
        layers: list[nn.Module] = [Block(widths[0], expansion, group, depth) for _ in range(blocks)]
        for inputs, outputs in zip(widths, widths[1:], strict=False):
            layers.append(Up(inputs, outputs))
            layers += [Block(outputs, expansion, group, depth) for _ in range(blocks)]
        self.layers = nn.Sequential(*layers, _drawn(nn.Conv2d(widths[-1], shape[0], 1)))

    def forward(self, z: Tensor) -> Tensor:
        x = self.basis * self.mix(z)[:, :, None, None]  # learned 4x4 patterns, mixed by the code
        return torch.tanh(self.layers(x))


class R3GANDiscriminator(nn.Module):
    """Pictures (n, *shape) to logits (n,), of several `outputs` (n, outputs).

    The generator turned round, ending in a 4x4 depthwise convolution.

    `channels` are those at the full size, half of it, ... down to 4x4; by default the generator's turned
    round. 32x32, width 64: 106 MFLOPs a sample.

    Raises ValueError if the shape is no square picture of 8 to 256 pixels, or `channels` has the wrong
    length.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        width: int = 64,
        blocks: int = 2,
        expansion: int = 2,
        group: int = 8,
        channels: tuple[int, ...] | None = None,
        outputs: int = 1,
    ) -> None:
        super().__init__()
        widths = stated(channels or _widths(width, shape)[::-1], doublings(shape) + 1)
        depth = blocks * len(widths)
        layers: list[nn.Module] = [_drawn(nn.Conv2d(shape[0], widths[0], 1))]
        layers += [Block(widths[0], expansion, group, depth) for _ in range(blocks)]
        for before, after in zip(widths, widths[1:], strict=False):
            layers.append(Down(before, after))
            layers += [Block(after, expansion, group, depth) for _ in range(blocks)]
        last = widths[-1]
        self.layers = nn.Sequential(*layers, _drawn(nn.Conv2d(last, last, 4, groups=last, bias=False)))
        self.head = _drawn(nn.Linear(last, outputs))

    def features(self, x: Tensor) -> Tensor:
        """Its last layer but one, (n, channels)."""
        return self.layers(x).flatten(1)

    def logits(self, features: Tensor) -> Tensor:
        """From features to logits (n,)."""
        return self.head(features).squeeze(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(self.features(x))


class Block(nn.Module):
    """1x1 to a wider space, grouped 3x3, 1x1 back, added to the input; a biased leaky rectifier after the first two.

    Fix-up initialisation (Zhang et al. 2019, 1901.09321): the last convolution starts at zero, the others
    scaled by depth^(-1/4) for `depth` blocks in all, so that no normalisation is needed.

    Raises ValueError if `group` does not divide the inner channels.
    """

    def __init__(self, channels: int, expansion: int, group: int, depth: int) -> None:
        super().__init__()
        inner = channels * expansion
        if inner % group:
            raise ValueError(f"{inner} inner channels cannot be cut into groups of {group}; choose a width that can")
        scale = math.sqrt(2 / 1.04) * depth**-0.25
        self.expand = _drawn(nn.Conv2d(channels, inner, 1), scale)
        self.mix = _drawn(nn.Conv2d(inner, inner, 3, padding=1, groups=inner // group), scale)
        self.project = _drawn(nn.Conv2d(inner, channels, 1, bias=False), 0.0)

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(self.expand(x), 0.2, inplace=True)
        y = F.leaky_relu(self.mix(y), 0.2, inplace=True)
        return x + self.project(y)


class Up(nn.Module):
    """Doubles the size bilinearly; the 1x1 convolution commutes with that and is cheaper before it."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.change = _change(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(self.change(x), scale_factor=2, mode="bilinear", align_corners=False)


class Down(nn.Module):
    """Halves the size bilinearly, which is the mean of 2x2 pixels, then changes the channels."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.change = _change(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.change(F.avg_pool2d(x, 2))


def _change(inputs: int, outputs: int) -> nn.Module:
    return nn.Identity() if inputs == outputs else _drawn(nn.Conv2d(inputs, outputs, 1, bias=False))


def _drawn(layer: Layer, scale: float = 1.0) -> Layer:
    """Normal weights that multiply the variance of what passes by `scale` squared; zero biases."""
    nn.init.normal_(layer.weight, std=scale / layer.weight[0].numel() ** 0.5)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def _widths(width: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Channels at 4x4, 8x8, ... up to the full size."""
    return (*halving(width, shape, most=8), max(width // 2, 1))
