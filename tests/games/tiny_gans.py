"""The GAN family, small enough to be played in a test: four blobs on a plane."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from rivals.feed import Feed
from rivals.games import BEGAN, EBGAN, GAN, R3GAN, WGAN, WGANGP, Climb, EnergyModel, LossSensitiveGAN, UnrolledGAN
from rivals.loop import fit
from rivals.losses import divergences
from rivals.losses.adversarial import AdversarialLoss, hinge, least_squares, minimax, relativistic, wasserstein
from rivals.losses.penalties import dragan, one_centred, r1, r2, together
from rivals.networks.autoencoder import PointAutoencoder
from rivals.networks.spectral import spectral
from rivals.parts.chains import Chains
from rivals.parts.equilibrium import Equilibrium
from rivals.parts.history import FakeHistory, PastPlayers
from rivals.parts.lecam import LeCam
from rivals.parts.priors import gaussian
from rivals.play import Player
from tests.games.tiny import Move, Points, Tiny, around_a_circle, averaged, energy_distance, four_blobs, mlp, player

LATENT = 4
NEAR = 0.05
"""Energy distance to the data that counts as learned: fresh samples stand at 0.001, one lost blob at 0.2."""


def blobs() -> Feed:
    return Feed(Points(four_blobs()), 8)


def circle() -> Feed:
    """A thin circle: something that an auto-encoder can know better than the plane around it."""
    return Feed(Points(around_a_circle()), 8)


def fixed(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def fixed_batch() -> tuple[Tensor, Tensor, Tensor]:
    """Real samples, other samples and uniform noise (8, 2) each."""
    return four_blobs(8), fixed(1, 8, 2), torch.rand(8, 2, generator=torch.Generator().manual_seed(2))


def codes() -> Tensor:
    return fixed(3, 8, LATENT)


def distance_after(game: Any, feed: Feed, rounds: int) -> float:
    """Plays, and measures the averaged generator against the data."""
    feed.batch = 64
    for _ in fit(game, feed, rounds=range(rounds)):
        pass
    torch.manual_seed(1)
    return energy_distance(game.generator.sampler(game.prior(2000)), feed.source.points[:2000])


def learner(game: Any, feed: Feed, rounds: int, near: float = NEAR) -> Callable[[], None]:
    def learns() -> None:
        distance = distance_after(game, feed, rounds)
        print(f"energy distance {distance:.4f}")
        assert distance < near

    return learns


def pair() -> tuple[Player, Player]:
    torch.manual_seed(0)
    return averaged(mlp(LATENT, 2)), player(mlp(2, 1))


def gan(rounds: int = 1500, **options: Any) -> Tiny:
    game, feed = GAN(*pair(), gaussian(LATENT), **options), blobs()

    def moves() -> Sequence[Move]:
        D, G = game.discriminator, game.generator
        lazily = [(D, game.penalty_loss, fixed_batch())] if game.penalty_every > 1 else []
        real = four_blobs(8) if game.loss.real_matters else None
        return [(D, game.discriminator_loss, fixed_batch()), *lazily, (G, game.generator_loss, (real, codes()))]

    return Tiny(game, feed, learner(game, feed, rounds), moves)


def regular(loss: AdversarialLoss, **options: Any) -> Tiny:
    """A value function under R1, which lets every one of them settle."""
    return gan(loss=loss, penalty=r1(1.0), **options)


def hinge_sn() -> Tiny:
    tiny = gan(loss=hinge, discriminator_steps=2)
    torch.manual_seed(0)
    tiny.game.discriminator = player(spectral(mlp(2, 1, 128)), 2e-3)
    return tiny


def remembering() -> Tiny:
    """Every memory that the GAN game can hold."""
    tiny = regular(divergences.variational(divergences.jensen_shannon), history=FakeHistory(32), label_noise=0.02)
    tiny.game.past = PastPlayers(tiny.game.discriminator.network, keep=2, every=2)
    tiny.game.lecam, tiny.game.lecam_weight = LeCam(), 0.1
    return tiny


def simple(make: Callable[..., Any], rounds: int, side: str = "discriminator", **options: Any) -> Tiny:
    """A game whose opponent's loss takes (real, z) and whose generator's takes z."""
    G, D = pair()
    game, feed = make(G, D, gaussian(LATENT), **options), blobs()

    def moves() -> Sequence[Move]:
        loss = getattr(game, f"{side}_loss")
        return [(D, loss, (four_blobs(8), codes())), (G, game.generator_loss, (codes(),))]

    return Tiny(game, feed, learner(game, feed, rounds), moves)


def wgan() -> Tiny:
    tiny = simple(WGAN, 700, "critic", clip=0.2)
    for mover in (tiny.game.generator, tiny.game.critic):
        mover.optimizer = torch.optim.RMSprop(mover.parameters, lr=1e-3)
    return tiny


def wgan_gp() -> Tiny:
    tiny = simple(WGANGP, 600, penalty_weight=1.0)
    game, (real, _, noise) = tiny.game, fixed_batch()
    tiny.moves = lambda: [
        (game.critic, game.critic_loss, (real, codes(), noise[:, :1])),
        (game.generator, game.generator_loss, (codes(),)),
    ]
    return tiny


def two_sided(make: Callable[..., Any], rounds: int, **options: Any) -> Tiny:
    """A game whose losses both take (real, z)."""
    tiny = simple(make, rounds, **options)
    game, inputs = tiny.game, (four_blobs(8), codes())
    tiny.moves = lambda: [
        (game.discriminator, game.discriminator_loss, inputs),
        (game.generator, game.generator_loss, inputs),
    ]
    return tiny


def autoencoding(make: Callable[..., Any], rounds: int, code: int, lr: float, near: float, **options: Any) -> Tiny:
    torch.manual_seed(0)
    D = player(PointAutoencoder((2,), width=64, code=code), lr, (0.5, 0.9))
    G = averaged(mlp(2, 2), 1e-3, (0.5, 0.9))
    game, feed = make(G, D, gaussian(2), **options), circle()

    def moves() -> Sequence[Move]:
        more = (torch.tensor(0.3),) if make is BEGAN else ()
        z = fixed(3, 8, 2)
        return [(D, game.discriminator_loss, (four_blobs(8), z, *more)), (G, game.generator_loss, (z,))]

    return Tiny(game, feed, learner(game, feed, rounds, near), moves)


def ebm() -> Tiny:
    torch.manual_seed(0)
    chains = Chains(lambda n: torch.rand(n, 2) * 4 - 2, size=1024, restart=0.05)
    game = EnergyModel(player(mlp(2, 1)), chains, Climb(steps=10, rate=0.02, noise=0.1))
    feed = blobs()

    def learns() -> None:
        feed.batch = 64
        for _ in fit(game, feed, rounds=range(600)):
            pass
        torch.manual_seed(1)
        distance = energy_distance(game.sample(2000, climbs=5), four_blobs()[:2000])
        print(f"energy distance {distance:.4f}")
        assert distance < NEAR

    def moves() -> Sequence[Move]:
        return [(game.discriminator, game.discriminator_loss, (four_blobs(8), fixed(1, 8, 2)))]

    return Tiny(game, feed, learns, moves)


def variational(divergence: divergences.Divergence) -> Callable[[], Tiny]:
    return lambda: regular(divergences.variational(divergence))


TINY: dict[str, Callable[[], Tiny]] = {
    "gan": gan,
    "gan_minimax": lambda: regular(minimax),
    "gan_least_squares": lambda: regular(least_squares),
    "gan_wasserstein": lambda: gan(loss=wasserstein, penalty=one_centred(1.0), discriminator_steps=3),
    "gan_hinge_sn": hinge_sn,
    "gan_relativistic": lambda: gan(loss=relativistic, penalty=together(r1(0.2), r2(0.2))),
    "gan_dragan": lambda: gan(1000, penalty=dragan(1.0), discriminator_steps=2),
    "gan_lazy": lambda: regular(hinge, penalty_every=4),
    "gan_remembering": remembering,
    "fgan_kullback_leibler": variational(divergences.kullback_leibler),
    "fgan_reverse_kullback_leibler": variational(divergences.reverse_kullback_leibler),
    "fgan_pearson": variational(divergences.pearson),
    "fgan_squared_hellinger": variational(divergences.squared_hellinger),
    "fgan_jensen_shannon": variational(divergences.jensen_shannon),
    "fgan_total_variation": variational(divergences.total_variation),
    "wgan": wgan,
    "wgan_gp": wgan_gp,
    "r3gan": lambda: two_sided(R3GAN, 1500, penalty_weight=0.2),
    "loss_sensitive": lambda: simple(LossSensitiveGAN, 1500),
    "ebgan": lambda: autoencoding(EBGAN, 1000, 2, 1e-3, NEAR, margin=0.5),
    "began": lambda: autoencoding(BEGAN, 2000, 1, 1e-3, 0.25, equilibrium=Equilibrium(1.0, 0.05)),  # 1.2 at the start
    "unrolled": lambda: two_sided(UnrolledGAN, 600, look_ahead=3, look_ahead_rate=0.01),
    "ebm": ebm,
}
