"""Where a condition enters: generators that take (code, condition), discriminators that take (sample, condition).

Each is a body, one of the plain networks, and a reader that turns conditions into vectors (n, width). A body with
several outputs gives (n, outputs).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConditionalBatchNorm(nn.Module):
    """Batch norm whose scale and shift depend on a condition (de Vries et al. 2017, 1707.00683, eq. 5 and 6).

    (n, channels, H, W) and vectors (n, width) -> (n, channels, H, W). The vectors change a scale and a shift that all
    conditions share, by half at first.
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.change = nn.Parameter(0.5 * torch.randn(2 * channels, width) / width**0.5)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = F.linear(condition, self.change)[:, :, None, None].chunk(2, 1)
        return self.norm(x) * (1 + scale) + shift


class Told(nn.Sequential):
    """Layers one after another, of which those that depend on a condition get it."""

    def forward(self, input: Tensor, *condition: Tensor) -> Tensor:
        for layer in self:
            input = layer(input, *condition) if isinstance(layer, ConditionalBatchNorm) else layer(input)
        return input


class JoinedGenerator(nn.Module):
    """The condition stands beside the code (Mirza & Osindero 2014, 1411.1784): the body takes latent + width."""

    def __init__(self, body: nn.Module, reader: nn.Module) -> None:
        super().__init__()
        self.body, self.reader = body, reader

    def forward(self, z: Tensor, condition: Tensor) -> Tensor:
        return self.body(torch.cat([z, self.reader(condition)], 1))


class ModulatedGenerator(nn.Module):
    """The condition scales and shifts what every norm of the body gives (1802.05637, sec. 5; 1809.11096, sec. 3)."""

    def __init__(self, body: nn.Module, reader: nn.Module) -> None:
        super().__init__()
        self.body, self.reader = body, reader

    def forward(self, z: Tensor, condition: Tensor) -> Tensor:
        return self.body(z, self.reader(condition))


class JoinedDiscriminator(nn.Module):
    """The condition stands beside the sample (1411.1784), in pictures as channels of one number each.

    The body takes `width` more channels, or dimensions of a point.
    """

    def __init__(self, body: nn.Module, reader: nn.Module) -> None:
        super().__init__()
        self.body, self.reader = body, reader

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        vector = self.reader(condition)
        spread = vector.view(*vector.shape, *[1] * (x.dim() - 2)).expand(-1, -1, *x.shape[2:])
        return self.body(torch.cat([x, spread], 1))


class ProjectionDiscriminator(nn.Module):
    """logit(x, c) = psi(x) + <reader(c), phi(x)> (Miyato & Koyama 2018, 1802.05637, eq. 3 and fig. 1d).

    The body gives 1 + width numbers, psi first. Differs from the paper: phi ends in a linear layer of its own, and the
    product is divided by the root of the width, so that the two terms begin at one size (as in 2006.06676's code).
    """

    def __init__(self, body: nn.Module, reader: nn.Module) -> None:
        super().__init__()
        self.body, self.reader = body, reader

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        psi, phi = self.body(x).tensor_split([1], 1)
        return psi.squeeze(1) + matched(phi, self.reader(condition))


class TwoHeadedDiscriminator(nn.Module):
    """Whether a sample is real, and whether it is what was asked for: two logits (n,) each (1710.10916, fig. 3).

    The body gives 1 + width numbers; the first judges the sample alone, the others are held against the condition.
    """

    def __init__(self, body: nn.Module, reader: nn.Module) -> None:
        super().__init__()
        self.body, self.reader = body, reader

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        realism, phi = self.body(x).tensor_split([1], 1)
        return realism.squeeze(1), matched(phi, self.reader(condition))


class ClassifyingDiscriminator(nn.Module):
    """Whether a sample is real (n,), and what it shows (n, classes): AC-GAN's two (1610.09585, sec. 3).

    The body gives 1 + classes numbers.
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        realism, classes = self.body(x).tensor_split([1], 1)
        return realism.squeeze(1), classes


def matched(phi: Tensor, vector: Tensor) -> Tensor:
    """<phi, vector> / sqrt(width), row by row: (n, width) both -> (n,)."""
    return (phi * vector).sum(1) / phi.shape[1] ** 0.5
