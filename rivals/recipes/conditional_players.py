"""From options to players that heed a condition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from rivals.feed import Field
from rivals.networks.conditional import (
    ClassifyingDiscriminator,
    ConditionalBatchNorm,
    JoinedDiscriminator,
    JoinedGenerator,
    ModulatedGenerator,
    ProjectionDiscriminator,
    TwoHeadedDiscriminator,
)
from rivals.networks.dcgan import DCGANGenerator
from rivals.networks.evaluation import applied, evaluating
from rivals.networks.readers import SentenceReader, TagReader
from rivals.networks.resnet import ResNetGenerator
from rivals.networks.spectral import spectral
from rivals.parts.adaptive_augment import AdaptiveAugment
from rivals.parts.priors import Prior
from rivals.parts.seen import SeenConditions
from rivals.play import Game, Player
from rivals.recipes.conditional import ACGANOptions, CGANOptions, ConditionalOptions, DiscriminatorWay
from rivals.recipes.conditions import conditions_of
from rivals.recipes.networks import discriminator_of, field_of, generator_of, mapped, picture_shape, prior_of
from rivals.recipes.options import Networks
from rivals.recipes.players import behind_view, player
from rivals.recipes.recipe import Machine, Setup

KINDS = ("text", "tags", "label")
"""Fields that can be asked for, the richest first."""
POOL = 1024
"""Conditions that samples are asked for, as they came in the data."""


@dataclass
class Asked:
    """A generator that heeds a condition, and what a setup needs around it."""

    generator: Player
    prior: Prior
    seen: SeenConditions
    name: str
    """Of the field that holds the condition."""
    field: Field
    judge: Callable[[Tensor, Tensor], Tensor] | None = None
    """Samples and conditions -> logits (n,)."""
    realism: Callable[[Tensor], Tensor] | None = None
    """Samples -> logits (n,), whatever was asked for, where the discriminator has such a word."""

    def setup(self, game: Game, spec: Mapping[str, Field]) -> Setup:
        """The game, asked for conditions as they come in the data."""
        fields = (field_of(spec), self.name)
        setup = Setup(game, fields, self.sample, judge=self.realism, draw=self.draw)
        setup.conditions = conditions_of(self.name, self.field, partial(self.under, setup))
        return setup

    def sample(self, n: int) -> Tensor:
        return applied(self.generator.sampler, self.prior(n), self.seen.draw(n))

    def draw(self, n: int) -> Tensor:
        return self.generator(self.prior(n), self.seen.draw(n))

    def under(self, setup: Setup, condition: Tensor) -> Setup:
        """The setup bound to one condition (...), as if there were no other."""
        condition = condition.to(self.seen.pool)

        def asked(n: int) -> Tensor:
            return condition.expand(n, *condition.shape)

        def generate(codes: Tensor) -> Tensor:
            return applied(self.generator.sampler, codes, asked(len(codes)))

        def differentiable(codes: Tensor) -> Tensor:
            with evaluating(self.generator.sampler) as network:
                return network(codes, asked(len(codes)))

        judge = self.judge
        return replace(
            setup,
            sample=lambda n: generate(self.prior(n)),
            generate=generate,
            generator=differentiable,
            prior=self.prior,
            judge=None if judge is None else lambda x: judge(x, asked(len(x))),
            draw=lambda n: self.generator(self.prior(n), asked(n)),
            conditions=None,
        )


def asked_of(
    o: ConditionalOptions, spec: Mapping[str, Field], machine: Machine, kinds: tuple[str, ...] = KINDS
) -> Asked:
    """The generator that heeds the condition which the options name, one of the `kinds` that a game can use.

    Raises ValueError if the data has none.
    """
    name = condition_field(o.condition, spec, kinds)
    network = conditional_generator(o, spec[field_of(spec)].shape, spec[name])
    return Asked(
        player(network, o, machine, lr=o.optimisers.generator_lr, average=True),
        prior_of(o.networks, machine),
        SeenConditions(every(spec[name], POOL).to(machine.device)),
        name,
        spec[name],
    )


def condition_field(wanted: str, spec: Mapping[str, Field], kinds: tuple[str, ...] = KINDS) -> str:
    """The field that holds what is asked for, of some kinds the first that there is.

    Raises ValueError if there is none, or not the one that is wanted.
    """
    found = [name for name in kinds if name in spec]
    if wanted in found or (wanted == "auto" and found):
        return found[0] if wanted == "auto" else wanted
    need = " or ".join(reversed(kinds) if wanted == "auto" else [wanted]).replace("label", "labels")
    advice = "give a data set with labels, a folder a class, or a table of tags or text beside the pictures"
    if found:
        advice = f"use --condition {found[0]}"
        if need == "text":
            advice = f"head the columns of the table file,text if it holds sentences, or {advice}"
    elif other := [name for name in KINDS if name in spec]:
        advice = f"`rivals train cgan` heeds the {other[0]}"
    raise ValueError(f"this recipe needs {need} beside the samples, and the data has {', '.join(spec)}; {advice}")


def conditional_generator(o: ConditionalOptions, shape: tuple[int, ...], field: Field) -> nn.Module:
    """(codes, conditions) -> samples, by the way that the options name.

    Raises ValueError if the condition is to enter norms that the network does not have.
    """
    networks, width = o.networks, o.embedding
    if o.generator_condition == "input":
        return JoinedGenerator(
            generator_of(replace(networks, latent=networks.latent + width), shape), reader(field, width)
        )
    bodies = {"dcgan": DCGANGenerator, "resnet": ResNetGenerator}
    if networks.network not in bodies or networks.generator_norm != "batch":
        raise ValueError(
            "--generator-condition norm needs --network dcgan or resnet with --generator-norm batch; "
            "use --generator-condition input"
        )
    norm = partial(ConditionalBatchNorm, width=width)
    make, picture = bodies[networks.network], picture_shape(networks, shape)
    body = mapped(networks, lambda latent: make(latent, picture, networks.width, norm))
    return ModulatedGenerator(body, reader(field, width))


def conditional_discriminator(
    o: CGANOptions, asked: Asked, shape: tuple[int, ...], machine: Machine
) -> tuple[Player, AdaptiveAugment | None]:
    """The discriminator of samples and conditions that the options name, and its adaptive view."""
    width = o.embedding
    joined = (shape[0] + width, *shape[1:])
    read = reader(asked.field, width)
    read = spectral(read) if o.networks.spectral else read
    makers: dict[DiscriminatorWay, Callable[[], nn.Module]] = {
        "input": lambda: JoinedDiscriminator(discriminator_of(o.networks, joined), read),
        "projection": lambda: ProjectionDiscriminator(body(o.networks, shape, width), read),
        "two-heads": lambda: TwoHeadedDiscriminator(body(o.networks, shape, width), read),
    }
    network, augment = behind_view(makers[o.discriminator_condition](), o.view, shape)
    judge = player(network, o, machine, lr=o.optimisers.discriminator_lr)
    asked.judge = judge
    if o.discriminator_condition == "two-heads":
        start = asked.seen.pool[:1]
        asked.judge = lambda x, condition: torch.stack(judge(x, condition)).sum(0)
        asked.realism = lambda x: judge(x, start.expand(len(x), *start.shape[1:]))[0]
    return judge, augment


def classifying_discriminator(
    o: ACGANOptions, asked: Asked, shape: tuple[int, ...], machine: Machine
) -> tuple[Player, AdaptiveAugment | None]:
    """The discriminator that says what it sees, and its adaptive view."""
    classes = body(o.networks, shape, size_of(asked.field))
    network, augment = behind_view(ClassifyingDiscriminator(classes), o.view, shape)
    judge = player(network, o, machine, lr=o.optimisers.discriminator_lr)
    asked.realism = lambda x: judge(x)[0]
    asked.judge = lambda x, condition: judge(x)[0]
    return judge, augment


def body(o: Networks, shape: tuple[int, ...], more: int) -> nn.Module:
    """A discriminator that says `more` than one thing."""
    return discriminator_of(o, shape, 1 + more)


def size_of(field: Field) -> int:
    """How many classes, tags or words a field knows."""
    if field.kind == "label":
        return len(field.words) or int(field.high) + 1
    return len(field.words) or field.shape[0]


def reader(field: Field, width: int) -> nn.Module:
    """Conditions -> vectors (n, width). Each player reads for itself: no encoder is shared."""
    made: dict[str, Callable[[int, int], nn.Module]] = {
        "label": nn.Embedding,
        "tags": TagReader,
        "text": SentenceReader,
    }
    return made[field.kind](size_of(field), width)


def every(field: Field, n: int) -> Tensor:
    """n conditions before any has been seen: all classes in turn, each tag alone, each word alone."""
    index = torch.arange(n) % size_of(field)
    if field.kind == "label":
        return index
    if field.kind == "tags":
        return nn.functional.one_hot(index, field.shape[0]).float()
    return nn.functional.pad(index[:, None], (0, field.shape[0] - 1))
