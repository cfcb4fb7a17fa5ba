"""The two-player game under its value functions: gan, nsgan, lsgan, hinge-sn, dragan, fgan, pacgan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rivals.recipes.bounds import Count, Share
from rivals.recipes.options import Networks, Optimisers, Training, View
from rivals.recipes.recipe import Machine, Recipe, Setup, Target, one_centred

if TYPE_CHECKING:
    from rivals.feed import Field

LossName = Literal[
    "minimax", "non-saturating", "least-squares", "wasserstein", "hinge", "relativistic",
    "kl", "reverse-kl", "pearson", "squared-hellinger", "jensen-shannon",
]  # fmt: skip
PenaltyName = Literal["none", "gradient", "r1", "r2", "r1+r2", "dragan", "lecam"]


@dataclass(frozen=True, kw_only=True)
class GANOptions:
    """The two-player game: its value function, its penalty, and what helps against its finickiness."""

    training: Training = Training()
    networks: Networks = Networks()
    optimisers: Optimisers = Optimisers()
    view: View = View()
    loss: LossName = "non-saturating"
    """Value function; kl to jensen-shannon are f-divergences through their conjugates (1606.00709)."""
    discriminator_steps: Count = 1
    """Discriminator steps a round (k)."""
    penalty: PenaltyName = "none"
    """Penalty on the discriminator."""
    penalty_weight: float = 10.0
    """Weight of the penalty; lecam has one of its own."""
    lecam_weight: float = 0.3
    """Weight of the lecam penalty (2104.03310)."""
    penalty_every: Count = 1
    """Moves of the discriminator between penalties; above 1 each is one of its own with as many times the weight."""
    label_smoothing: Share = 0.0
    """Probability with which real samples are called fake, one-sided (1606.03498); cross-entropy losses only."""
    label_noise: Share = 0.0
    """Share of real and fake samples that change places before the discriminator sees them."""
    fake_history: int = 0
    """Past fakes kept, from which half of what the discriminator sees is drawn (1612.07828)."""
    past_discriminators: int = 0
    """Past discriminators kept, all of which the generator plays against."""
    past_every: Count = 1000
    """Rounds after which the discriminator is copied among the past ones."""
    unrolled_steps: int = 0
    """Discriminator steps that the generator looks ahead (1611.02163)."""


def build(o: GANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """The game that the options name."""
    from rivals.games import GAN, UnrolledGAN
    from rivals.parts.history import FakeHistory, PastPlayers
    from rivals.parts.lecam import LeCam
    from rivals.recipes.objectives import loss_of, penalty_of
    from rivals.recipes.players import pair

    loss, penalty = loss_of(o.loss, o.label_smoothing), penalty_of(o.penalty, o.penalty_weight)
    lazy = o.discriminator_steps / o.penalty_every if penalty and o.penalty_every > 1 else 0.0
    two = pair(o, spec, machine, discriminator_steps=o.discriminator_steps + lazy, adapts=not o.unrolled_steps)
    if o.unrolled_steps:
        _check_unrolled(o)
        game = UnrolledGAN(two.generator, two.discriminator, two.prior, loss, look_ahead=o.unrolled_steps)
        return two.setup(game, spec)
    every = o.past_every * o.discriminator_steps
    game = GAN(
        two.generator,
        two.discriminator,
        two.prior,
        loss,
        discriminator_steps=o.discriminator_steps,
        penalty=penalty,
        penalty_every=o.penalty_every,
        history=FakeHistory(o.fake_history) if o.fake_history else None,
        label_noise=o.label_noise,
        past=PastPlayers(two.discriminator.network, o.past_discriminators, every) if o.past_discriminators else None,
        lecam=LeCam().to(machine.device) if o.penalty == "lecam" else None,
        lecam_weight=o.lecam_weight,
        augment=two.augment,
    )
    return two.setup(game, spec, _targets(o))


def _check_unrolled(o: GANOptions) -> None:
    """Raises ValueError for what the unrolled game, which is a game of its own, does not have."""
    plain = GANOptions()
    for name in ("penalty", "discriminator_steps", "label_noise", "fake_history", "past_discriminators"):
        if getattr(o, name) != getattr(plain, name):
            option = name.replace("_", "-")
            raise ValueError(f"--unrolled-steps does not go with --{option} {getattr(o, name)}; leave one of them out")


def _targets(o: GANOptions) -> dict[str, Target]:
    """That of the penalties which want a slope of 1; the game logs them with their weight."""
    if o.penalty not in ("gradient", "dragan") or not o.penalty_weight:
        return {}
    plain = one_centred(o.penalty_weight)
    return {"discriminator/penalty": replace(plain, high=plain.high * o.penalty_weight)}


POINTS = GANOptions(
    training=Training(rounds=20_000, batch=256),
    networks=Networks(
        network="mlp",
        latent=2,
        width=128,
        discriminator_width=128,
        generator_norm="none",
        discriminator_norm="none",
    ),
    optimisers=Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine"),
)
PICTURES = GANOptions()


def _recipe(name: str, title: str, paper: str, points: GANOptions, pictures: GANOptions) -> Recipe:
    return Recipe(name, "GAN", title, paper, {"pictures": pictures, "points": points}, build, "adaptive")


def _under(loss: LossName) -> dict[str, GANOptions]:
    return {"points": replace(POINTS, loss=loss), "pictures": replace(PICTURES, loss=loss)}


GAN_RECIPE = _recipe("gan", "The minimax game of 2014", "1406.2661", **_under("minimax"))
NSGAN = _recipe("nsgan", "Non-saturating GAN", "1406.2661", **_under("non-saturating"))
LSGAN = _recipe("lsgan", "Least-squares GAN", "1611.04076", **_under("least-squares"))
FGAN = _recipe("fgan", "f-GAN: any f-divergence through its conjugate", "1606.00709", **_under("pearson"))
HINGE_SN = _recipe(
    "hinge-sn",
    "Hinge loss with spectral normalisation (SNGAN)",
    "1802.05957",
    replace(POINTS, loss="hinge", networks=replace(POINTS.networks, spectral=True)),
    replace(PICTURES, loss="hinge", networks=replace(PICTURES.networks, spectral=True, discriminator_norm="none")),
)
DRAGAN = _recipe(
    "dragan",
    "Gradient penalty around the real samples",
    "1705.07215",
    replace(POINTS, penalty="dragan", penalty_weight=1.0, discriminator_steps=2),
    replace(
        PICTURES,
        penalty="dragan",
        penalty_weight=10.0,
        networks=replace(PICTURES.networks, discriminator_norm="none"),
    ),
)
PACGAN = _recipe(
    "pacgan",
    "A discriminator that judges several samples at once",
    "1712.04086",
    replace(POINTS, networks=replace(POINTS.networks, pack=4)),
    replace(PICTURES, networks=replace(PICTURES.networks, pack=2)),
)
