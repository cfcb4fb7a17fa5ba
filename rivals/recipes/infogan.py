"""infogan: a GAN whose codes have a meaning, found without labels."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rivals.recipes.bounds import Count
from rivals.recipes.options import Networks, Optimisers, Training
from rivals.recipes.recipe import Machine, Recipe, Setup
from rivals.recipes.wgan import MLP

if TYPE_CHECKING:
    from torch import Tensor, nn

    from rivals.feed import Field
    from rivals.parts.codes import Codes


@dataclass(frozen=True, kw_only=True)
class InfoGANOptions:
    """Information-maximising GAN: categories and continuous codes that can be read off every sample."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    categories: Count = 10
    """Values of a categorical code."""
    categorical_codes: int = 1
    """Categorical codes."""
    continuous: int = 2
    """Continuous codes; what is left of --latent is noise."""
    learned_sd: bool = False
    """Learn the deviation of each continuous code as it is read; otherwise it is 1, as in the authors' code."""
    information_weight: float = 1.0
    """Weight of the information about the codes (lambda)."""
    continuous_weight: float = 1.0
    """Weight of the continuous codes within it."""
    paired_weight: float = 0.0
    """Weight of a second way to find categories: as what stays when real pictures are turned, stretched, slanted and
    shifted (1807.06653). 0 is the paper's own game, which two digits may share a category in."""


def build(o: InfoGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Eq. 6 of the paper."""
    from rivals.games import InfoGAN
    from rivals.networks.evaluation import applied
    from rivals.networks.featured import Featured, TwoHeads, features_size
    from rivals.recipes.named_codes import named_conditions
    from rivals.recipes.networks import discriminator_of, field_of, generator_of
    from rivals.recipes.players import Pair, player

    shape, codes = spec[field_of(spec)].shape, codes_of(o, machine)
    generator = player(generator_of(o.networks, shape), o, machine, lr=o.optimisers.generator_lr, average=True)
    judge = discriminator_of(o.networks, shape)
    if not isinstance(judge, Featured):
        raise ValueError("infogan reads codes off a discriminator's features; use --network infogan, dcgan or mlp")
    norm = "batch" if o.networks.discriminator_norm == "batch" else "none"
    heads = TwoHeads(judge, features_size(judge, shape), codes.reading, norm=norm)
    both = player(heads, o, machine, lr=o.optimisers.discriminator_lr)
    two = Pair(generator, both, codes, lambda x: both(x)[0])
    changed = changes_for(codes, shape) if o.paired_weight else None
    game = InfoGAN(
        generator, both, codes, o.information_weight, o.continuous_weight, changed, paired_weight=o.paired_weight
    )
    setup = two.setup(game, spec)

    def reading(x: "Tensor") -> "Tensor":
        return both(x)[1]

    def encode(x: "Tensor") -> "Tensor":
        return codes.expected(applied(both.network, x, by=reading))

    return replace(setup, codes=codes, encode=encode, conditions=named_conditions(setup, codes))


def changes_for(codes: "Codes", shape: tuple[int, ...]) -> "nn.Module":
    """What leaves a picture's category. Raises ValueError for points, where nothing is known to, and no categories."""
    from rivals.parts.warp import Warp

    if len(shape) != 3:
        raise ValueError("--paired-weight turns and stretches pictures; for points leave it at 0")
    if not codes.categories:
        raise ValueError("--paired-weight is for categories; with --categorical-codes 0 leave it at 0")
    return Warp()


def codes_of(o: InfoGANOptions, machine: Machine) -> "Codes":
    """The codes that the options name. Raises ValueError where they do not fit in --latent."""
    from rivals.parts.codes import Codes

    named = o.categories * o.categorical_codes + o.continuous
    if o.networks.latent < named:
        raise ValueError(
            f"--latent {o.networks.latent} is too small for {named} dimensions of categories and continuous codes; "
            f"use {named} or more"
        )
    categories = (o.categories,) * o.categorical_codes
    return Codes(o.networks.latent - named, categories, o.continuous, o.learned_sd, machine.device)


RECIPE = Recipe(
    "infogan",
    "GAN",
    "Codes with a meaning, found without labels (InfoGAN)",
    "1606.03657",
    {
        "pictures": InfoGANOptions(
            training=Training(rounds=5_000, batch=128),
            networks=Networks(network="infogan", latent=74, width=32, discriminator_width=32),
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=2e-4, average=200.0),
        ),
        "points": InfoGANOptions(
            training=Training(rounds=10_000, batch=256),
            networks=replace(MLP, latent=12),
            optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine"),
            categories=8,
            continuous=1,
        ),
    },
    build,
    without=("pack", "prior"),
)
