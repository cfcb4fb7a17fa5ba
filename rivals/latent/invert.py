"""From a picture back to a code: G^-1, by descent on the code from any start (1609.03552, sec. 3.1)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rivals.latent.descent import Descent, lowered

Generator = Callable[[Tensor], Tensor]
"""Codes (n, latent) -> pictures (n, C, H, W), with gradients in the codes."""
Distance = Callable[[Tensor, Tensor], Tensor]
"""(made, pictures), both (n, C, H, W) -> how far each is off (n,)."""

SHARE = 128
"""Codes that descend at once."""


@dataclass(frozen=True)
class Inverted:
    """The codes of pictures, what the generator makes of them, and what that cost."""

    codes: Tensor  # (n, latent)
    made: Tensor  # (n, C, H, W)
    error: Tensor
    """Mean squared difference of pixels in the network's range (n,), whatever was descended: 4 is white for black."""
    seconds: float


def timed(find: Callable[[], Tensor], generator: Generator, pictures: Tensor) -> Inverted:
    """What `find` -> codes (n, latent) has found for pictures (n, C, H, W)."""
    begun = at_rest(pictures)
    codes = find()
    seconds = at_rest(pictures) - begun
    with torch.no_grad():
        made = torch.cat([generator(part) for part in codes.split(SHARE)])
    return Inverted(codes, made, pixel_error(made, pictures), seconds)


def at_rest(x: Tensor) -> float:
    """The time in seconds, when the device of `x` has done all that it was given."""
    if x.is_cuda:
        torch.cuda.synchronize(x.device)
    return time.perf_counter()


def by_descent(
    generator: Generator,
    pictures: Tensor,
    starts: Tensor,
    descent: Descent,
    *,
    distance: Distance | None = None,
    pull: float = 0.0,
) -> Tensor:
    """The codes (n, latent) nearest to pictures (n, C, H, W), the best that starts (restarts, n, latent) led to.

    Lowers distance(G(z), x) + pull * mean(z^2); a pull keeps codes where a Gaussian prior draws them.
    """
    restarts, _, latent = starts.shape
    found: list[Tensor] = []
    for some, at in zip(_shares(pictures, restarts), _shares(starts.transpose(0, 1), restarts), strict=True):
        shown = some.repeat_interleave(restarts, 0)  # a picture's restarts side by side
        objective = _nearness(generator, shown, distance or pixel_error, pull)
        codes, value = lowered(objective, at.flatten(0, 1), descent)
        best = value.view(-1, restarts).argmin(1)
        found.append(codes.view(-1, restarts, latent)[torch.arange(len(some)), best])
    return torch.cat(found)


def pixel_error(made: Tensor, pictures: Tensor) -> Tensor:
    """Mean squared difference of pixels, (n,)."""
    return (made - pictures).square().flatten(1).mean(1)


def within(where: Tensor) -> Distance:
    """The same over part of the picture: `where` (1, H, W) weighs its pixels."""

    def distance(made: Tensor, pictures: Tensor) -> Tensor:
        off = ((made - pictures).square() * where).flatten(1).sum(1)
        return off / (where.sum() * made.shape[1]).clamp(min=1e-6)

    return distance


def featured(features: Callable[[Tensor], Tensor], weight: float) -> Distance:
    """Pixels, and `weight` times the squared difference of features (n, d) as a share of the picture's own square."""

    def distance(made: Tensor, pictures: Tensor) -> Tensor:
        mine, theirs = features(made).flatten(1), features(pictures).flatten(1)
        apart = (mine - theirs).square().sum(1) / theirs.square().sum(1).clamp(min=1e-12)
        return pixel_error(made, pictures) + weight * apart

    return distance


def _shares(rows: Tensor, restarts: int) -> tuple[Tensor, ...]:
    return rows.split(max(1, SHARE // restarts))


def _nearness(generator: Generator, pictures: Tensor, distance: Distance, pull: float) -> Callable[[Tensor], Tensor]:
    return lambda codes: distance(generator(codes), pictures) + pull * codes.square().mean(1)
