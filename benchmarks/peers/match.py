"""A peer's training step beside ours: the same networks, batches and optimisers, timed in turns."""

import statistics
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from noise import Noise
from timing import seconds_of
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.play import Game, Player
from rivals.recipes import Machine
from rivals.recipes.gan import GANOptions
from rivals.recipes.options import Networks, Optimisers
from rivals.recipes.players import player

LAST = torch.channels_last
Step = Callable[[], object]


@dataclass(frozen=True)
class Adam:
    """The optimiser of both sides."""

    lr: float = 2e-4
    beta1: float = 0.0
    beta2: float = 0.9

    def of(self, network: nn.Module) -> torch.optim.Adam:
        """As the peers build it."""
        return torch.optim.Adam(network.parameters(), self.lr, (self.beta1, self.beta2))


@dataclass(frozen=True)
class Match:
    """One peer's round and ours."""

    name: str
    moves: str
    """What a round is, in words."""
    shape: tuple[int, ...]
    batch: int
    theirs: Callable[[Feed, str], Step]
    """From a feed of their own and a device to their round."""
    ours: Callable[[Machine], Game]

    def feed(self, device: str) -> Feed:
        return Feed(Noise(self.shape, device=device), self.batch)

    def steps(self, bf16: bool, device: str) -> tuple[Step, Step]:
        """Their round and ours."""
        feed, game = self.feed(device), self.ours(Machine(device, bf16))
        return self.theirs(self.feed(device), device), lambda: game.play_round(feed)


class Flat(nn.Module):
    """A peer's discriminator with logits (n,), as our games take them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        return self.network(x).flatten()


def players(
    generator: nn.Module, discriminator: nn.Module, adam: Adam, machine: Machine, layout: torch.memory_format = LAST
) -> tuple[Player, Player]:
    """Copies of a peer's networks as our recipes would make players of them; no average, since peers keep none."""
    steps = Optimisers(beta1=adam.beta1, beta2=adam.beta2, average=0.0)
    options = GANOptions(networks=Networks(), optimisers=steps)
    copies = deepcopy(generator), Flat(deepcopy(discriminator))
    made = [player(network, options, machine, lr=adam.lr) for network in copies]
    for each in made:
        each.network.to(memory_format=layout)  # type: ignore[call-overload]
    return made[0], made[1]


def alternated(theirs: Step, ours: Step, repeats: int, device: str = "cpu") -> tuple[list[float], list[float]]:
    """Seconds of both rounds, in turns, after a warm-up of each."""
    times = [(seconds_of(theirs, device), seconds_of(ours, device)) for _ in range(repeats + 2)][2:]
    return [each for each, _ in times], [each for _, each in times]


def ratio(theirs: list[float], ours: list[float]) -> tuple[float, tuple[float, float]]:
    """How many times as fast ours is: the median over neighbouring pairs, and its quartiles."""
    ratios = [mine / yours for mine, yours in zip(theirs, ours, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return middle, (low, high)
