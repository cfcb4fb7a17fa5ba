"""Games of codes that can be read, small enough to be played in a test."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.games import BiGAN, InfoGAN
from rivals.loop import fit
from rivals.metrics import matched
from rivals.networks.featured import TwoHeads
from rivals.networks.joint import flat_encoder, flat_joint
from rivals.networks.mlp import MLPDiscriminator, MLPGenerator
from rivals.parts.average import MovingAverage
from rivals.parts.codes import Codes
from rivals.parts.priors import uniform
from rivals.play import Player
from tests.games.tiny import Move, Points, Tiny, energy_distance, four_blobs

BLOB = 0.95
"""Share of real points that must be read as the category that stands for their blob."""


def adam(network: torch.nn.Module, *, average: bool = False) -> Player:
    optimizer = torch.optim.Adam(network.parameters(), 1e-3, betas=(0.5, 0.99))
    return Player(network, optimizer, average=MovingAverage(network, 200) if average else None)


def blobs(batch: int = 8) -> Feed:
    return Feed(Points(four_blobs()), batch)


def played(tiny: Tiny, rounds: int) -> Tensor:
    """Plays with larger batches. The real points."""
    tiny.feed.batch = 64
    for _ in fit(tiny.game, tiny.feed, rounds=range(rounds)):
        pass
    torch.manual_seed(1)
    return four_blobs()[:2000]


def infogan(learned_sd: bool = False, **options: float) -> Tiny:
    torch.manual_seed(0)
    codes = Codes(2, (4,), 1, learned_sd)
    generator = adam(MLPGenerator(codes.latent, (2,), 64, 2), average=True)
    discriminator = adam(TwoHeads(MLPDiscriminator((2,), 64, 2), 64, codes.reading, 32, "none"))
    tiny = Tiny(InfoGAN(generator, discriminator, codes, **options), blobs())
    game = tiny.game

    def learns() -> None:
        real = played(tiny, 800)
        logits, _, _ = codes.read(game.discriminator(real)[1])
        blob = ((real > 0).long() * torch.tensor([1, 2])).sum(1)
        share = matched(logits[0].argmax(1).numpy(), blob.numpy())[1]
        distance = energy_distance(game.generator.sampler(codes(2000)), real)
        print(f"read as their blob {share:.3f}, energy distance {distance:.4f}")
        assert share >= BLOB and distance < 0.05

    def moves() -> Sequence[Move]:
        z = codes(8)
        inputs = (four_blobs(8), z)
        return [(game.discriminator, game.discriminator_loss, inputs), (game.generator, game.generator_loss, (z,))]

    def fixed() -> Sequence[Move]:
        torch.manual_seed(3)
        return moves()

    tiny.learns, tiny.moves = learns, fixed
    return tiny


def bigan(stochastic: bool = False) -> Tiny:
    torch.manual_seed(0)
    generator = adam(MLPGenerator(2, (2,), 64, 2), average=True)
    encoder = adam(flat_encoder((2,), 2, 64, 2, "none", stochastic=stochastic), average=True)
    discriminator = adam(flat_joint((2,), 2, 64, 3, "none"))
    tiny = Tiny(BiGAN(generator, encoder, discriminator, uniform(2)), blobs())
    game = tiny.game

    def learns() -> None:
        real = played(tiny, 2000)
        noise = torch.randn(len(real), 2)
        code = game.encoder.sampler(real, noise)
        returned = game.generator.sampler(game.encoder.sampler(real))
        error = float((real - returned).norm(dim=1).mean())
        codes, points = energy_distance(code, game.prior(2000)), energy_distance(returned, real)
        print(f"|x - G(E(x))| {error:.3f}, of E(x) from the prior {codes:.4f}, of G(E(x)) from the data {points:.4f}")
        assert error < 0.3 and codes < 0.05

    def moves() -> Sequence[Move]:
        draw = torch.Generator().manual_seed(3)
        z, noise = torch.rand(8, 2, generator=draw) * 2 - 1, torch.randn(8, 2, generator=draw)
        real = four_blobs(8)
        return [
            (game.discriminator, game.discriminator_loss, (real, z, noise)),
            (game.generator, lambda *inputs: (game.coders_losses(*inputs)[0][0], {}), (real, z, noise)),
            (game.encoder, lambda *inputs: (game.coders_losses(*inputs)[0][1], {}), (real, z, noise)),
        ]

    tiny.learns, tiny.moves = learns, moves
    return tiny


TINY: dict[str, Callable[[], Tiny]] = {
    "infogan": infogan,
    "infogan_learned_sd": lambda: infogan(learned_sd=True, continuous_weight=0.1),
    "bigan": bigan,
    "ali": lambda: bigan(stochastic=True),
}
