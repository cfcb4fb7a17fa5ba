"""Value functions of the two-player game, as pairs of pure functions of logits.

Logits are high on real samples. Both sides of a pair take (real=, fake=), since a generator's loss may need the
real logits too (relativistic losses do); (n,) tensors in, a scalar to be lowered out.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

Side = Callable[..., Tensor]


@dataclass(frozen=True)
class AdversarialLoss:
    """A value function: what the discriminator lowers and what the generator lowers, `side(real=, fake=)`."""

    discriminator: Side
    generator: Side
    real_matters: bool = False
    """Whether the generator's side reads the real logits; where it does not, they need not be computed."""
    undecided: float | None = 0.0
    """The logit of a sample that is as likely real as fake under the optimal discriminator; None where a critic's
    values mean something by their differences alone."""

    def sureness(self, *, real: Tensor, fake: Tensor) -> Tensor:
        """The mean sign of D(real) from where D is undecided (2006.06676, eq. 1), or of D(real) - D(fake)."""
        return (real - (fake if self.undecided is None else self.undecided)).sign().mean()


def _minimax_discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
    return softplus(-real).mean() + softplus(fake).mean()


def _minimax_generator(*, real: Tensor, fake: Tensor) -> Tensor:
    return -softplus(fake).mean()


def _non_saturating_generator(*, real: Tensor, fake: Tensor) -> Tensor:
    return softplus(-fake).mean()


minimax = AdversarialLoss(_minimax_discriminator, _minimax_generator)
"""The 2014 game: min over G, max over D of E log D(x) + E log(1 - D(G(z))) (1406.2661, eq. 1). G's side saturates."""

non_saturating = AdversarialLoss(_minimax_discriminator, _non_saturating_generator)
"""The same discriminator; the generator maximises E log D(G(z)) instead (1406.2661, sec. 3)."""


def smoothed(loss: AdversarialLoss, target: float = 0.9) -> AdversarialLoss:
    """One-sided label smoothing: real samples are called real with probability `target` (1606.03498, sec. 3.4).

    Raises ValueError if the discriminator of `loss` is not the cross-entropy one, the only one with such targets.
    """
    if loss.discriminator is not _minimax_discriminator:
        raise ValueError("label smoothing needs the cross-entropy discriminator; use minimax or non_saturating")

    def discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
        return target * softplus(-real).mean() + (1 - target) * softplus(real).mean() + softplus(fake).mean()

    undecided = math.log(target / (2 - target))  # D* = target p / (p + q)
    return AdversarialLoss(discriminator, loss.generator, loss.real_matters, undecided)


def _least_squares_discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (real - 1).square().mean() + 0.5 * fake.square().mean()


def _least_squares_generator(*, real: Tensor, fake: Tensor) -> Tensor:
    return 0.5 * (fake - 1).square().mean()


least_squares = AdversarialLoss(_least_squares_discriminator, _least_squares_generator, undecided=0.5)
"""Least-squares GAN with a = 0, b = c = 1 (1611.04076, eq. 9). Not the loss-sensitive GAN."""


def _wasserstein_discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
    return fake.mean() - real.mean()


def _critic_generator(*, real: Tensor, fake: Tensor) -> Tensor:
    return -fake.mean()


wasserstein = AdversarialLoss(_wasserstein_discriminator, _critic_generator, undecided=None)
"""The Kantorovich-Rubinstein dual; the critic must be kept Lipschitz elsewhere (1701.07875, eq. 2 and 3)."""


def _hinge_discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
    return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()


hinge = AdversarialLoss(_hinge_discriminator, _critic_generator)
"""The hinge loss (1705.02894; as used in 1802.05957, eq. 16 and 17)."""


def _relativistic_discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
    return _relativistic_generator(real=fake, fake=real)


def _relativistic_generator(*, real: Tensor, fake: Tensor) -> Tensor:
    if real.shape != fake.shape:  # or every fake would meet every real sample
        raise ValueError(f"each fake needs a real sample, found logits {tuple(fake.shape)} and {tuple(real.shape)}")
    return softplus(real - fake).mean()


relativistic = AdversarialLoss(_relativistic_discriminator, _relativistic_generator, True, undecided=None)
"""Relativistic paired loss: each fake is judged against one real sample (1807.00734; 2501.05441, eq. 2)."""
