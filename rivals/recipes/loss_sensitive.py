"""loss-sensitive: a margin between real and fake that grows with their distance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rivals.recipes.bounds import Count
from rivals.recipes.options import Networks, Optimisers, Training, View
from rivals.recipes.recipe import Machine, Recipe, Setup
from rivals.recipes.wgan import MLP

if TYPE_CHECKING:
    from rivals.feed import Field


@dataclass(frozen=True, kw_only=True)
class LossSensitiveOptions:
    """Loss-sensitive GAN (not least squares)."""

    training: Training = Training()
    networks: Networks = Networks(discriminator_norm="none")
    optimisers: Optimisers = Optimisers(beta1=0.0, beta2=0.9)
    view: View = View()
    discriminator_steps: Count = 1
    """Discriminator steps a round."""
    margin_weight: float = 50.0
    """Weight of the margin's violations (lambda)."""
    real_weight: float = 0.0
    """Weight of the real samples' own loss. The authors' code leaves it out: nothing bounds it from below, and logits
    that drift away lose the digits that tell real from fake."""
    margin_scale: float = 1.0
    """Margin for two samples a distance of 1 apart, the distance being the mean absolute difference."""
    penalty_weight: float = 10.0
    """Weight of the gradient penalty that keeps the loss function Lipschitz."""


def build(o: LossSensitiveOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """The game of the paper, sec. 5."""
    from rivals.games import LossSensitiveGAN
    from rivals.losses.margins import LpMargin
    from rivals.recipes.players import pair

    two = pair(o, spec, machine, discriminator_steps=o.discriminator_steps)
    game = LossSensitiveGAN(
        two.generator,
        two.discriminator,
        two.prior,
        LpMargin(scale=o.margin_scale),
        margin_weight=o.margin_weight,
        real_weight=o.real_weight,
        penalty_weight=o.penalty_weight,
        discriminator_steps=o.discriminator_steps,
    )
    return two.setup(game, spec)


RECIPE = Recipe(
    "loss-sensitive",
    "GAN",
    "A margin that grows with the distance of real and fake",
    "1701.06264",
    {
        "pictures": LossSensitiveOptions(),
        "points": LossSensitiveOptions(
            training=Training(rounds=20_000, batch=256),
            networks=MLP,
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine"),
        ),
    },
    build,
    "diff",
)
