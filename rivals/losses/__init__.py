"""Losses, divergences and penalties, which games are put together from: pure functions of logits and gradients."""

from rivals.losses.adversarial import (
    AdversarialLoss,
    hinge,
    least_squares,
    minimax,
    non_saturating,
    relativistic,
    smoothed,
    wasserstein,
)
from rivals.losses.divergences import (
    Divergence,
    jensen_shannon,
    kullback_leibler,
    pearson,
    reverse_kullback_leibler,
    squared_hellinger,
    total_variation,
    variational,
    variational_bound,
)
from rivals.losses.optimum import criterion, game_value, jensen_shannon_divergence, optimal_discriminator
from rivals.losses.penalties import Penalty, dragan, gradient_penalty, one_centred, r1, r2, together, zero_centred
from rivals.losses.transport import wasserstein_of_numbers, wasserstein_of_points, wasserstein_on_line

__all__ = [
    "AdversarialLoss",
    "Divergence",
    "Penalty",
    "criterion",
    "dragan",
    "game_value",
    "gradient_penalty",
    "hinge",
    "jensen_shannon",
    "jensen_shannon_divergence",
    "kullback_leibler",
    "least_squares",
    "minimax",
    "non_saturating",
    "one_centred",
    "optimal_discriminator",
    "pearson",
    "r1",
    "r2",
    "relativistic",
    "reverse_kullback_leibler",
    "smoothed",
    "squared_hellinger",
    "together",
    "total_variation",
    "variational",
    "variational_bound",
    "wasserstein",
    "wasserstein_of_numbers",
    "wasserstein_of_points",
    "wasserstein_on_line",
    "zero_centred",
]
