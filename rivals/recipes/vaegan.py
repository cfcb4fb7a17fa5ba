"""vaegan: an auto-encoder whose decoder is a generator, under the discriminator's idea of likeness."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rivals.recipes.bounds import Count
from rivals.recipes.codes import PERCEPTRON, Coders
from rivals.recipes.options import Optimisers, Training
from rivals.recipes.recipe import Machine, Recipe, Setup

if TYPE_CHECKING:
    from rivals.feed import Field


@dataclass(frozen=True, kw_only=True)
class VAEGANOptions:
    """VAE-GAN; the encoder steps as the generator does."""

    training: Training = Training()
    networks: Coders = Coders()
    optimisers: Optimisers = Optimisers()
    discriminator_width: Count = 32
    """Units of a hidden layer (mlp), or channels at half the size (convolutional), in the discriminator."""
    discriminator_norm: Literal["batch", "layer", "none"] = "batch"
    """Normalisation in the discriminator."""
    similarity_layer: int = 0
    """Hidden layer of the discriminator in which samples are alike (l); 0 for the last."""
    loss: Literal["minimax", "non-saturating"] = "non-saturating"
    """Value function; the paper's is minimax."""
    reconstruction_weight: float = 1e-3
    """Weight of the likeness against the discriminator's verdict, in the generator (gamma)."""
    gan_weight: float = 1.0
    """Weight of that verdict; 0 leaves the likeness alone (the paper's VAE_Dis_l)."""


def build(o: VAEGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Algorithm 1 of the paper."""
    from rivals.recipes.coders import vaegan_setup

    return vaegan_setup(o, spec, machine)


RECIPE = Recipe(
    "vaegan",
    "codes",
    "An auto-encoder whose decoder is a generator, likeness learned by the discriminator",
    "1512.09300",
    {
        "pictures": VAEGANOptions(training=Training(rounds=10_000), networks=Coders(network="dcgan", latent=64)),
        "points": VAEGANOptions(
            training=Training(rounds=20_000, batch=256),
            networks=replace(PERCEPTRON, activation="leaky"),
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine"),
            discriminator_width=128,
            discriminator_norm="none",
            reconstruction_weight=0.1,
        ),
    },
    build,
)
