"""mimicry (github.com/kwotsin/mimicry): SNGAN and WGAN-GP at 32x32, by the `train_step` of its networks."""

import importlib
from pathlib import Path
from typing import Any

from peers.foreign import checkout, package
from peers.match import Adam, Match, Step, players

from rivals.feed import Feed
from rivals.games import GAN, WGANGP
from rivals.losses.adversarial import hinge
from rivals.parts.priors import gaussian
from rivals.recipes import Machine

BATCH = {"sngan": 16, "wgan_gp": 8}


def matches(path: str) -> list[Match]:
    folder = checkout(path, "mimicry", "torch_mimicry/nets/sngan/sngan_32.py")
    for name in ("torch_mimicry", "torch_mimicry.training"):
        package(name, folder / Path(*name.split(".")))
    return [match("sngan", "SNGAN"), match("wgan_gp", "WGANGP")]


def match(family: str, prefix: str) -> Match:
    """One step of each of a family's networks."""
    nets = importlib.import_module(f"torch_mimicry.nets.{family}.{family}_32")
    G, D = getattr(nets, f"{prefix}Generator32")(), getattr(nets, f"{prefix}Discriminator32")()
    adam = Adam()

    def ours(machine: Machine) -> Any:
        generator, discriminator = players(G, D, adam, machine)
        prior = gaussian(G.nz)
        if family == "wgan_gp":
            return WGANGP(generator, discriminator, prior, critic_steps=1)
        return GAN(generator, discriminator, prior, hinge)

    def theirs(feed: Feed, device: str) -> Step:
        log = importlib.import_module("torch_mimicry.training.metric_log").MetricLog()
        opt_g, opt_d = adam.of(G.to(device)), adam.of(D.to(device))

        def step() -> None:
            real = (next(feed), None)
            D.train_step(real_batch=real, netG=G, optD=opt_d, log_data=log, device=device)
            G.train_step(real_batch=real, netD=D, optG=opt_g, log_data=log, device=device)

        return step

    return Match(f"mimicry {prefix}-32", "one step of each network", (3, 32, 32), BATCH[family], theirs, ours)
