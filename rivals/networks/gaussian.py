"""A Gaussian on the line whose place and width are learned."""

import math

import torch
from torch import Tensor, nn


class Gaussian(nn.Module):
    """Numbers (n,) to their log densities (n,) under N(mean, sd^2)."""

    def __init__(self, mean: float = 0.0, sd: float = 1.0) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.tensor(mean, dtype=torch.float64))
        self.log_sd = nn.Parameter(torch.tensor(math.log(sd), dtype=torch.float64))

    @property
    def sd(self) -> Tensor:
        return self.log_sd.exp()

    def forward(self, x: Tensor) -> Tensor:
        return -0.5 * (((x - self.mean) / self.sd).square() + math.log(2 * math.pi)) - self.log_sd
