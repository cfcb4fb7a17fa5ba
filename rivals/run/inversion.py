"""Inverting pictures in a run: by descent, by an encoder, or by descent from the encoder's code."""

from collections.abc import Callable

import torch
from torch import Tensor

from rivals.latent.descent import Descent
from rivals.latent.invert import Distance, Inverted, by_descent, featured, pixel_error, timed, within
from rivals.run.encoder import encoder, has_encoder
from rivals.run.wishes import Inversion
from rivals.run.workbench import FEATURE_WEIGHT, Workbench


def inverted(bench: Workbench, pictures: Tensor, how: Inversion, known: Tensor | None = None) -> Inverted:
    """The codes of pictures (n, C, H, W); `known` (1, H, W) weighs what of them is to be met, all if None.

    Learning an encoder is not part of the seconds.
    """
    pictures = pictures.to(bench.device)
    distance = distance_of(bench, how, known)
    method = settled(bench, how)
    encode = encoder(bench, how.encoder_rounds) if method != "descent" else None

    def start() -> Tensor:
        assert encode is not None
        return encode(pictures if known is None else greyed(pictures, known)).detach()

    def down(starts: Tensor) -> Tensor:
        return by_descent(
            bench.generator, pictures, starts, Descent(how.steps, how.rate), distance=distance, pull=how.pull
        )

    find: dict[str, Callable[[], Tensor]] = {
        "descent": lambda: down(starts_of(bench, len(pictures), how.restarts)),
        "encoder": start,
        "both": lambda: down(start()[None]),
    }
    return timed(find[method], bench.generator, pictures)


def settled(bench: Workbench, how: Inversion) -> str:
    """The method itself where it is auto."""
    return how.method if how.method != "auto" else ("both" if has_encoder(bench) else "descent")


def starts_of(bench: Workbench, n: int, restarts: int) -> Tensor:
    """Codes (restarts, n, latent) to start from."""
    return bench.prior(restarts * n, 2).view(restarts, n, bench.latent)


def distance_of(bench: Workbench, how: Inversion, known: Tensor | None) -> Distance:
    """What a descent lowers."""
    if known is not None:
        return within(known)
    features = bench.features(how.space)
    return pixel_error if features is None else featured(features, FEATURE_WEIGHT)


def greyed(pictures: Tensor, known: Tensor) -> Tensor:
    """Pictures with what is not known of them in the mean colour of the rest."""
    mean = (pictures * known).sum((2, 3), keepdim=True) / known.sum().clamp(min=1)
    return torch.where(known > 0, pictures, mean)


def about(found: Inverted, method: str) -> str:
    """An inversion in a line."""
    n = len(found.error)
    of = f", mean of {n} pictures, from {found.error.min():.4f} to {found.error.max():.4f}" if n > 1 else ""
    error = f"error {found.error.mean():.4f} (mean square of pixels in [-1, 1]{of})"
    return f"inverted by {method}: {error}, {found.seconds:.1f} s"
