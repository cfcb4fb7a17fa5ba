"""Densities by maximum likelihood, small enough to be learned in a test, with the entropy that they should reach."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games import MaximumLikelihood
from rivals.loop import fit
from rivals.networks.multivariate import MultivariateGaussian
from rivals.networks.pixelcnn import GatedPixelCNN, PixelCNN
from rivals.networks.pixelrnn import PixelRNN
from rivals.networks.pixels import PixelDensity
from rivals.parts.levels import Levels
from tests.games.tiny import Points, Tiny, averaged

SHARES = (8, 4, 2, 2)
"""Of sixteen samples: how many are of each picture."""
COVARIANCE = torch.tensor([[2.0, 0.9], [0.9, 0.5]])


def bars() -> Tensor:
    """Pictures (16, 1, 3, 3) in [-1, 1]: a column, a row, a diagonal, nothing, as often as SHARES says."""
    pictures = -torch.ones(4, 1, 3, 3)
    pictures[0, 0, :, 1], pictures[1, 0, 1], pictures[2, 0] = 1.0, 1.0, torch.eye(3) * 2 - 1
    return pictures.repeat_interleave(torch.tensor(SHARES), 0)


def entropy() -> float:
    """Of the bars, in nats."""
    return -sum(n / 16 * math.log(n / 16) for n in SHARES)


def slanted(n: int = 4096) -> Tensor:
    """Points (n, 2) of a slanted Gaussian around (3, -1)."""
    draw = torch.randn(n, 2, generator=torch.Generator().manual_seed(0))
    return draw @ torch.linalg.cholesky(COVARIANCE).T + torch.tensor([3.0, -1.0])


def learner(game: MaximumLikelihood, feed: Feed, rounds: int, least: Callable[[Tensor], float], near: float):
    def learns() -> None:
        feed.batch = 64
        for _ in fit(game, feed, rounds=range(rounds)):
            pass
        samples = feed.source.points
        nats = -game.model.sampler(game.view(samples)).mean().item()
        print(f"{nats:.4f} nats, at least {least(samples):.4f}")
        assert least(samples) - 1e-3 < nats < least(samples) + near

    return learns


def pixels(trunk: Callable[..., nn.Module], rounds: int = 250) -> Tiny:
    torch.manual_seed(0)
    game = MaximumLikelihood(averaged(PixelDensity(trunk(1, 2, 8, 2), 2), 1e-2), Levels(2))
    feed, fixed = Feed(Points(bars()), 8), Levels(2)(bars()[::2])
    moves = lambda: [(game.model, game.model_loss, (fixed,))]  # noqa: E731
    return Tiny(game, feed, learner(game, feed, rounds, lambda samples: entropy(), 0.03), moves)


def likeliest(samples: Tensor) -> float:
    """The negative log likelihood, in nats a sample, that no Gaussian comes below."""
    return 0.5 * torch.logdet(2 * math.pi * math.e * samples.T.cov(correction=0)).item()


def gaussian() -> Tiny:
    game = MaximumLikelihood(averaged(MultivariateGaussian((2,)), 1e-2))
    feed = Feed(Points(slanted()), 8)
    moves = lambda: [(game.model, game.model_loss, (slanted(8),))]  # noqa: E731
    return Tiny(game, feed, learner(game, feed, 1500, likeliest, 0.01), moves)


TINY: dict[str, Callable[[], Tiny]] = {
    "pixelcnn": lambda: pixels(PixelCNN),
    "pixelcnn_gated": lambda: pixels(GatedPixelCNN),
    "pixelrnn": lambda: pixels(PixelRNN),
    "multivariate_gaussian": gaussian,
}
