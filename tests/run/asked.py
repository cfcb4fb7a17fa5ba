"""The smallest recipe that heeds conditions: it learns the mean picture of each class or tag."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from rivals.feed import Field
from rivals.play import Facts, Player
from rivals.recipes.conditions import conditions_of
from rivals.recipes.options import Networks, Training
from rivals.recipes.recipe import Machine, Recipe, Setup

LATENT = 2


@dataclass(frozen=True, kw_only=True)
class MeansOptions:
    """Mean pictures."""

    training: Training = Training(rounds=60, batch=4)
    networks: Networks = Networks(generator_norm="none", discriminator_norm="none", latent=LATENT)


class Means(nn.Module):
    """(codes (n, 2), conditions (n, ...)) -> pictures: a mean each, a shade lighter where a code is high."""

    def __init__(self, count: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.means = nn.Parameter(torch.zeros(count, *shape))

    def forward(self, z: Tensor, condition: Tensor) -> Tensor:
        weight = one_hot(condition, len(self.means)).float() if condition.dim() == 1 else condition
        shade = 0.05 * z[:, :1].tanh()
        return (torch.einsum("nk,kchw->nchw", weight, self.means) + shade[..., None, None]).clamp(-1, 1)


@dataclass
class MeansGame:
    """One player, which goes to the mean of what it is shown."""

    generator: Player

    def play_round(self, feed: Any) -> Facts:
        real, condition = next(feed)
        return self.generator.descend(self.loss, real, torch.randn(len(real), LATENT), condition)

    def loss(self, real: Tensor, z: Tensor, condition: Tensor) -> tuple[Tensor, Facts]:
        return (self.generator(z, condition) - real).square().mean(), {}


def build(o: MeansOptions, spec: Mapping[str, Field], machine: Machine) -> Setup:
    name = "tags" if "tags" in spec else "label"
    field = spec[name]
    network = Means(len(field.words), spec["image"].shape)
    game = MeansGame(Player(network, torch.optim.Adam(network.parameters(), lr=0.1), name="generator"))
    every = torch.eye(len(field.words)) if name == "tags" else torch.arange(len(field.words))

    def sample(n: int) -> Tensor:
        return network(torch.randn(n, LATENT), every[torch.randint(len(every), (n,))])

    def under(condition: Tensor) -> Setup:
        def generate(codes: Tensor) -> Tensor:
            return network(codes, condition.expand(len(codes), *condition.shape))

        prior = setup.prior = lambda n: torch.randn(n, LATENT)
        return replace(setup, sample=lambda n: generate(prior(n)), generate=generate, prior=prior, conditions=None)

    setup = Setup(game, ("image", name), sample)
    setup.conditions = conditions_of(name, field, under)
    return setup


MEANS = Recipe("means", "test", "Mean pictures", "", {"pictures": MeansOptions()}, build)
