"""Wasserstein GANs: wgan (weight clipping) and wgan-gp (gradient penalty)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rivals.recipes.bounds import Count
from rivals.recipes.options import Networks, Optimisers, Training, View
from rivals.recipes.recipe import Machine, Recipe, Setup, Target, one_centred

if TYPE_CHECKING:
    from rivals.feed import Field


@dataclass(frozen=True, kw_only=True)
class WGANOptions:
    """Wasserstein GAN with weight clipping."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    view: View = View()
    critic_steps: Count = 5
    """Critic steps a round (n_critic)."""
    weight_clip: float = 0.01
    """Bound on the size of each of the critic's weights (c)."""


@dataclass(frozen=True, kw_only=True)
class WGANGPOptions:
    """Wasserstein GAN with gradient penalty."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    view: View = View()
    critic_steps: Count = 5
    """Critic steps a round (n_critic)."""
    penalty_weight: float = 10.0
    """Weight of the gradient penalty (lambda)."""


def build_wgan(o: WGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Weight clipping, one line under the critic's move."""
    from rivals.games import WGAN
    from rivals.recipes.players import pair

    two = pair(o, spec, machine, discriminator_steps=o.critic_steps)
    game = WGAN(
        two.generator, two.discriminator, two.prior, critic_steps=o.critic_steps, clip=o.weight_clip,
    )  # fmt: skip
    return two.setup(game, spec, {"critic/clipped": Target("weight_clip", 0.01, 1.0)})


def build_wgan_gp(o: WGANGPOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Algorithm 1 of the paper."""
    from rivals.games import WGANGP
    from rivals.recipes.players import pair

    two = pair(o, spec, machine, discriminator_steps=o.critic_steps)
    game = WGANGP(
        two.generator, two.discriminator, two.prior, critic_steps=o.critic_steps, penalty_weight=o.penalty_weight,
    )  # fmt: skip
    return two.setup(game, spec, {"critic/penalty": one_centred(o.penalty_weight)})


MLP = Networks(
    network="mlp",
    latent=2,
    width=128,
    discriminator_width=128,
    generator_norm="none",
    discriminator_norm="none",
)
SHARP = replace(MLP, depth=5, discriminator_fourier=2.0)
"""Deep enough for borders between modes that are sharp, with a discriminator that sees narrow modes from the start."""
CONVOLUTIONS = Networks(discriminator_norm="none")
WGAN = Recipe(
    "wgan",
    "GAN",
    "Wasserstein GAN with weight clipping",
    "1701.07875",
    {
        "pictures": WGANOptions(
            networks=replace(CONVOLUTIONS, discriminator_norm="batch"),
            optimisers=Optimisers(optimizer="rmsprop", generator_lr=5e-5, discriminator_lr=5e-5, beta2=0.99),
        ),
        "points": WGANOptions(
            training=Training(rounds=10_000, batch=256),
            networks=MLP,
            optimisers=Optimisers(optimizer="rmsprop", generator_lr=1e-3, discriminator_lr=1e-3, beta2=0.99),
            weight_clip=0.2,
        ),
    },
    build_wgan,
    "diff",
)
WGAN_GP = Recipe(
    "wgan-gp",
    "GAN",
    "Wasserstein GAN with gradient penalty",
    "1704.00028",
    {
        "pictures": WGANGPOptions(
            networks=CONVOLUTIONS,
            optimisers=Optimisers(generator_lr=1e-4, discriminator_lr=1e-4, beta1=0.0, beta2=0.9),
        ),
        "points": WGANGPOptions(
            training=Training(rounds=44_000, batch=256),
            networks=SHARP,
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine"),
            critic_steps=1,
            penalty_weight=0.1,
        ),
    },
    build_wgan_gp,
    "diff",
)
