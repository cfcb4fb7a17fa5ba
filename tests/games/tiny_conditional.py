"""Games that are told what to make: four blobs on a plane, each asked for by its number, its tags or a sentence."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from rivals.feed import Feed, Field
from rivals.games import ACGAN, ConditionalGAN, Supervised, TwoHeadedGAN
from rivals.loop import fit
from rivals.losses.adversarial import hinge
from rivals.losses.recognition import wrong_tags
from rivals.networks.conditional import (
    ClassifyingDiscriminator,
    JoinedDiscriminator,
    JoinedGenerator,
    ProjectionDiscriminator,
    TwoHeadedDiscriminator,
)
from rivals.networks.readers import SentenceReader, TagReader
from rivals.networks.spectral import spectral
from rivals.parts.priors import gaussian
from rivals.parts.seen import SeenConditions
from tests.games.tiny import Move, Points, Tiny, averaged, four_blobs, mlp, player

LATENT, WIDTH = 4, 8
WORDS = ("", "?", "left", "right", "low", "high")
LABELS = torch.arange(4)
TAGS = torch.tensor([[1.0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]])
SENTENCES = torch.tensor([[2, 4, 0], [2, 5, 0], [3, 4, 0], [3, 5, 0]])
"""The four corners, from (-1, -1) to (1, 1), in the three languages."""
CORNERS = torch.tensor([[-1.0, -1], [-1, 1], [1, -1], [1, 1]])
SPECS = {
    "label": (LABELS, Field((), 0, 3, "label")),
    "tags": (TAGS, Field((4,), 0, 1, "tags", WORDS[2:])),
    "text": (SENTENCES, Field((3,), 0, 5, "text", WORDS)),
}


class Described(Points):
    """Points with what can be asked for."""

    def __init__(self, language: str) -> None:
        super().__init__(four_blobs())
        self.language = language
        corner = (self.points[:, 0] > 0).long() * 2 + (self.points[:, 1] > 0).long()
        self.conditions = SPECS[language][0][corner]

    @property
    def spec(self) -> Mapping[str, Field]:
        return {"point": Field((2,)), self.language: SPECS[self.language][1]}

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"point": self.points[index], self.language: self.conditions[index]}


def reader(language: str) -> nn.Module:
    return {
        "label": lambda: nn.Embedding(4, WIDTH),
        "tags": lambda: TagReader(4, WIDTH),
        "text": lambda: SentenceReader(len(WORDS), WIDTH),
    }[language]()


def tiny(
    make: Callable[..., Any], judge: Callable[[], nn.Module] | None, language: str, rounds: int, **options: Any
) -> Tiny:
    """A game of points under a language, whose losses take (real, condition[, others], z)."""
    torch.manual_seed(0)
    feed = Feed(Described(language), 8, fields=("point", language))
    generator = averaged(JoinedGenerator(mlp(LATENT + WIDTH, 2), reader(language)), 2e-3)
    opponents = (player(judge(), 2e-3),) if judge else ()
    known = SPECS[language][0]
    game = make(generator, *opponents, gaussian(LATENT), SeenConditions(known), **options)

    def moves() -> Sequence[Move]:
        real, z = four_blobs(8), torch.randn(8, LATENT, generator=torch.Generator().manual_seed(3))
        condition, others = known[torch.arange(8) % 4], known[torch.arange(8) // 2]
        pairs = (real, condition, others, z) if make in (ConditionalGAN, TwoHeadedGAN) else (real, condition, z)
        against = [(game.discriminator, game.discriminator_loss, pairs)] if judge else []
        return [*against, (game.generator, game.generator_loss, (real, condition, z))]

    def learns() -> None:
        share, near = obeyed(game, feed, known, rounds)
        print(f"{share:.3f} in the corner that was asked for, {near:.3f} away from it")
        assert share > 0.9 and near < 0.35

    return Tiny(game, feed, learns, moves)


def obeyed(game: Any, feed: Feed, known: Tensor, rounds: int) -> tuple[float, float]:
    """The share of samples whose nearest corner was asked for, and how far they are from it on average."""
    feed.batch = 64
    for _ in fit(game, feed, rounds=range(rounds)):
        pass
    torch.manual_seed(1)
    wanted = torch.arange(4).repeat(250)
    distance = torch.cdist(game.generator.sampler(game.prior(1000), known[wanted]), CORNERS)
    found = (distance.argmin(1) == wanted).float().mean()
    return float(found), float(distance.gather(1, wanted[:, None]).mean())


def projected(language: str) -> Callable[[], nn.Module]:
    return lambda: ProjectionDiscriminator(mlp(2, 1 + WIDTH), reader(language))


TINY: dict[str, Callable[[], Tiny]] = {
    "cgan": lambda: tiny(ConditionalGAN, projected("label"), "label", 150, penalty_weight=0.1),
    "cgan_tags": lambda: tiny(ConditionalGAN, projected("tags"), "tags", 150, penalty_weight=0.1),
    "cgan_text": lambda: tiny(ConditionalGAN, projected("text"), "text", 150, penalty_weight=0.1),
    "cgan_joined_hinge": lambda: tiny(
        ConditionalGAN,
        lambda: JoinedDiscriminator(spectral(mlp(2 + WIDTH, 1, 128)), reader("label")),
        "label",
        150,
        loss=hinge,
        wrong_weight=0.0,
        penalty_weight=0.0,
    ),
    "two_heads": lambda: tiny(
        TwoHeadedGAN,
        lambda: TwoHeadedDiscriminator(mlp(2, 1 + WIDTH), reader("label")),
        "label",
        150,
        penalty_weight=0.1,
    ),
    "acgan": lambda: tiny(ACGAN, lambda: ClassifyingDiscriminator(mlp(2, 5)), "label", 150, penalty_weight=0.1),
    "acgan_tags": lambda: tiny(
        ACGAN, lambda: ClassifyingDiscriminator(mlp(2, 5)), "tags", 150, penalty_weight=0.1, mistake=wrong_tags
    ),
    "supervised": lambda: tiny(Supervised, None, "text", 80),
}
