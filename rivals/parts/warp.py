"""Changes of a picture that leave what it shows: turned, stretched, slanted, shifted."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Warp(nn.Module):
    """A random affine map of every picture, all in reach equally likely, for pairs that mean the same (1807.06653).

    (n, C, H, W) -> the same shape: turned by up to `turn` radians, each side scaled by up to exp(`stretch`) and its
    inverse, slanted by up to `slant` columns a row, shifted by up to `shift` of the size. The border goes on outside.
    """

    def __init__(self, turn: float = 0.4, stretch: float = 0.3, slant: float = 0.5, shift: float = 0.07) -> None:
        super().__init__()
        self.turn, self.stretch, self.slant, self.shift = turn, stretch, slant, shift

    def forward(self, x: Tensor) -> Tensor:
        turn, wide, high, slant, right, down = (torch.rand(6, len(x), device=x.device) * 2 - 1).unbind()
        turn, wide, high = self.turn * turn, (self.stretch * wide).exp(), (self.stretch * high).exp()
        slanted = torch.stack([wide, self.slant * slant, torch.zeros_like(wide), high], 1).view(-1, 2, 2)
        turned = torch.stack([turn.cos(), -turn.sin(), turn.sin(), turn.cos()], 1).view(-1, 2, 2)
        shift = 2 * self.shift * torch.stack([right, down], 1)  # the grid's coordinates are in [-1, 1]
        grid = F.affine_grid(torch.cat([turned @ slanted, shift[:, :, None]], 2), list(x.shape), align_corners=False)
        return F.grid_sample(x, grid.to(x.dtype), padding_mode="border", align_corners=False)
