"""Perceptrons with several layers, for points and for small pictures."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import torch
from torch import Tensor, nn

Activation = Literal["relu", "leaky", "tanh", "elu", "maxout"]
Norm = Literal["none", "batch", "layer"]

ACTIVATIONS: dict[Activation, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky": partial(nn.LeakyReLU, 0.2),
    "tanh": nn.Tanh,
    "elu": nn.ELU,
}
GAINS = {"relu": 2.0**0.5, "leaky": (2 / 1.04) ** 0.5, "tanh": 5 / 3, "elu": 1.25, "maxout": 1.0}
NORMS: dict[Norm, Callable[[int], nn.Module]] = {
    "none": nn.Identity,
    "batch": nn.BatchNorm1d,
    "layer": nn.LayerNorm,
}
PIECES = 5


class Maxout(nn.Module):
    """The largest of several linear maps, unit by unit (1302.4389). (n, inputs) -> (n, outputs)."""

    def __init__(self, inputs: int, outputs: int, pieces: int = PIECES) -> None:
        super().__init__()
        self.linear, self.pieces = nn.Linear(inputs, outputs * pieces), pieces

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).unflatten(1, (-1, self.pieces)).amax(2)


class Fourier(nn.Module):
    """Adds sines and cosines of fixed random projections (2006.10739, sec. 4): (n, inputs) -> (n, inputs + 2 * 32).

    `scale` is the standard deviation of their frequencies: what differs over a length of 1 / `scale` is told apart at
    once, where a plain perceptron learns slowly varying functions first.
    """

    def __init__(self, inputs: int, scale: float, waves: int = 32) -> None:
        super().__init__()
        self.frequencies: Tensor
        self.register_buffer("frequencies", torch.randn(inputs, waves) * scale)
        self.size = inputs + 2 * waves

    def forward(self, x: Tensor) -> Tensor:
        phase = x @ self.frequencies
        return torch.cat([x, phase.sin(), phase.cos()], 1)


def mlp(
    sizes: Sequence[int],
    activation: Activation = "leaky",
    norm: Norm = "none",
    dropout: float = 0.0,
    fourier: float = 0.0,
    *,
    judges: bool = False,
) -> nn.Sequential:
    """Linear layers of the given sizes, input first; all but the last followed by a norm, an activation and dropout.

    Weights are drawn so that the variance of what flows through stays near 1 (He et al. 2015, 1502.01852). `fourier`
    above 0 puts Fourier features of that scale before them.

    `judges` is for a discriminator, whose first layer has no batch norm (DCGAN's rule, 1511.06434). Batches of real and
    of generated samples pass it apart, and batch norm on its inputs would take the mean from each: where all samples
    are alike, as at a picture's border, nothing would tell them apart.
    """
    layers: list[nn.Module] = []
    if fourier:
        waves = Fourier(sizes[0], fourier)
        layers.append(waves)
        sizes = [waves.size, *sizes[1:]]
    for layer, (inputs, outputs) in enumerate(zip(sizes[:-2], sizes[1:-1], strict=True)):
        bare = judges and norm == "batch" and layer == 0
        layers += _hidden(inputs, outputs, activation, "none" if bare else norm)
        layers += [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(*layers, _linear(nn.Linear(sizes[-2], sizes[-1]), gain=1.0))


class MLPGenerator(nn.Module):
    """Latent codes to points (d,) or to pictures (C, H, W) in [-1, 1].

    PacGAN's generator for 2-D points (1712.04086, sec. 4.1) is `MLPGenerator(2, (2,), width=400,
    norm="batch")`.
    """

    def __init__(
        self,
        latent: int,
        shape: tuple[int, ...],
        width: int = 128,
        depth: int = 2,
        norm: Norm = "none",
        activation: Activation = "relu",
        fourier: float = 0.0,
    ) -> None:
        super().__init__()
        self.shape = tuple(shape)
        self.layers = mlp([latent, *[width] * depth, math.prod(shape)], activation, norm, fourier=fourier)

    def forward(self, z: Tensor) -> Tensor:
        x = self.layers(z)
        return x if len(self.shape) == 1 else torch.tanh(x).unflatten(1, self.shape)


class MLPDiscriminator(nn.Module):
    """Points (n, d) or pictures (n, C, H, W) to logits (n,), of several `outputs` (n, outputs).

    That of 2014 (1406.2661) is `MLPDiscriminator((1, 28, 28), 240, 2, "maxout", dropout=0.5, input_dropout=0.2)`, and
    PacGAN's discriminator (1712.04086, sec. 4.1) is `MLPDiscriminator((2 * pack,), 200, 3, "maxout")`, five
    pieces a unit.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        width: int = 128,
        depth: int = 2,
        activation: Activation = "leaky",
        norm: Norm = "none",
        dropout: float = 0.0,
        fourier: float = 0.0,
        input_dropout: float = 0.0,
        outputs: int = 1,
    ) -> None:
        super().__init__()
        self.input = nn.Dropout(input_dropout) if input_dropout else nn.Identity()
        sizes = [math.prod(shape), *[width] * depth, outputs]
        self.layers = mlp(sizes, activation, norm, dropout, fourier, judges=True)

    def features(self, x: Tensor) -> Tensor:
        """Its last hidden layer (n, width)."""
        return self.layers[:-1](self.input(x.flatten(1)))

    def logits(self, features: Tensor) -> Tensor:
        """From features to logits (n,)."""
        return self.layers[-1](features).squeeze(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(self.input(x.flatten(1))).squeeze(1)


def _hidden(inputs: int, outputs: int, activation: Activation, norm: Norm) -> list[nn.Module]:
    gain = GAINS[activation]
    if activation == "maxout":
        layer = Maxout(inputs, outputs)
        _linear(layer.linear, gain)
        return [layer] if norm == "none" else [layer, NORMS[norm](outputs)]
    linear = _linear(nn.Linear(inputs, outputs), gain)
    return [linear, *([] if norm == "none" else [NORMS[norm](outputs)]), ACTIVATIONS[activation]()]


def _linear(layer: nn.Linear, gain: float) -> nn.Linear:
    nn.init.normal_(layer.weight, std=gain / layer.in_features**0.5)
    return layer
