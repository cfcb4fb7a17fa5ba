"""torchgan (github.com/torchgan/torchgan): DCGAN at 32x32, by the `train_ops` of its losses."""

import importlib
from typing import Any

import torch
from peers.foreign import checkout, package
from peers.match import Adam, Match, Step, players

from rivals.feed import Feed
from rivals.games import GAN
from rivals.parts.priors import gaussian
from rivals.recipes import Machine

BATCH, WIDTH = 64, 16


def matches(path: str) -> list[Match]:
    folder = checkout(path, "torchgan", "torchgan/models/dcgan.py")
    package("torchgan", folder / "torchgan")
    models, losses = (importlib.import_module(f"torchgan.{name}") for name in ("models", "losses"))
    G = models.DCGANGenerator(out_size=32, step_channels=WIDTH)
    D = models.DCGANDiscriminator(in_size=32, step_channels=WIDTH)
    adam = Adam(beta1=0.5, beta2=0.999)

    def ours(machine: Machine) -> Any:
        return GAN(*players(G, D, adam, machine), gaussian(G.encoding_dims))

    def theirs(feed: Feed, device: str) -> Step:
        loss_d, loss_g = losses.MinimaxDiscriminatorLoss(), losses.MinimaxGeneratorLoss()
        opt_g, opt_d, place = adam.of(G.to(device)), adam.of(D.to(device)), torch.device(device)

        def step() -> None:
            loss_d.train_ops(G, D, opt_d, next(feed), place)
            loss_g.train_ops(G, D, opt_g, place, BATCH)

        return step

    return [Match("torchgan DCGAN-32", "one step of each network", (3, 32, 32), BATCH, theirs, ours)]
