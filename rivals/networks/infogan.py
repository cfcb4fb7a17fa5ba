"""InfoGAN's pair for digits (1606.03657, app. C.1; sizes as in github.com/openai/InfoGAN), for any size of 4 k."""

import math

import torch
from torch import Tensor, nn

from rivals.networks.dcgan import NORMS, Norm
from rivals.networks.mlp import NORMS as FLAT_NORMS


class InfoGANGenerator(nn.Module):
    """Codes (n, latent) to pictures (n, *shape) in [-1, 1]: two dense layers to a quarter of the size, two doublings.

    With width 64 the paper's: 1024 units, 128 channels, 64 channels. Differs from the paper: tanh at the end for a
    logistic function, as pictures are in [-1, 1]. 28x28, latent 74: 28.0 MFLOPs a sample.

    Raises ValueError if the sides are no multiples of 4.
    """

    def __init__(self, latent: int, shape: tuple[int, int, int], width: int = 64, norm: Norm = "batch") -> None:
        super().__init__()
        quarter, units, bias = quartered(shape), 16 * width, norm == "none"
        self.layers = nn.Sequential(
            nn.Linear(latent, units, bias), FLAT_NORMS[norm](units), nn.ReLU(),
            nn.Linear(units, 2 * width * math.prod(quarter), bias),
            FLAT_NORMS[norm](2 * width * math.prod(quarter)), nn.ReLU(),
            nn.Unflatten(1, (2 * width, *quarter)),
            nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=bias), NORMS[norm](width), nn.ReLU(),
            nn.ConvTranspose2d(width, shape[0], 4, 2, 1),
        )  # fmt: skip
        initialise(self, plain=bias)

    def forward(self, z: Tensor) -> Tensor:
        return torch.tanh(self.layers(z))


class InfoGANDiscriminator(nn.Module):
    """Pictures (n, *shape) to logits (n,): two halvings, a dense layer, one number.

    With width 64 the paper's: 64 channels, 128 channels, 1024 units. 28x28: 23.8 MFLOPs a sample.

    Raises ValueError if the sides are no multiples of 4.
    """

    def __init__(self, shape: tuple[int, int, int], width: int = 64, norm: Norm = "batch") -> None:
        super().__init__()
        quarter, units, bias = quartered(shape), 16 * width, norm == "none"
        self.layers = nn.Sequential(
            nn.Conv2d(shape[0], width, 4, 2, 1), nn.LeakyReLU(0.1),
            nn.Conv2d(width, 2 * width, 4, 2, 1, bias=bias), NORMS[norm](2 * width), nn.LeakyReLU(0.1), nn.Flatten(),
            nn.Linear(2 * width * math.prod(quarter), units, bias), FLAT_NORMS[norm](units), nn.LeakyReLU(0.1),
        )  # fmt: skip
        self.head = nn.Linear(units, 1)
        initialise(self, plain=bias)

    def features(self, x: Tensor) -> Tensor:
        """Its last hidden layer (n, 16 width)."""
        return self.layers(x)

    def logits(self, features: Tensor) -> Tensor:
        """From features to logits (n,)."""
        return self.head(features).squeeze(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(self.features(x))


def quartered(shape: tuple[int, int, int]) -> tuple[int, int]:
    """A quarter of both sides. Raises ValueError if they are no multiples of 4."""
    if shape[1] % 4 or shape[2] % 4:
        raise ValueError(
            f"this network needs pictures with sides of 4 k pixels, got {shape[1]}x{shape[2]}; resize them"
        )
    return shape[1] // 4, shape[2] // 4


def initialise(network: nn.Module, plain: bool) -> None:
    """Weights from N(0, 0.02) as in the authors' code; He's, which keep the variance, where no norm rescales."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            seen = layer.weight[0].numel()
            if isinstance(layer, nn.ConvTranspose2d):
                seen = layer.in_channels * 4  # a pixel sees a quarter of a kernel whose stride is 2
            nn.init.normal_(layer.weight, std=(2 / seen) ** 0.5 if plain else 0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
