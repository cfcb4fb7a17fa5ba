"""Energies: ebgan and began, whose discriminators are auto-encoders, and ebm, a discriminator that generates alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rivals.recipes.bounds import Count, Share
from rivals.recipes.options import Networks, Optimisers, Training
from rivals.recipes.recipe import Machine, Recipe, Setup, Target
from rivals.recipes.wgan import MLP

if TYPE_CHECKING:
    from rivals.feed import Field


@dataclass(frozen=True, kw_only=True)
class EBGANOptions:
    """Energy-based GAN: the reconstruction error of an auto-encoder is the energy."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    code: Count = 64
    """Dimensions of the auto-encoder's code."""
    margin: float = 0.1
    """Energy per pixel up to which fakes are pushed (m)."""
    pulling_weight: float = 0.1
    """Weight of the term that pulls the codes of fakes apart."""


@dataclass(frozen=True, kw_only=True)
class BEGANOptions:
    """Boundary-equilibrium GAN: real and fake reconstruction errors held in balance."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    code: Count = 64
    """Dimensions of the auto-encoder's code."""
    balance: float = 0.5
    """Wanted ratio of the fakes' error to the reals' (gamma): low is sharp, high is varied."""
    balance_rate: float = 0.001
    """Speed of the controller (lambda_k)."""


@dataclass(frozen=True, kw_only=True)
class EBMOptions:
    """Energy-based model: positives from the data, negatives by climbing the discriminator from a buffer of chains."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    climb_steps: Count = 20
    """Steps of a climb (K)."""
    climb_rate: float = 10.0
    """Length of a step along the gradient."""
    climb_noise: float = 0.005
    """Standard deviation of the noise of a step; with it the climb is Langevin dynamics."""
    climb_bound: float = 0.03
    """Bound on the norm of a sample's gradient."""
    chains: Count = 10_000
    """Chains in the replay buffer."""
    restart: Share = 0.05
    """Probability that a chain begins anew."""
    logit_weight: float = 0.1
    """Weight of the squared logits (alpha)."""
    blur: float = 0.01
    """Standard deviation of the noise added to positives."""


AutoencoderOptions = EBGANOptions | BEGANOptions


def build_ebgan(o: EBGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Eq. 1 and 2 of the paper."""
    from rivals.games import EBGAN
    from rivals.recipes.players import autoencoding_pair

    two = autoencoding_pair(o, spec, machine)
    game = EBGAN(two.generator, two.discriminator, two.prior, margin=o.margin, pulling_weight=o.pulling_weight)
    return two.setup(game, spec)


def build_began(o: BEGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Sec. 3.4 of the paper."""
    from rivals.games import BEGAN
    from rivals.parts.equilibrium import Equilibrium
    from rivals.recipes.players import autoencoding_pair

    # Bounded, an auto-encoder learns to reproduce plain grey before any picture, and generators stay there.
    two = autoencoding_pair(o, spec, machine, bounded=False)
    two.judge = None  # at its equilibrium, by design, the fakes' error is the smaller one: it tells nothing apart
    equilibrium = Equilibrium(o.balance, o.balance_rate).to(machine.device)
    game = BEGAN(two.generator, two.discriminator, two.prior, equilibrium)
    return two.setup(game, spec, {"discriminator/ratio": Target("balance", o.balance / 2, 2 * o.balance + 1e-3)})


def build_ebm(o: EBMOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Algorithm 1 of the paper."""
    import torch

    from rivals.games import Climb, EnergyModel
    from rivals.parts.chains import Chains
    from rivals.recipes.networks import discriminator_of, field_of
    from rivals.recipes.players import player

    if o.chains < o.training.batch:
        raise ValueError(f"--chains {o.chains} are fewer than --batch {o.training.batch} takes up at once; keep more")
    field = spec[field_of(spec)]
    judge = player(
        discriminator_of(o.networks, field.shape), o, machine, lr=o.optimisers.discriminator_lr, average=True
    )

    def start(n: int) -> torch.Tensor:
        spread = torch.rand(n, *field.shape, device=machine.device) * 2 - 1
        return spread if field.kind == "picture" else 2 * spread

    climb = Climb(o.climb_steps, o.climb_rate, o.climb_noise, o.climb_bound, field.low, field.high)
    game = EnergyModel(judge, Chains(start, o.chains, o.restart), climb, logit_weight=o.logit_weight, blur=o.blur)
    return Setup(
        game,
        (field_of(spec),),
        lambda n: game.sample(n, climbs=3),
        judge=judge,
        draw=game.chains.draw,
    )


def _recipe(
    name: Literal["ebgan", "began"],
    title: str,
    paper: str,
    points: AutoencoderOptions,
    pictures: AutoencoderOptions,
) -> Recipe:
    build = build_ebgan if name == "ebgan" else build_began
    return Recipe(name, "energy", title, paper, {"pictures": pictures, "points": points}, build, without=OF_JUDGES)


OF_JUDGES = (
    "discriminator_depth", "discriminator_fourier", "discriminator_norm", "spectral", "dropout", "input_dropout",
    "minibatch_std", "pack",
)  # fmt: skip
"""What an auto-encoder does not have."""
OF_GENERATORS = (
    "latent", "mapping", "prior", "width", "depth", "generator_fourier", "generator_norm", "generator_lr", "ensemble",
)  # fmt: skip
FAST = Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine")
SHORT = Training(rounds=20_000, batch=256)
EBGAN = _recipe(
    "ebgan",
    "Energy-based GAN with margin and pulling-away term",
    "1609.03126",
    EBGANOptions(training=SHORT, networks=MLP, optimisers=FAST, code=8, margin=0.5),
    EBGANOptions(optimisers=Optimisers(beta1=0.5), margin=0.1),
)
BEGAN = _recipe(
    "began",
    "Boundary-equilibrium GAN",
    "1703.10717",
    BEGANOptions(
        training=SHORT,
        networks=MLP,
        optimisers=replace(FAST, discriminator_lr=1e-2),
        code=1,
        balance=1.0,
        balance_rate=0.1,
    ),
    BEGANOptions(
        networks=Networks(latent=64, width=32, discriminator_width=32),
        optimisers=Optimisers(generator_lr=5e-4, discriminator_lr=5e-4),
        code=32,
        balance=0.95,  # at 0.7 plain pictures are in balance where contrast is high: easier than any real one
        balance_rate=0.05,
    ),
)
EBM = Recipe(
    "ebm",
    "energy",
    "A discriminator that generates alone, by climbing",
    "1903.08689",
    {
        "pictures": EBMOptions(
            training=Training(rounds=20_000),
            networks=Networks(discriminator_norm="none"),
            optimisers=Optimisers(discriminator_lr=1e-4, beta1=0.0),
        ),
        "points": EBMOptions(
            training=Training(rounds=10_000, batch=256),
            networks=MLP,
            optimisers=replace(FAST, beta1=0.0),
            climb_rate=0.02,
            climb_noise=0.1,
            climb_bound=10.0,
            blur=0.02,
        ),
    },
    build_ebm,
    without=OF_GENERATORS,
)
