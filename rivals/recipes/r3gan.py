"""The default for pictures: r3gan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rivals.recipes.bounds import Share
from rivals.recipes.options import BY_AMOUNT, Networks, Optimisers, Training, View
from rivals.recipes.recipe import Machine, Recipe, Setup
from rivals.recipes.wgan import SHARP

if TYPE_CHECKING:
    from rivals.feed import Field


@dataclass(frozen=True, kw_only=True)
class R3GANOptions:
    """Relativistic paired GAN with zero-centred gradient penalties on real and fake samples.

    Differs from the paper by default: a DCGAN pair, batch norm and a mapping network in its generator, and small
    batches, which learn several times faster on a processor; `--network r3gan --mapping 0 --batch 512` is its way.
    """

    training: Training = Training(rounds=20_000, batch=32)
    networks: Networks = Networks(
        latent=64, mapping=BY_AMOUNT, width=32, discriminator_width=32, discriminator_norm="none"
    )
    optimisers: Optimisers = Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine")
    view: View = View()
    penalty_weight: float = 1.0
    """Weight of both penalties (gamma)."""
    penalty_end: Share = 0.1
    """Share of that weight which is left after all rounds; it falls on a cosine, as in the paper."""


def build(o: R3GANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """The game of the paper, sec. 3."""
    from rivals.games import R3GAN
    from rivals.parts.schedules import falling
    from rivals.recipes.players import pair

    two = pair(o, spec, machine, adapts=True)
    game = R3GAN(
        two.generator,
        two.discriminator,
        two.prior,
        penalty_weight=o.penalty_weight,
        penalty_schedule=falling(o.penalty_end, o.training.rounds),
        augment=two.augment,
    )
    return two.setup(game, spec)


RECIPE = Recipe(
    "r3gan",
    "GAN",
    "Relativistic paired GAN with R1 and R2",
    "2501.05441",
    {
        "pictures": R3GANOptions(),
        "points": R3GANOptions(
            training=Training(rounds=24_000, batch=256),
            networks=SHARP,
            optimisers=Optimisers(generator_lr=2e-3, discriminator_lr=2e-3, beta1=0.0, beta2=0.99, decay="cosine"),
            penalty_weight=0.01,
            penalty_end=1.0,
        ),
    },
    build,
    "adaptive",
)
