"""Samples on demand: cgan, acgan and text-to-image, and supervised, the baseline that blurs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rivals.recipes.bounds import Count, Share
from rivals.recipes.gan import LossName
from rivals.recipes.options import Networks, Optimisers, Training, View
from rivals.recipes.recipe import Machine, Recipe, Setup

if TYPE_CHECKING:
    from rivals.feed import Field

Condition = Literal["auto", "label", "tags", "text"]
GeneratorWay = Literal["norm", "input"]
DiscriminatorWay = Literal["projection", "input", "two-heads"]

TRAINING = Training(rounds=8_000, batch=32)
NETWORKS = Networks(latent=64, width=32, discriminator_width=32, discriminator_norm="none")
OPTIMISERS = Optimisers(generator_lr=1e-3, discriminator_lr=1e-3, beta1=0.0, beta2=0.99, decay="cosine")


@dataclass(frozen=True, kw_only=True)
class SupervisedOptions:
    """A generator taught by the distance to each sample: blurred, for comparison."""

    training: Training = Training(rounds=2_000, batch=32)
    networks: Networks = NETWORKS
    optimisers: Optimisers = OPTIMISERS
    condition: Condition = "auto"
    """What is asked for; auto is text where there is text, else tags, else labels."""
    embedding: Count = 64
    """Numbers that a condition is read as."""
    generator_condition: GeneratorWay = "norm"
    """Where the condition enters the generator: conditional batch norm (1707.00683), or beside the code (1411.1784)."""
    distance: Literal["l1", "l2"] = "l1"
    """Mean absolute or mean squared difference."""


@dataclass(frozen=True, kw_only=True)
class CGANOptions:
    """Conditional GAN: R3GAN's game, whose discriminator also rejects real samples under a wrong condition."""

    training: Training = TRAINING
    networks: Networks = NETWORKS
    optimisers: Optimisers = OPTIMISERS
    view: View = View()
    condition: Condition = "auto"
    """What is asked for; auto is text where there is text, else tags, else labels."""
    embedding: Count = 64
    """Numbers that a condition is read as."""
    generator_condition: GeneratorWay = "norm"
    """Where the condition enters the generator: conditional batch norm (1707.00683), or beside the code (1411.1784)."""
    discriminator_condition: DiscriminatorWay = "projection"
    """Where it enters the discriminator: a projection (1802.05637), beside the sample (1411.1784), or a head of its own
    that judges the match alone (1710.10916)."""
    loss: LossName = "relativistic"
    """Value function."""
    wrong_weight: Share = 0.5
    """Share of real samples under a wrong condition among what is to be rejected (1605.05396); 0 for none."""
    penalty_weight: float = 1.0
    """Weight of R1 and R2 (gamma)."""
    penalty_end: Share = 0.1
    """Share of that weight which is left after all rounds; it falls on a cosine."""


@dataclass(frozen=True, kw_only=True)
class ACGANOptions:
    """Auxiliary classifier GAN: the discriminator also says which class or tags it sees."""

    training: Training = TRAINING
    networks: Networks = NETWORKS
    optimisers: Optimisers = OPTIMISERS
    view: View = View()
    condition: Literal["auto", "label", "tags"] = "auto"
    """What is asked for; auto is tags where there are tags, else labels."""
    embedding: Count = 64
    """Numbers that a condition is read as by the generator."""
    generator_condition: GeneratorWay = "norm"
    """Where the condition enters the generator: conditional batch norm (1707.00683), or beside the code (1411.1784)."""
    loss: LossName = "relativistic"
    """Value function of what is real (L_S)."""
    class_weight: float = 1.0
    """Weight of the classifier's part (L_C)."""
    fake_weight: float = 0.0
    """Share of it with which made samples teach the discriminator: 1 in the paper, which learns far more slowly."""
    penalty_weight: float = 1.0
    """Weight of R1 and R2 (gamma)."""
    penalty_end: Share = 0.1
    """Share of that weight which is left after all rounds; it falls on a cosine."""


ConditionalOptions = SupervisedOptions | CGANOptions | ACGANOptions


def build_cgan(o: CGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Algorithm 1 of GAN-CLS under the losses of R3GAN, with one head or two."""
    from rivals.games import ConditionalGAN, TwoHeadedGAN
    from rivals.parts.schedules import falling
    from rivals.recipes.conditional_players import asked_of, conditional_discriminator
    from rivals.recipes.networks import field_of
    from rivals.recipes.objectives import loss_of

    asked = asked_of(o, spec, machine)
    judge, augment = conditional_discriminator(o, asked, spec[field_of(spec)].shape, machine)
    make = TwoHeadedGAN if o.discriminator_condition == "two-heads" else ConditionalGAN
    game = make(
        asked.generator,
        judge,
        asked.prior,
        asked.seen,
        loss_of(o.loss, 0.0),
        wrong_weight=o.wrong_weight,
        penalty_weight=o.penalty_weight,
        penalty_schedule=falling(o.penalty_end, o.training.rounds),
        augment=augment,
    )
    return asked.setup(game, spec)


def build_acgan(o: ACGANOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """Eq. 2 and 3 of the paper."""
    from rivals.games import ACGAN
    from rivals.losses.recognition import wrong_label, wrong_tags
    from rivals.parts.schedules import falling
    from rivals.recipes.conditional_players import asked_of, classifying_discriminator
    from rivals.recipes.networks import field_of
    from rivals.recipes.objectives import loss_of

    asked = asked_of(o, spec, machine, kinds=("tags", "label"))  # sentences are no classes
    judge, augment = classifying_discriminator(o, asked, spec[field_of(spec)].shape, machine)
    game = ACGAN(
        asked.generator,
        judge,
        asked.prior,
        asked.seen,
        loss_of(o.loss, 0.0),
        wrong_label if asked.name == "label" else wrong_tags,
        class_weight=o.class_weight,
        fake_weight=o.fake_weight,
        penalty_weight=o.penalty_weight,
        penalty_schedule=falling(o.penalty_end, o.training.rounds),
        augment=augment,
    )
    return asked.setup(game, spec)


def build_supervised(o: SupervisedOptions, spec: "Mapping[str, Field]", machine: Machine) -> Setup:
    """The condition is the input, the sample the target."""
    from rivals.games import Supervised
    from rivals.losses.reconstruction import absolute_error, squared_error
    from rivals.recipes.conditional_players import asked_of

    asked = asked_of(o, spec, machine)
    distance = {"l1": absolute_error, "l2": squared_error}[o.distance]
    return asked.setup(Supervised(asked.generator, asked.prior, asked.seen, distance), spec)


WITHOUT = ("pack", "ensemble")
"""What does not go with conditions."""
OF_DISCRIMINATORS = (
    "discriminator_width", "discriminator_depth", "discriminator_fourier", "discriminator_norm", "discriminator_lr",
    "spectral", "dropout", "input_dropout", "minibatch_std",
)  # fmt: skip
CGAN = Recipe(
    "cgan",
    "conditional",
    "Conditional GAN: a class, tags or a sentence is asked for",
    "1802.05637",
    {"pictures": CGANOptions()},
    build_cgan,
    "adaptive",
    WITHOUT,
)
ACGAN = Recipe(
    "acgan",
    "conditional",
    "Auxiliary classifier GAN",
    "1610.09585",
    {"pictures": ACGANOptions()},
    build_acgan,
    "adaptive",
    WITHOUT,
)
TEXT_TO_IMAGE = Recipe(
    "text-to-image",
    "conditional",
    "Pictures from sentences, by a matching-aware discriminator",
    "1605.05396",
    {"pictures": CGANOptions(condition="text")},
    build_cgan,
    "adaptive",
    WITHOUT,
)
SUPERVISED = Recipe(
    "supervised",
    "conditional",
    "The mean picture of a condition: no opponent, for comparison",
    "1411.5928",
    {"pictures": SupervisedOptions()},
    build_supervised,
    without=(*WITHOUT, *OF_DISCRIMINATORS),
)
