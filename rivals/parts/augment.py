"""Augmentation that the discriminator sees and gradients pass: little data, without leaking into the samples."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

POLICY = ("colour", "translation", "cutout")


class DiffAugment(nn.Module):
    """Random changes of every picture the discriminator sees (Zhao et al. 2020, 2006.10738).

    (n, C, H, W) -> the same shape; 1, 3 or 4 channels, of which the fourth (opacity) keeps its colour.
    `policy` names "colour" (brightness, saturation, contrast), "translation" (by up to 1/8 of the size, zeros
    outside) and "cutout" (a square of half the size becomes 0). `strength` in [0, 1] scales all three, 0
    changes nothing. Every change is linear in the picture, so any number of derivatives passes.

    Raises ValueError for another policy or strength.
    """

    def __init__(self, policy: tuple[str, ...] = POLICY, strength: float = 1.0) -> None:
        super().__init__()
        unknown = sorted(set(policy) - set(POLICY))
        if unknown or not 0 <= strength <= 1:
            raise ValueError(
                f"a policy is made of {', '.join(POLICY)} with a strength in [0, 1], "
                f"got {', '.join(unknown) or 'them'} with {strength}"
            )
        self.policy, self.strength = tuple(policy), strength

    def forward(self, x: Tensor) -> Tensor:
        if x.dim() == 2:
            return x + 0.1 * self.strength * torch.randn_like(x)
        if "colour" in self.policy:
            x = _coloured(x, self.strength)
        if "translation" in self.policy:
            x = _translated(x, round(x.shape[-1] * self.strength / 8))
        if "cutout" in self.policy:
            x = _cut(x, round(x.shape[-1] * self.strength / 2))
        return x


def _coloured(x: Tensor, strength: float) -> Tensor:
    """Brightness by ±1/2, saturation by a factor in [0, 2], contrast by one in [1/2, 3/2], at full strength."""
    brightness, saturation, contrast = (torch.rand(3, len(x), 1, 1, 1, device=x.device) * 2 - 1) * strength
    colour, opacity = (x[:, :3], x[:, 3:]) if x.shape[1] == 4 else (x, x[:, :0])
    colour = colour + brightness / 2
    if colour.shape[1] == 3:
        grey = colour.mean(1, keepdim=True)
        colour = grey + (colour - grey) * (1 + saturation)
    mean = colour.mean((1, 2, 3), keepdim=True)
    colour = mean + (colour - mean) * (1 + contrast / 2)
    return torch.cat([colour, opacity], 1)


def _translated(x: Tensor, most: int) -> Tensor:
    n, _, height, width = x.shape
    shift = torch.randint(-most, most + 1, (2, n, 1), device=x.device)
    rows = torch.arange(height, device=x.device) + shift[0] + most  # (n, H), within the padded picture
    columns = torch.arange(width, device=x.device) + shift[1] + most
    padded = F.pad(x, [most] * 4)
    sample = torch.arange(n, device=x.device)[:, None, None]
    # Indices around a slice put the channels last.
    return padded[sample, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _cut(x: Tensor, side: int) -> Tensor:
    n, _, height, width = x.shape
    odd = 1 - side % 2
    top = torch.randint(0, height + odd, (n, 1, 1), device=x.device) - side // 2
    left = torch.randint(0, width + odd, (n, 1, 1), device=x.device) - side // 2
    rows = torch.arange(height, device=x.device)[:, None]
    columns = torch.arange(width, device=x.device)
    inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
    return x * ~inside[:, None]
