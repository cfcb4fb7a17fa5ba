"""Games of learned codes, small enough to be played in a test: four blobs on a plane, and a thin circle."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from rivals.feed import Feed
from rivals.games import IWAE, VAE, VAEGAN, Autoencoder
from rivals.loop import fit
from rivals.losses.adversarial import minimax
from rivals.losses.evidence import gaussian
from rivals.networks.coder import Decoder, GaussianCoder, GaussianEncoder, PlainCoder
from rivals.networks.mlp import mlp as layers
from rivals.networks.tapped import Tapped
from rivals.parts.moments import CodeMoments
from rivals.parts.priors import gaussian as normal
from tests.games.tiny import SLOPE, Move, Points, Shift, Tiny, averaged, energy_distance, four_blobs, mlp, player
from tests.games.tiny_gans import NEAR, circle, fixed

ADAM = (0.9, 0.999)


def coder(latent: int = 2) -> GaussianCoder:
    torch.manual_seed(0)
    return GaussianCoder(GaussianEncoder(mlp(2, 2 * latent)), Decoder(mlp(latent, 2), -2.0, learned=True))


def sampled(game: Any, n: int) -> Tensor:
    """Points of the averaged model, its noise among them."""
    with torch.no_grad():
        mean, log_variance = game.model.sampler.decoder(game.noise(n))
        return mean + (0.5 * log_variance).exp() * torch.randn_like(mean)


def trained(game: Any, feed: Feed, rounds: int) -> None:
    feed.batch = 64
    for _ in fit(game, feed, rounds=range(rounds)):
        pass
    torch.manual_seed(1)


def bounded(make: Callable[..., Any], particles: int, rounds: int) -> Tiny:
    game = make(averaged(coder(), 3e-3, ADAM), gaussian, normal(2), particles)
    feed = Feed(Points(four_blobs()), 8)

    def learns() -> None:
        trained(game, feed, rounds)
        distance = energy_distance(sampled(game, 2000), four_blobs()[:2000])
        print(f"energy distance {distance:.4f}")
        assert distance < NEAR

    def moves() -> Sequence[Move]:
        return [(game.model, game.model_loss, (four_blobs(8), fixed(3, 8, particles, 2)))]

    return Tiny(game, feed, learns, moves)


def autoencoder() -> Tiny:
    torch.manual_seed(0)
    game = Autoencoder(player(PlainCoder(layers([2, 64, 64, 1]), layers([1, 64, 64, 2])), 3e-3, ADAM), CodeMoments(1))
    feed = circle()

    def learns() -> None:
        """A code of one number is enough for a circle but for a cut; without a code the error would be 1/2."""
        trained(game, feed, 900)
        x = feed.source.points[:1000]
        code, returned = game.model(x)
        print(f"squared error {(x - returned).square().mean():.4f}")
        assert (x - returned).square().mean() < 0.04
        drawn = game.codes(1000)
        assert abs(drawn.mean() - code.mean()) < 0.2 * code.std()
        assert abs(drawn.std().item() / code.std().item() - 1) < 0.2

    return Tiny(game, feed, learns, lambda: [(game.model, game.model_loss, (four_blobs(8),))])


def vaegan() -> Tiny:
    torch.manual_seed(0)
    judging = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
    game = VAEGAN(
        averaged(GaussianEncoder(mlp(2, 4)), 1e-3, (0.5, 0.9)),
        averaged(mlp(2, 2), 1e-3, (0.5, 0.9)),
        player(Tapped(judging, 2), 1e-3, (0.5, 0.9)),
        normal(2),
        minimax,
        reconstruction_weight=0.1,
    )
    feed = Feed(Points(four_blobs()), 8)

    def learns() -> None:
        """Samples are near, and samples come back through their codes."""
        trained(game, feed, 1000)
        x = four_blobs()[:2000]
        distance = energy_distance(game.generator.sampler(game.prior(2000)), x)
        with torch.no_grad():
            returned = game.generator.sampler(game.encoder.sampler.moments(x)[0])
        right = (returned.sign() == x.sign()).all(1).float().mean().item()
        print(f"energy distance {distance:.4f}, {right:.1%} come back to their blob")
        assert distance < NEAR and right > 0.95

    return Tiny(game, feed, learns)


# One sample of 2 and a parameter for each of the maps x -> m and z -> x, for rounds worked out by hand.


class Straight(GaussianEncoder):
    """A code of mean slope * x and variance 1."""

    def __init__(self) -> None:
        super().__init__(nn.Identity())
        self.slope = nn.Parameter(torch.tensor(SLOPE))

    def moments(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.slope * x, torch.zeros_like(x)


def coder_by_hand() -> GaussianCoder:
    """Decodes z + shift, with variance 1."""
    return GaussianCoder(Straight(), Decoder(Shift(), 0.0))


TINY: dict[str, Callable[[], Tiny]] = {
    "autoencoder": autoencoder,
    "vae": lambda: bounded(VAE, 2, 900),
    "iwae": lambda: bounded(IWAE, 4, 600),
    "vaegan": vaegan,
}
