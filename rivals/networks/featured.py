"""Discriminators that show what they see: features, from which the logits are a last layer away."""

import torch
from torch import Tensor, nn

from rivals.networks.dcgan import DCGANDiscriminator
from rivals.networks.infogan import InfoGANDiscriminator
from rivals.networks.mlp import MLPDiscriminator, Norm, mlp
from rivals.networks.r3gan import R3GANDiscriminator
from rivals.networks.resnet import ResNetDiscriminator

Featured = MLPDiscriminator | DCGANDiscriminator | ResNetDiscriminator | R3GANDiscriminator | InfoGANDiscriminator
"""Discriminators in two halves: `forward` is `logits` (n, features) -> (n,) of `features` (n, ...) -> (n, features)."""


class TwoHeads(nn.Module):
    """A discriminator and a reader on its features: (n, ...) -> logits (n,) and readings (n, reading).

    InfoGAN's D and Q, Q with one hidden layer of its own (1606.03657, app. C).
    """

    def __init__(self, judge: Featured, size: int, reading: int, width: int = 128, norm: Norm = "batch") -> None:
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
    judge.eval()
    with torch.no_grad():
        size = judge.features(torch.zeros(1, *shape)).shape[1]
    judge.train()
    return size
