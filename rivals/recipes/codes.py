"""Learned codes without an opponent: autoencoder, vae, iwae."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from rivals.recipes.bounds import Bounds, Count, Share
from rivals.recipes.options import Optimiser, Training
from rivals.recipes.recipe import Machine, Recipe, Setup

if TYPE_CHECKING:
    from rivals.feed import Field


@dataclass(frozen=True, kw_only=True)
class Coders:
    """The networks into the code and out of it."""

    network: Literal["mlp", "convolutional", "dcgan"] = "convolutional"
    """Architecture of both, each the other's mirror; dcgan has that network's generator as the decoder."""
    latent: Count = 32
    """Dimensions of the code."""
    width: Count = 32
    """Units of a hidden layer (mlp), or channels that every halving adds; of dcgan's decoder those at half the size."""
    depth: Count = 2
    """Hidden layers of an mlp."""
    activation: Literal["tanh", "leaky", "relu", "elu"] = "tanh"
    """Nonlinearity of an mlp."""


@dataclass(frozen=True, kw_only=True)
class Density:
    """What the decoder says of a sample, p(x|z)."""

    likelihood: Literal["gaussian", "bernoulli"] = "gaussian"
    """Independent normals of one width, or independent pixels that are black or white."""
    binarise: Literal["dynamic", "none"] = "dynamic"
    """Under bernoulli: pixels drawn black or white anew for each batch, by their brightness, or left grey."""
    scale: Annotated[float, Bounds(1e-3)] = 0.3
    """Standard deviation under gaussian, in the network's range (black is -1, white 1)."""
    learn_scale: bool = True
    """Learn that standard deviation, beginning from there."""
    scored_particles: Count = 100
    """Codes a sample from which `rivals eval` has its log-likelihood."""


@dataclass(frozen=True, kw_only=True)
class AutoencoderOptions:
    """An auto-encoder under the squared error."""

    training: Training = Training()
    networks: Coders = Coders()
    optimisers: Optimiser = Optimiser()


@dataclass(frozen=True, kw_only=True)
class VAEOptions:
    """Variational auto-encoder."""

    training: Training = Training()
    networks: Coders = Coders()
    optimisers: Optimiser = Optimiser()
    density: Density = Density()
    particles: Count = 1
    """Codes drawn for each sample of a batch (L)."""
    warmup: Share = 0.0
    """Share of the rounds over which the divergence comes in (1602.02282): more dimensions of the code find a use."""


@dataclass(frozen=True, kw_only=True)
class IWAEOptions:
    """Importance-weighted auto-encoder."""

    training: Training = Training()
    networks: Coders = Coders()
    optimisers: Optimiser = Optimiser()
    density: Density = Density()
    particles: Count = 5
    """Codes drawn for each sample of a batch, that are weighed against each other (k)."""


def build_autoencoder(o: AutoencoderOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Codes and the normal around them."""
    from rivals.recipes.coders import plain_setup

    return plain_setup(o, spec, machine)


def build_vae(o: VAEOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Algorithm 1 of the paper."""
    from rivals.games import VAE
    from rivals.parts.schedules import rising
    from rivals.recipes.evidence import coded

    one, warmup = coded(o, spec, machine), rising(o.warmup * o.training.rounds)
    return one.setup(VAE(one.model, one.likelihood, one.noise, o.particles, one.shown, warmup))


def build_iwae(o: IWAEOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Eq. 8 of the paper."""
    from rivals.games import IWAE
    from rivals.recipes.evidence import coded

    one = coded(o, spec, machine)
    return one.setup(IWAE(one.model, one.likelihood, one.noise, o.particles, one.shown))


PICTURES = Training(rounds=5_000)
POINTS = Training(rounds=10_000, batch=256)
PERCEPTRON = Coders(network="mlp", latent=2, width=128, activation="leaky")
AUTOENCODER = Recipe(
    "autoencoder",
    "codes",
    "An auto-encoder, and a normal where its codes lie",
    "Hinton 2006",
    {
        "pictures": AutoencoderOptions(training=PICTURES),
        "points": AutoencoderOptions(training=POINTS, networks=replace(PERCEPTRON, latent=1)),
    },
    build_autoencoder,
)
VAE = Recipe(
    "vae",
    "codes",
    "Variational auto-encoder",
    "1312.6114",
    {"pictures": VAEOptions(training=PICTURES), "points": VAEOptions(training=POINTS, networks=PERCEPTRON)},
    build_vae,
)
IWAE = Recipe(
    "iwae",
    "codes",
    "Importance-weighted auto-encoder: a tighter bound",
    "1509.00519",
    {"pictures": IWAEOptions(training=PICTURES), "points": IWAEOptions(training=POINTS, networks=PERCEPTRON)},
    build_iwae,
)
