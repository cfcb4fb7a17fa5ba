"""The encoder of a fixed generator, small enough to be played in a test."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games.encoder import Inverter
from rivals.loop import fit
from rivals.parts.priors import gaussian
from tests.games.tiny import Move, Points, Tiny, player

MIX = torch.tensor([[1.0, 0.5], [-0.5, 1.0], [0.3, -0.8]])
"""G(z) = tanh(MIX z), from two dimensions to three."""


def generator(z: Tensor) -> Tensor:
    return torch.tanh(z @ MIX.T)


def inverter() -> Tiny:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 2))
    game = Inverter(player(network, 3e-3), generator, gaussian(2), code_weight=0.5)
    made = generator(torch.randn(2048, 2, generator=torch.Generator().manual_seed(5)))
    feed = Feed(Points(made), 8)

    def learns() -> None:
        feed.batch = 64
        for _ in fit(game, feed, rounds=range(500)):
            pass
        z = torch.randn(1000, 2, generator=torch.Generator().manual_seed(6))
        x = generator(z)
        assert (generator(game.encoder(x)) - x).square().mean() < 0.002  # untrained: 0.3
        assert (game.encoder(x) - z).square().mean() < 0.1  # a guess of 0: 1

    def moves() -> Sequence[Move]:
        z = torch.randn(8, 2, generator=torch.Generator().manual_seed(7))
        return [(game.encoder, game.encoder_loss, (made[:8], z))]

    return Tiny(game, feed, learns, moves)


TINY: dict[str, Callable[[], Tiny]] = {"inverter": inverter}
