"""Where the codes of an encoder lie, remembered over its recent past."""

import torch
from torch import Tensor, nn

from rivals.play import average_over_ranks


class CodeMoments(nn.Module):
    """The mean and the covariance of codes (n, latent), averaged over about `memory` batches, all of them at first.

    A prior too: `moments(n)` draws codes (n, latent) from the normal with these moments; standard before any batch.
    """

    def __init__(self, latent: int, memory: int = 100) -> None:
        super().__init__()
        self.memory = memory
        self.mean: Tensor
        self.square: Tensor
        self.batches: Tensor
        self.register_buffer("mean", torch.zeros(latent))
        self.register_buffer("square", torch.eye(latent))
        self.register_buffer("batches", torch.zeros(()))

    @torch.no_grad()
    def update(self, code: Tensor) -> None:
        """Takes a batch of codes (n, latent) in."""
        self.batches += 1
        weight = 1 / self.batches.clamp(max=self.memory)
        self.mean.lerp_(average_over_ranks(code.mean(0)), weight)
        self.square.lerp_(average_over_ranks(code.T @ code / len(code)), weight)

    @property
    def covariance(self) -> Tensor:
        return self.square - torch.outer(self.mean, self.mean)

    def forward(self, n: int) -> Tensor:
        values, directions = torch.linalg.eigh(self.covariance)
        scaled = directions * values.clamp(min=0).sqrt()
        return self.mean + torch.randn(n, len(self.mean), device=self.mean.device) @ scaled.T
