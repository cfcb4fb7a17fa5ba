"""Discriminators that show what they see: features, from which the logits are a last layer away."""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from rivals.networks.mlp import Norm, mlp


@runtime_checkable
class Featured(Protocol):
    """A discriminator in two halves: `forward` is `logits` of `features`."""

    def features(self, x: Tensor) -> Tensor:
        """(n, ...) -> (n, features)"""
        ...

    def logits(self, features: Tensor) -> Tensor:
        """(n, features) -> (n,)"""
        ...


class TwoHeads(nn.Module):
    """A discriminator and a reader on its features: (n, ...) -> logits (n,) and readings (n, reading).

    InfoGAN's D and Q, Q with one hidden layer of its own (1606.03657, app. C).
    """

    def __init__(self, judge: nn.Module, size: int, reading: int, width: int = 128, norm: Norm = "batch") -> None:
        super().__init__()
        self.judge, self.reader = judge, mlp([size, width, reading], "leaky", norm)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.judge.features(x)
        return self.judge.logits(features), self.reader(features)

    def features(self, x: Tensor) -> Tensor:
        """What both heads see, (n, features)."""
        return self.judge.features(x)


def features_size(judge: Featured, shape: tuple[int, ...]) -> int:
    """How many features a discriminator has of samples of this shape."""
    assert isinstance(judge, nn.Module)
    judge.eval()
    with torch.no_grad():
        size = judge.features(torch.zeros(1, *shape)).shape[1]
    judge.train()
    return size
