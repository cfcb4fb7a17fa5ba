"""Losses of discriminators that give an energy: low on real samples, high elsewhere.

Unlike logits, the energies here are high on fakes. Those of auto-encoders are reconstruction errors.
"""

import torch
from torch import Tensor
from torch.nn.functional import normalize


def reconstruction_energy(x: Tensor, reconstruction: Tensor, *, power: int = 2) -> Tensor:
    """The mean of |x - reconstruction|^power over all that a sample holds: (n, ...) -> (n,).

    Differs from the papers (1609.03126, sec. 2.3; 1703.10717, sec. 3.1): a mean, not a norm or a sum, so that a margin
    does not depend on the size of a picture.
    """
    return (x - reconstruction).abs().pow(power).flatten(1).mean(1)


def energy_margin(*, real: Tensor, fake: Tensor, margin: float) -> Tensor:
    """What EBGAN's discriminator lowers: E D(x) + E [m - D(G(z))]+, of energies (n,) (1609.03126, eq. 1)."""
    return real.mean() + torch.relu(margin - fake).mean()


def pulling_away(code: Tensor) -> Tensor:
    """The mean squared cosine between the codes (n, ...) of different samples of a batch (1609.03126, sec. 2.4)."""
    direction = normalize(code.flatten(1))
    squares = (direction @ direction.T).square()
    n = len(code)
    return (squares.sum() - squares.diagonal().sum()) / max(n * (n - 1), 1)


def contrastive(*, real: Tensor, fake: Tensor, weight: float = 0.0) -> Tensor:
    """Raises the logits of real samples, lowers those of the sampler's negatives, and keeps both near zero.

    Maximum likelihood of an energy-based model with energy -logit, with `weight` on the squared energies
    (Du & Mordatch 2019, 1903.08689, Algorithm 1).
    """
    return fake.mean() - real.mean() + weight * (real.square() + fake.square()).mean()
