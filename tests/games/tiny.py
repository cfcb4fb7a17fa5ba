"""What every tiny game of the tests is made of."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from rivals.feed import Feed, Field
from rivals.parts.average import MovingAverage
from rivals.play import Player

Move = tuple[Player, Callable[..., Any], tuple[Any, ...]]
"""A player, one of its losses, and the inputs."""


@dataclass
class Tiny:
    """A game small enough to be played in a test, freshly built from a fixed seed."""

    game: Any
    feed: Feed
    learns: Callable[[], None] | None = None
    """Trains `game` and asserts that it learned; None where another test does."""
    moves: Callable[[], Sequence[Move]] | None = None
    """Moves on fixed inputs, of one batch size, for tests of a loss without the draws of a round."""


class Points:
    """A source of points (n, d)."""

    def __init__(self, points: Tensor) -> None:
        self.points = points

    @property
    def spec(self) -> Mapping[str, Field]:
        return {"point": Field(tuple(self.points.shape[1:]))}

    def __len__(self) -> int:
        return len(self.points)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"point": self.points[index]}


def four_blobs(n: int = 4096) -> Tensor:
    """Points (n, 2) around the four points (±1, ±1), each with standard deviation 0.1."""
    generator = torch.Generator().manual_seed(0)
    corners = torch.randint(0, 2, (n, 2), generator=generator) * 2.0 - 1
    return corners + 0.1 * torch.randn(n, 2, generator=generator)


def around_a_circle(n: int = 4096) -> Tensor:
    """Points (n, 2) at about 1 from the origin, with a standard deviation of 0.05."""
    generator = torch.Generator().manual_seed(0)
    angle = 2 * math.pi * torch.rand(n, generator=generator)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(n, 2, generator=generator)


def energy_distance(a: Tensor, b: Tensor) -> float:
    """How far two clouds of points are apart: 2 E|a - b| - E|a - a'| - E|b - b'|, 0 if and only if alike."""
    return float(2 * torch.cdist(a, b).mean() - torch.cdist(a, a).mean() - torch.cdist(b, b).mean())


def mlp(inputs: int, outputs: int, width: int = 64) -> nn.Sequential:
    """A smooth little network; with one output, flat logits."""
    last = nn.Flatten(0) if outputs == 1 else nn.Identity()
    layers = (nn.Linear(inputs, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2))
    return nn.Sequential(*layers, nn.Linear(width, outputs), last)


def player(network: nn.Module, lr: float = 1e-3, betas: tuple[float, float] = (0.0, 0.9), **parts: Any) -> Player:
    return Player(network, torch.optim.Adam(network.parameters(), lr=lr, betas=betas), **parts)


def averaged(network: nn.Module, lr: float = 1e-3, betas: tuple[float, float] = (0.0, 0.9)) -> Player:
    """A player whose samples come from its average over the last few hundred steps."""
    return player(network, lr, betas, average=MovingAverage(network, half_life=200))


# Games of one parameter a player, for rounds worked out by hand.

REAL, SHIFT, SLOPE, RATE = 2.0, 0.5, 0.3, 0.1
"""The only real sample, the generator's only sample and parameter, the discriminator's parameter, the learning rate."""


class Shift(nn.Module):
    """G(z) = z + shift."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.tensor(SHIFT))

    def forward(self, z: Tensor) -> Tensor:
        return z + self.shift


class Slope(nn.Module):
    """D(x) = slope * x, flat."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(SLOPE))

    def forward(self, x: Tensor) -> Tensor:
        return (self.slope * x).flatten()


class Curve(Slope):
    """D(x) = slope * x^2, flat: its gradient, 2 * slope * x, tells where it was taken."""

    def forward(self, x: Tensor) -> Tensor:
        return (self.slope * x.square()).flatten()


class Scale(Slope):
    """An auto-encoder that gives slope * x back, and whose code is (x, 1 - x)."""

    def forward(self, x: Tensor) -> Tensor:
        return self.slope * x

    def encode(self, x: Tensor) -> Tensor:
        return torch.cat([x, 1 - x], 1)


def descending(network: nn.Module, name: str, rate: float = RATE) -> Player:
    return Player(network, torch.optim.SGD(network.parameters(), lr=rate), name=name)


def nothing(n: int) -> Tensor:
    """A prior of zeros, under which the generator gives its shift."""
    return torch.zeros(n, 1)


def one_sample() -> Feed:
    return Feed(Points(torch.full((8, 1), REAL)), 4)


def pair_by_hand(opponent: str = "discriminator", network: nn.Module | None = None) -> dict[str, Any]:
    return {
        "generator": descending(Shift(), "generator"),
        opponent: descending(network or Slope(), opponent),
        "prior": nothing,
    }


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))
