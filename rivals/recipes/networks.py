"""From options to networks."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from rivals.feed import Field
from rivals.networks.autoencoder import PictureDecoder, PictureEncoder
from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator, course_pair
from rivals.networks.ensemble import Ensemble
from rivals.networks.infogan import InfoGANDiscriminator, InfoGANGenerator
from rivals.networks.mapping import UNITS, Mapped
from rivals.networks.mlp import MLPDiscriminator, MLPGenerator
from rivals.networks.packing import Packed
from rivals.networks.r3gan import R3GANDiscriminator, R3GANGenerator
from rivals.networks.resnet import Pool, ResNetDiscriminator, ResNetGenerator
from rivals.networks.spectral import spectral
from rivals.networks.unrolled import UnrolledDiscriminator, UnrolledGenerator
from rivals.parts.priors import Prior, gaussian, uniform
from rivals.recipes.options import Networks
from rivals.recipes.recipe import Machine


def field_of(spec: Mapping[str, Field]) -> str:
    """The field that a generator learns to make: pictures where there are pictures, else points.

    Raises ValueError if the data has neither.
    """
    for name in ("image", "point"):
        if name in spec:
            return name
    raise ValueError(f"this recipe needs pictures or points, and the data has {', '.join(spec)}")


def generator_of(o: Networks, shape: tuple[int, ...]) -> nn.Module:
    """The generator that the options name, codes (n, latent) to (n, *shape); an ensemble where asked."""
    width, norm = o.width, o.generator_norm
    makers: dict[str, Callable[[int], nn.Module]] = {
        "mlp": lambda latent: _mlp_generator(o, latent, shape),
        "dcgan": lambda latent: DCGANGenerator(latent, picture_shape(o, shape), width, norm),
        "dcgan-course": lambda latent: _course(latent, shape)[0],
        "resnet": lambda latent: ResNetGenerator(latent, picture_shape(o, shape), width, norm),
        "r3gan": lambda latent: R3GANGenerator(latent, picture_shape(o, shape), width, o.blocks),
        "autoencoder": lambda latent: PictureDecoder(picture_shape(o, shape), width, latent),
        "unrolled": lambda latent: UnrolledGenerator(latent, picture_shape(o, shape), width, norm),
        "infogan": lambda latent: InfoGANGenerator(latent, picture_shape(o, shape), width, norm),
    }
    members = [mapped(o, makers[o.network]) for _ in range(o.ensemble)]
    return members[0] if o.ensemble == 1 else Ensemble(members)


def mapped(o: Networks, body: Callable[[int], nn.Module]) -> nn.Module:
    """The body, made for codes of a size, behind the mapping network that the options ask for, if any."""
    if o.mapping < 1:
        return body(o.latent)
    return Mapped(body(UNITS), o.latent, o.mapping, o.generator_norm)


def discriminator_of(o: Networks, shape: tuple[int, ...], outputs: int = 1) -> nn.Module:
    """The discriminator that the options name, (n, *shape) to logits; of several samples at once where asked.

    With several `outputs` to (n, outputs). Raises ValueError for a network that cannot say as much,
    or that cannot be normalised so.
    """
    shape = (shape[0] * o.pack, *shape[1:])
    width, norm = o.discriminator_width, o.discriminator_norm
    pool: Pool = "sum" if o.spectral else "mean"
    extras: dict[str, Any] = {"dropout": o.dropout, "minibatch_std": o.minibatch_std, "outputs": outputs}
    makers: dict[str, Callable[[], nn.Module]] = {
        "mlp": lambda: MLPDiscriminator(
            shape,
            width,
            o.discriminator_depth,
            o.activation,
            norm,
            o.dropout,
            o.discriminator_fourier,
            o.input_dropout,
            outputs,
        ),
        "dcgan": lambda: DCGANDiscriminator(picture_shape(o, shape), width, norm, **extras),
        "dcgan-course": lambda: _course(o.latent, shape)[1],
        "resnet": lambda: ResNetDiscriminator(picture_shape(o, shape), width, norm, pool=pool, **extras),
        "r3gan": lambda: R3GANDiscriminator(picture_shape(o, shape), width, o.blocks, outputs=outputs),
        "autoencoder": lambda: PictureEncoder(picture_shape(o, shape), width, outputs, flat=outputs == 1),
        "unrolled": lambda: UnrolledDiscriminator(picture_shape(o, shape), width, norm, outputs),
        "infogan": lambda: InfoGANDiscriminator(picture_shape(o, shape), width, norm),
    }
    if o.network in ("dcgan-course", "infogan") and outputs > 1:
        raise ValueError(f"the discriminator of --network {o.network} says one thing only; use --network dcgan here")
    if o.network == "r3gan" and o.spectral:
        raise ValueError(
            "spectral normalisation divides by the size of layers that begin at zero with --network r3gan; "
            "use --network dcgan or resnet, or a recipe without it"
        )
    network = makers[o.network]()
    network = spectral(network) if o.spectral else network
    return network if o.pack == 1 else Packed(network, o.pack)


def prior_of(o: Networks, machine: Machine) -> Prior:
    """Where the codes come from."""
    return (uniform if o.prior == "uniform" else gaussian)(o.latent, machine.device)


def _mlp_generator(o: Networks, latent: int, shape: tuple[int, ...]) -> nn.Module:
    activation = "relu" if o.activation == "maxout" else o.activation
    return MLPGenerator(latent, shape, o.width, o.depth, o.generator_norm, activation, o.generator_fourier)


def picture_shape(o: Networks, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The shape as that of a picture. Raises ValueError if it is that of a point."""
    if len(shape) != 3:
        raise ValueError(f"--network {o.network} makes pictures, and this data is points; use --network mlp")
    return shape[0], shape[1], shape[2]


def _course(latent: int, shape: tuple[int, ...]) -> tuple[nn.Module, nn.Module]:
    if shape != (3, 128, 128):
        raise ValueError("--network dcgan-course is for colour pictures of 128x128; add --size 128 --channels 3")
    return course_pair(latent)
