"""bigan: a generator and its inverse, learned together; with a stochastic encoder it is ALI."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rivals.recipes.options import Networks, Optimisers, Training
from rivals.recipes.recipe import Machine, Recipe, Setup
from rivals.recipes.wgan import MLP

if TYPE_CHECKING:
    from torch import Tensor

    from rivals.feed import Field
    from rivals.networks.joint import Encoder, JointDiscriminator


@dataclass(frozen=True, kw_only=True)
class BiGANOptions:
    """Bidirectional GAN: an encoder beside the generator, judged by samples together with their codes."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    encoder: Literal["deterministic", "stochastic"] = "deterministic"
    """Whether a sample has one code (BiGAN) or a Gaussian of codes (ALI, 1606.00704)."""
    weight_decay: float = 2.5e-5
    """Weight of the squared weights of all networks (L2)."""


def build(o: BiGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Sec. 3 of the paper. The setup has no judge: a sample without the code that it was made from tells nothing."""
    from rivals.games import BiGAN
    from rivals.networks.evaluation import applied
    from rivals.networks.joint import Encoder
    from rivals.recipes.networks import field_of, generator_of, prior_of
    from rivals.recipes.players import Pair, player

    shape = spec[field_of(spec)].shape
    encoder, joint = networks_of(o, shape)
    rates, decay = o.optimisers, o.weight_decay
    generator = player(
        generator_of(o.networks, shape), o, machine, lr=rates.generator_lr, average=True, weight_decay=decay
    )
    coder = player(encoder, o, machine, lr=rates.generator_lr, average=True, weight_decay=decay)
    judge = player(joint, o, machine, lr=rates.discriminator_lr, weight_decay=decay)
    two = Pair(generator, judge, prior_of(o.networks, machine), None)
    setup = two.setup(BiGAN(generator, coder, judge, two.prior), spec)
    network = coder.sampler
    assert isinstance(network, Encoder)

    def features(x: "Tensor") -> "Tensor":
        return applied(network, x, by=network.features)

    return replace(setup, encode=lambda x: applied(network, x), features=features)


def networks_of(o: BiGANOptions, shape: tuple[int, ...]) -> "tuple[Encoder, JointDiscriminator]":
    """The encoder and the discriminator of pairs. Raises ValueError for networks that have none."""
    from rivals.networks import joint

    n, stochastic = o.networks, o.encoder == "stochastic"
    if n.network == "mlp":
        return (
            joint.flat_encoder(shape, n.latent, n.width, n.depth, n.generator_norm, stochastic=stochastic),
            joint.flat_joint(
                shape, n.latent, n.discriminator_width, n.discriminator_depth, n.discriminator_norm, n.dropout
            ),
        )
    if n.network == "dcgan":
        return (
            joint.picture_encoder(shape, n.latent, n.width, n.generator_norm, stochastic=stochastic),
            joint.picture_joint(shape, n.latent, n.discriminator_width, n.discriminator_norm, n.dropout),
        )
    raise ValueError(f"bigan has no encoder for --network {n.network}; use mlp or dcgan")


RECIPE = Recipe(
    "bigan",
    "codes",
    "A generator and its inverse, learned together (BiGAN, ALI)",
    "1605.09782",
    {
        "pictures": BiGANOptions(
            training=Training(rounds=20_000, batch=128),
            networks=Networks(latent=50, prior="uniform", width=32, discriminator_width=32),
            optimisers=Optimisers(average=500.0),
        ),
        "points": BiGANOptions(
            training=Training(rounds=10_000, batch=256),
            networks=replace(MLP, prior="uniform", discriminator_depth=4),
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.5, decay="cosine"),
        ),
    },
    build,
    without=("spectral", "minibatch_std", "input_dropout", "pack"),
)
