"""Networks for samples together with their codes: encoders, and the discriminator of pairs of BiGAN and ALI."""

import math

import torch
from torch import Tensor, nn

from rivals.networks.dcgan import Norm as PictureNorm
from rivals.networks.dcgan import down
from rivals.networks.dcgan import initialise as initialise_convolutions
from rivals.networks.mlp import Norm, mlp


class Encoder(nn.Module):
    """Samples (n, *shape) to codes (n, latent), `body` to features and one linear layer.

    Called with noise (n, latent) beside the samples. BiGAN's takes no heed of it (1605.09782); a `stochastic` one gives
    a mean and a log deviation and draws by it (1606.00704, sec. 2.1). Without noise both give their mean.
    """

    def __init__(self, body: nn.Module, size: int, latent: int, *, stochastic: bool = False) -> None:
        super().__init__()
        self.body, self.stochastic = body, stochastic
        self.head = nn.Linear(size, latent * (2 if stochastic else 1))
        nn.init.normal_(self.head.weight, std=size**-0.5)
        nn.init.zeros_(self.head.bias)

    def features(self, x: Tensor) -> Tensor:
        """The layer before the code, (n, features)."""
        return self.body(x)

    def forward(self, x: Tensor, noise: Tensor | None = None) -> Tensor:
        code = self.head(self.features(x))
        if not self.stochastic:
            return code
        mean, log_sd = code.chunk(2, 1)
        return mean if noise is None else mean + noise * log_sd.exp()


class JointDiscriminator(nn.Module):
    """Samples (n, *shape) with codes (n, latent) to logits (n,): features of both, joined, through a perceptron."""

    def __init__(self, samples: nn.Module, codes: nn.Module, joined: nn.Module) -> None:
        super().__init__()
        self.samples, self.codes, self.joined = samples, codes, joined

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        return self.joined(torch.cat([self.samples(x), self.codes(z)], 1)).squeeze(1)


def flat_encoder(
    shape: tuple[int, ...], latent: int, width: int = 1024, depth: int = 2, norm: Norm = "batch", *, stochastic: bool
) -> Encoder:
    """A perceptron that knows no neighbours of a pixel: BiGAN's for digits, 1024 units twice (1605.09782, app. C.1)."""
    layers = mlp([math.prod(shape), *[width] * depth, latent], "leaky", norm)
    return Encoder(nn.Sequential(nn.Flatten(), *list(layers)[:-1]), width, latent, stochastic=stochastic)


def picture_encoder(
    shape: tuple[int, ...], latent: int, width: int = 64, norm: PictureNorm = "batch", *, stochastic: bool
) -> Encoder:
    """DCGAN's discriminator as an encoder. Raises ValueError if the shape is no square picture of 8 to 256 pixels."""
    body, size = convolutions(shape, width, norm)
    return Encoder(body, size, latent, stochastic=stochastic)


def flat_joint(
    shape: tuple[int, ...], latent: int, width: int = 1024, depth: int = 2, norm: Norm = "batch", dropout: float = 0.0
) -> JointDiscriminator:
    """A perceptron on sample and code together."""
    sizes = [math.prod(shape) + latent, *[width] * depth, 1]
    layers = mlp(sizes, "leaky", norm, dropout, judges=True)
    return JointDiscriminator(nn.Flatten(), nn.Identity(), layers)


def picture_joint(
    shape: tuple[int, ...], latent: int, width: int = 64, norm: PictureNorm = "batch", dropout: float = 0.0
) -> JointDiscriminator:
    """Convolutions on the picture, one layer on the code, a perceptron on both (as 1606.00704, app. A has it).

    Raises ValueError if the shape is no square picture of 8 to 256 pixels.
    """
    body, size = convolutions(shape, width, norm, dropout)
    codes = nn.Sequential(mlp([latent, 8 * width]), nn.LeakyReLU(0.2))
    joined = mlp([size + 8 * width, 8 * width, 8 * width, 1], "leaky", "none", dropout)
    return JointDiscriminator(body, codes, joined)


def convolutions(shape: tuple[int, ...], width: int, norm: PictureNorm, dropout: float = 0.0) -> tuple[nn.Module, int]:
    """Halvings down to 4x4, flat, and how many numbers that gives."""
    layers, channels = down(shape, width, norm, dropout)
    body = nn.Sequential(*layers, nn.Flatten())
    initialise_convolutions(body, plain=norm == "none")
    return body, 16 * channels
