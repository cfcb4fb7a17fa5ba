"""The trainings that the doctor is proved on: planted faults with the findings that fit them, and healthy ones.

A fault's findings were fixed before the runs, by what the fault does to the game:

- a learning rate x100 makes steps as long as the weights (exploding); a generator thrown about like that stops at one
  place (mode-collapse), jumps (oscillation) or is left behind (discriminator-won), and parts of the data never come;
- a judge that learns nothing, or the wrong way round, is discriminator-weak; dead units in it pass no gradient on, so
  the generator is starved; a generator with dead units gives one sample, and its judge has won;
- with one code dimension samples lie on a line, which is fewer directions and fewer parts of the data;
- one picture repeated, or fifty trained long, are learned by heart, by the generator or by the discriminator;
- a clip of 10 bounds nothing and a penalty of no weight neither; a gamma that can't be reached is off its target, and a
  low one asks for one sample that is easy to encode;
- numbers that overflow are not finite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from rivals.data.load import load
from rivals.run.session import Session

Tamper = Callable[[Session], None]
MLP: dict[str, Any] = {"width": 32, "discriminator_width": 32, "rounds": 900}
"""Points under small perceptrons, otherwise as the recipes have it."""
CONV: dict[str, Any] = {"data": "digits", "width": 16, "discriminator_width": 16, "rounds": 900}
FLAT: dict[str, Any] = {
    "network": "mlp", "width": 64, "discriminator_width": 64, "latent": 16, "rounds": 1500, "augment": "none",
    "generator_norm": "none", "discriminator_norm": "none", "generator_lr": 1e-3, "discriminator_lr": 1e-3,
}  # fmt: skip
"""Digits of 8x8 under perceptrons: cheap enough to be trained long."""
DEEP = FLAT | {"depth": 20, "activation": "tanh", "rounds": 1000}
"""A generator of many layers that nothing normalises."""


@dataclass(frozen=True)
class Case:
    """A training, what is done to it once it is built, and the findings that fit it; none for a healthy one."""

    recipe: str
    options: Mapping[str, Any]
    fits: frozenset[str] = frozenset()
    tamper: Tamper = field(default=lambda session: None)
    pictures: str = ""
    """Which pictures to train on, where they are made for the case."""


def fault(recipe: str, fits: str, *options: Mapping[str, Any], **more: Any) -> Case:
    """A case with options from left to right and the findings that fit it, in one string."""
    own = {key: more.pop(key) for key in ("tamper", "pictures") if key in more}
    return Case(recipe, merged(*options, more), frozenset(fits.split()), **own)


def healthy(recipe: str, *options: Mapping[str, Any], **more: Any) -> Case:
    return Case(recipe, merged(*options, more))


def merged(*options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for each in options for key, value in each.items()}


def dead(player: str) -> Tamper:
    """Hidden biases far below zero: no rectifier ever opens."""

    def tamper(session: Session) -> None:
        layers = [m for m in getattr(session.setup.game, player).network.modules() if isinstance(m, nn.Linear)]
        for layer in layers[:-1]:
            layer.bias.fill_(-100.0)

    return tamper


def small(session: Session) -> None:
    """DCGAN's first weights, of deviation 0.02, which only normalisation makes up for."""
    game: Any = session.setup.game
    for weight in (each for each in game.generator.parameters if each.dim() > 1):
        nn.init.normal_(weight, std=0.02)


def overflowing(session: Session) -> None:
    """Weights whose products leave the range of bf16, which is also that of float32."""
    game: Any = session.setup.game
    for weight in game.discriminator.parameters:
        weight.mul_(1e20)


def pictures(kind: str, folder: Path) -> Path:
    """One digit 500 times, or fifty different ones, as an npz."""
    path = folder / f"{kind}.npz"
    source: Any = load("digits", say=lambda line: None)
    chosen = {"one": np.zeros(500, int), "fifty": np.linspace(0, len(source) - 1, 50).astype(int)}[kind]
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(path, images=source.images[chosen, 0])
    return path


FASTER = "exploding discriminator-won generator-starved mode-collapse missing-modes oscillation non-finite"
FAULTS: dict[str, Case] = {
    "discriminator lr x100": fault("nsgan", FASTER, MLP, data="ring", discriminator_lr=0.1),
    "generator lr x100": fault("nsgan", FASTER, MLP, data="ring", generator_lr=0.1),
    "discriminator lr x100, pictures": fault("nsgan", FASTER, FLAT, data="digits", discriminator_lr=0.1),
    "deep and saturating": fault(
        "gan", "discriminator-won generator-starved mode-collapse exploding", DEEP, data="digits", tamper=small
    ),
    "latent of 1": fault("nsgan", "mode-collapse missing-modes", FLAT, data="digits", latent=1),
    "one picture repeated": fault("nsgan", "memorisation mode-collapse", FLAT, pictures="one"),
    "fifty pictures, long": fault(
        "nsgan", "memorisation discriminator-overfits", FLAT, pictures="fifty", rounds=3000, width=128
    ),
    "weight clip 10": fault("wgan", "penalty-off-target exploding", MLP, data="grid", weight_clip=10.0),
    "gamma 0.02": fault("began", "penalty-off-target mode-collapse missing-modes", CONV, balance=0.02),
    "labels flipped": fault("nsgan", "discriminator-weak exploding", MLP, data="moons", label_noise=1.0),
    "labels by coin": fault("nsgan", "discriminator-weak", MLP, data="moons", label_noise=0.5),
    "dead generator": fault(
        "nsgan", "mode-collapse generator-starved discriminator-won", MLP, data="ring", activation="relu",
        tamper=dead("generator"),
    ),
    "dead discriminator": fault(
        "nsgan", "generator-starved discriminator-weak", MLP, data="ring", activation="relu",
        tamper=dead("discriminator"),
    ),
    "frozen discriminator": fault("nsgan", "discriminator-weak", MLP, data="grid", discriminator_lr=0.0),
    "frozen generator": fault("nsgan", "generator-starved discriminator-won", MLP, data="grid", generator_lr=0.0),
    "bf16 overflow": fault(
        "nsgan", "non-finite exploding", CONV, precision="bf16", discriminator_norm="none", rounds=200,
        tamper=overflowing,
    ),
    "both lr x100, lsgan": fault("lsgan", FASTER, MLP, data="moons", generator_lr=0.1, discriminator_lr=0.1),
    "generator lr x100, pictures": fault("hinge-sn", FASTER, CONV, augment="none", generator_lr=2e-2),
    "penalty of no weight": fault("wgan-gp", "penalty-off-target exploding", MLP, data="moons", penalty_weight=0.0),
    "exponential loss, lr x100": fault("fgan", f"{FASTER} discriminator-weak", MLP, data="ring", loss="kl",
                                       generator_lr=0.1, discriminator_lr=0.1),
    "latent of 1, r3gan": fault("r3gan", "mode-collapse missing-modes", FLAT, data="digits", latent=1),
    "frozen critic": fault("wgan-gp", "discriminator-weak", MLP, data="swiss-roll", discriminator_lr=0.0),
    "weight clip 0.0001": fault(
        "wgan", "generator-starved discriminator-weak penalty-off-target", MLP, data="moons", weight_clip=1e-4
    ),
    "momentum 0.99": fault("nsgan", FASTER, MLP, data="ring", beta1=0.99, rounds=2000),
}  # fmt: skip
UNSEEN_FAULTS: dict[str, Case] = {
    "discriminator lr x100, dragan": fault("dragan", FASTER, MLP, data="grid", discriminator_lr=0.1),
    "generator lr x100, loss-sensitive": fault("loss-sensitive", FASTER, MLP, data="moons", generator_lr=0.1),
    "latent of 1, acgan": fault("acgan", "mode-collapse missing-modes", CONV, latent=1),
    "labels flipped, pictures": fault("nsgan", "discriminator-weak exploding", FLAT, data="digits", label_noise=1.0),
    "dead generator, pictures": fault(
        "nsgan", "mode-collapse generator-starved discriminator-won", FLAT, data="digits", activation="relu",
        tamper=dead("generator"), rounds=1000,
    ),
    "frozen generator, hinge": fault("hinge-sn", "generator-starved discriminator-won", MLP, data="moons",
                                     generator_lr=0.0),
    "one picture repeated, wgan-gp": fault("wgan-gp", "memorisation mode-collapse", FLAT, pictures="one", rounds=600),
    "fifty pictures, lsgan": fault(
        "lsgan", "memorisation discriminator-overfits", FLAT, pictures="fifty", rounds=3000, width=128
    ),
}  # fmt: skip
HEALTHY: dict[str, Case] = {
    "r3gan, ring": healthy("r3gan", MLP, data="ring"),
    "r3gan, digits": healthy("r3gan", CONV, latent=32),
    "nsgan, digits": healthy("nsgan", CONV),
    "nsgan, digits by perceptrons": healthy("nsgan", FLAT, data="digits"),
    "gan, moons": healthy("gan", MLP, data="moons"),
    "wgan, moons": healthy("wgan", MLP, data="moons"),
    "wgan-gp, grid": healthy("wgan-gp", MLP, data="grid"),
    "hinge-sn, moons": healthy("hinge-sn", MLP, data="moons"),
    "dragan, grid": healthy("dragan", MLP, data="grid"),
    "ebgan, moons": healthy("ebgan", MLP, data="moons"),
    "loss-sensitive, moons": healthy("loss-sensitive", MLP, data="moons"),
    "ebm, moons": healthy("ebm", {}, data="moons", discriminator_width=32, rounds=900),
    "r3gan, grid": healthy("r3gan", MLP, data="grid"),
    "wgan-gp, digits": healthy("wgan-gp", FLAT, data="digits", rounds=800),
    "pacgan, ring": healthy("pacgan", MLP, data="ring"),
    "fgan, moons": healthy("fgan", MLP, data="moons"),
    "lsgan, swiss-roll": healthy("lsgan", MLP, data="swiss-roll"),
}
UNSEEN_HEALTHY: dict[str, Case] = {
    "r3gan, moons": healthy("r3gan", MLP, data="moons"),
    "nsgan, swiss-roll": healthy("nsgan", MLP, data="swiss-roll"),
    "dragan, moons": healthy("dragan", MLP, data="moons"),
    "acgan, digits": healthy("acgan", CONV),
    "hinge-sn, digits": healthy("hinge-sn", CONV),
}
CASES = FAULTS | UNSEEN_FAULTS | HEALTHY | UNSEEN_HEALTHY
