"""Where latent codes come from: callables `n -> (n, latent)` that draw from torch's global generator."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Prior = Callable[[int], Tensor]
"""n -> (n, latent)"""


@dataclass(frozen=True)
class Gaussian:
    """Standard normal codes."""

    latent: int
    device: str | torch.device = "cpu"

    def __call__(self, n: int) -> Tensor:
        return torch.randn(n, self.latent, device=self.device)


@dataclass(frozen=True)
class Uniform:
    """Codes uniform in [-1, 1), as in the first GANs."""

    latent: int
    device: str | torch.device = "cpu"

    def __call__(self, n: int) -> Tensor:
        return torch.rand(n, self.latent, device=self.device) * 2 - 1


def gaussian(latent: int, device: str | torch.device = "cpu") -> Gaussian:
    """The usual prior: standard normal codes of this many dimensions."""
    return Gaussian(latent, device)


def uniform(latent: int, device: str | torch.device = "cpu") -> Uniform:
    """Codes uniform in [-1, 1)."""
    return Uniform(latent, device)
