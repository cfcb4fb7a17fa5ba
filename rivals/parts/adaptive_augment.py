"""Augmentation whose strength follows how much the discriminator overfits."""

import math

import torch
from torch import Tensor, nn

from rivals.play import average_over_ranks


class AdaptiveAugment(nn.Module):
    """Adaptive discriminator augmentation (Karras et al. 2020, 2006.06676, sec. 3 and app. B).

    (n, C, H, W) -> the same shape. Each of these changes each picture with probability `strength`, a buffer
    in [0, 1]: mirroring, turns by 90 degrees, shifts by up to 1/8, isotropic scale, rotation (twice, before
    and after), stretch; brightness, contrast, inverted luma, hue and saturation (the last three for colour; a
    fourth channel, opacity, stays). All are linear in the picture, so any number of derivatives passes;
    strength 0 returns the picture bit by bit. Points (n, d) get normal noise of 1/10 with that probability.

    `target` is the mean sign of D(real) that `adapt` steers to, `samples` how many real samples take the
    strength from 0 to 1. Differs from the paper: bilinear sampling of the mirrored picture without its
    low-pass filter, no shifts by a normal number of pixels, and contrast before brightness.
    """

    def __init__(self, target: float = 0.6, samples: int = 500_000, strength: float = 0.0) -> None:
        super().__init__()
        self.target, self.samples = target, samples
        self.strength: Tensor
        self.register_buffer("strength", torch.tensor(float(strength)))

    @torch.no_grad()
    def adapt(self, sign: Tensor, samples: int) -> None:
        """Moves the strength for `samples` real samples of all processes.

        Up if `sign`, a batch's `AdversarialLoss.sureness`, exceeds the target, otherwise down.
        """
        up = torch.sign(average_over_ranks(sign) - self.target)
        self.strength.add_(up * (samples / self.samples)).clamp_(0, 1)

    def forward(self, x: Tensor) -> Tensor:
        if x.dim() == 2:
            return x + 0.1 * torch.randn_like(x) * _chosen(self.strength, x)[:, None]
        with torch.autocast(x.device.type, enabled=False):  # coordinates need all their digits
            return _recoloured(_resampled(x, _geometry(x, self.strength)), self.strength)


def _chosen(strength: Tensor, x: Tensor) -> Tensor:
    """1 for the samples that a change applies to, 0 for the others. (n,)"""
    return (torch.rand(len(x), device=x.device) < strength).float()


def _normal(strength: Tensor, x: Tensor, deviation: float) -> Tensor:
    """A normal number for the samples that a change applies to, 0 for the others. (n,)"""
    return deviation * torch.randn(len(x), device=x.device) * _chosen(strength, x)


def _geometry(x: Tensor, strength: Tensor) -> Tensor:
    """Where each pixel comes from: a matrix (n, 2, 3) on (column, row) counted from the middle of the picture."""
    n, size, device = len(x), x.shape[-1], x.device
    mirror = 1 - 2 * torch.randint(0, 2, (n,), device=device) * _chosen(strength, x)
    quarter = (torch.randint(0, 4, (n,), device=device) * _chosen(strength, x)).long()
    quarters = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], device=device)[quarter]
    scale, stretch = _normal(strength, x, 0.2).exp2(), _normal(strength, x, 0.2).exp2()
    either = 1 - (1 - strength).sqrt()  # two rotations, at least one of them with probability `strength`
    before, after = (math.pi * (torch.rand(n, device=device) * 2 - 1) * _chosen(either, x) for _ in range(2))
    matrix = _diagonal(mirror, torch.ones_like(mirror)) @ _rotation(quarters[:, 0], quarters[:, 1])
    matrix = matrix @ _diagonal(scale, scale) @ _rotation(before.cos(), before.sin())
    matrix = matrix @ _diagonal(stretch, 1 / stretch) @ _rotation(after.cos(), after.sin())
    shift = torch.randint(-(size // 8), size // 8 + 1, (n, 2), device=device) * _chosen(strength, x)[:, None]
    return torch.cat([matrix, shift[:, :, None]], 2)


def _resampled(x: Tensor, geometry: Tensor) -> Tensor:
    """Reads each pixel between four others, by gathers: exact where nothing moves, derivable any number of times."""
    n, channels, height, width = x.shape
    row, column = (torch.arange(size, device=x.device) - (size - 1) / 2 for size in (height, width))
    grid = torch.stack([column.expand(height, width), row[:, None].expand(height, width)]).flatten(1)
    # grid (2, HW) of places in the result, source (n, 2, HW) of where they come from
    source = geometry[:, :, :2] @ grid + geometry[:, :, 2:]
    column, row = source[:, 0] + (width - 1) / 2, source[:, 1] + (height - 1) / 2
    left, top = column.floor(), row.floor()
    pixels = x.flatten(2)

    def read(down: int, right: int) -> Tensor:
        share = (1 - (row - top - down).abs()) * (1 - (column - left - right).abs())  # (n, HW)
        index = _mirrored(top + down, height) * width + _mirrored(left + right, width)
        return pixels.gather(2, index[:, None].expand(n, channels, -1)) * share[:, None].to(x.dtype)

    return (read(0, 0) + read(0, 1) + read(1, 0) + read(1, 1)).view_as(x)


def _mirrored(place: Tensor, size: int) -> Tensor:
    """Whole places outside [0, size) reflected into it."""
    place = place.long().remainder(2 * size)
    return torch.minimum(place, 2 * size - 1 - place)


def _recoloured(x: Tensor, strength: Tensor) -> Tensor:
    brightness = _normal(strength, x, 0.2)[:, None, None, None].to(x.dtype)
    contrast = _normal(strength, x, 0.5).exp2()[:, None, None, None].to(x.dtype)
    if x.shape[1] not in (3, 4):
        return x * contrast + brightness
    colour, opacity = x[:, :3], x[:, 3:]
    turned = (_colour_matrix(x, strength).to(x.dtype) @ colour.flatten(2)).view_as(colour)
    return torch.cat([turned * contrast + brightness, opacity], 1)


def _colour_matrix(x: Tensor, strength: Tensor) -> Tensor:
    """Inverted luma, turned hue, changed saturation: (n, 3, 3) around the axis of greys."""
    n, device = len(x), x.device
    flip = torch.randint(0, 2, (n,), device=device) * _chosen(strength, x)
    hue = math.pi * (torch.rand(n, device=device) * 2 - 1) * _chosen(strength, x)
    saturation = _normal(strength, x, 1.0).exp2()
    one, grey = torch.eye(3, device=device), torch.full((3, 3), 1 / 3, device=device)
    cross = torch.tensor([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]], device=device) / 3**0.5
    flip, sine, cosine, excess = (number[:, None, None] for number in (flip, hue.sin(), hue.cos() - 1, saturation - 1))
    rotation = one + sine * cross + cosine * (one - grey)  # Rodrigues
    return (one + excess * (one - grey)) @ rotation @ (one - 2 * flip * grey)


def _diagonal(first: Tensor, second: Tensor) -> Tensor:
    return torch.diag_embed(torch.stack([first, second], 1))


def _rotation(cosine: Tensor, sine: Tensor) -> Tensor:
    return torch.stack([torch.stack([cosine, -sine], 1), torch.stack([sine, cosine], 1)], 1)
