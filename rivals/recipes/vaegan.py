"""vaegan: an auto-encoder whose decoder is a generator, under the discriminator's idea of likeness."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from rivals.recipes.bounds import Bounds, Count
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
    similarity_scale: Annotated[float, Bounds(1e-3)] = 0.25
    """Its standard deviation there, in root mean squares of the layer; 1 in the paper, which has 16 times the units."""
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
        "pictures": VAEGANOptions(
            training=Training(rounds=5_000),
            networks=Coders(network="dcgan", latent=64),
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=5e-4, average=200.0),
        ),
        "points": VAEGANOptions(
            training=Training(rounds=20_000, batch=256),
            networks=replace(PERCEPTRON, activation="leaky"),
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine"),
            discriminator_width=128,
            discriminator_norm="none",
            similarity_scale=1.0,
            reconstruction_weight=0.1,
        ),
    },
    build,
)
