"""What can be seen of a game in the plane while it is played, without changing anything of it."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from rivals.games import EnergyModel
from rivals.losses.energies import reconstruction_energy
from rivals.play import players
from rivals.recipes.recipe import Setup

Judge = Callable[[Tensor], Tensor]
"""points (n, 2) -> (n,), high on what is taken for real"""


def can_be_filmed(game: Any) -> bool:
    """Whether a generator lowers a loss of its own against a judge, or a judge is climbed."""
    return isinstance(game, EnergyModel) or hasattr(game, "generator_loss")


@contextmanager
def watching(game: Any) -> Iterator[None]:
    """Every network in evaluation mode meanwhile: no batch statistic, noise or dropout is touched or drawn."""
    networks = [player.network for player in players(game).values()]
    before = [network.training for network in networks]
    for network in networks:
        network.eval()
    try:
        yield
    finally:
        for network, training in zip(networks, before, strict=True):
            network.train(training)


def judge_of(setup: Setup, pack: int, real: Tensor) -> Judge:
    """The recipe's own judge, of packs shown a point among real ones; BEGAN, which names none, has minus its energy."""
    game: Any = setup.game
    judge = setup.judge or (lambda x: -reconstruction_energy(x, game.discriminator(x)))
    if pack == 1:
        return judge
    beside = real[: pack - 1]
    return lambda x: judge(torch.cat([x[:, None], beside.expand(len(x), -1, -1)], 1).flatten(0, 1))


def pulled(game: Any, real: Tensor, z: Tensor | None) -> tuple[Tensor, Tensor]:
    """The fakes (n, 2) of codes z (n, latent), and n times minus the gradient of the generator's loss in each.

    An energy model has no codes: its chains stand for the fakes, and climb.
    """
    if isinstance(game, EnergyModel):
        fake = game.chains.samples[: len(real)].clone().requires_grad_()
        return fake.detach(), torch.autograd.grad(game.discriminator(fake).sum(), fake)[0]
    caught: list[Tensor] = []

    def catch(network: Any, inputs: Any, fake: Tensor) -> Tensor:
        caught.append(fake.detach().requires_grad_())
        return caught[-1]

    hook = game.generator.network.register_forward_hook(catch)
    try:
        needed = inspect.signature(game.generator_loss).parameters
        loss, _ = game.generator_loss(**{name: value for name, value in (("real", real), ("z", z)) if name in needed})
    finally:
        hook.remove()
    (slope,) = torch.autograd.grad(loss, caught)
    return caught[0].detach(), -len(real) * slope
