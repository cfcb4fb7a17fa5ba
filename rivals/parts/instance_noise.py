"""Noise on everything the discriminator sees, which dies away."""

import torch
from torch import Tensor, nn


class InstanceNoise(nn.Module):
    """Adds Gaussian noise to real and fake samples alike (Sønderby et al. 2017, 1610.04490).

    Its standard deviation falls linearly from `sigma` to 0 over `steps` of the discriminator, which tells it of each
    (`grow_older`). Without noise in evaluation.

    Raises ValueError if `sigma` is negative or `steps` below 1.
    """

    def __init__(self, sigma: float = 0.1, steps: int = 20_000) -> None:
        super().__init__()
        if sigma < 0 or steps < 1:
            raise ValueError(f"sigma must be 0 or more and steps at least 1, got {sigma} and {steps}")
        self.sigma, self.steps = sigma, steps
        self.age: Tensor
        self.register_buffer("age", torch.zeros((), dtype=torch.int64))

    def grow_older(self) -> None:
        """Counts a step."""
        self.age += 1

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        deviation = self.sigma * (1 - self.age / self.steps).clamp(min=0)
        return x + deviation.to(x.dtype) * torch.randn_like(x)
