"""From the names of value functions and penalties to the functions."""

from rivals.losses import adversarial, divergences, penalties
from rivals.losses.adversarial import AdversarialLoss
from rivals.losses.penalties import Penalty
from rivals.recipes.gan import LossName, PenaltyName


def loss_of(name: LossName, smoothing: float) -> AdversarialLoss:
    """The value function of a name. Raises ValueError for smoothing with a loss that knows no probabilities."""
    losses: dict[LossName, AdversarialLoss] = {
        "minimax": adversarial.minimax,
        "non-saturating": adversarial.non_saturating,
        "least-squares": adversarial.least_squares,
        "wasserstein": adversarial.wasserstein,
        "hinge": adversarial.hinge,
        "relativistic": adversarial.relativistic,
        "kl": divergences.variational(divergences.kullback_leibler),
        "reverse-kl": divergences.variational(divergences.reverse_kullback_leibler),
        "pearson": divergences.variational(divergences.pearson),
        "squared-hellinger": divergences.variational(divergences.squared_hellinger),
        "jensen-shannon": divergences.variational(divergences.jensen_shannon),
    }
    if not smoothing:
        return losses[name]
    if name not in ("minimax", "non-saturating"):
        raise ValueError(f"--label-smoothing needs --loss minimax or non-saturating, not {name}")
    return adversarial.smoothed(losses[name], 1 - smoothing)


def penalty_of(name: PenaltyName, weight: float) -> Penalty | None:
    """The penalty of a name; none for `lecam`, which has a memory and is a part of the game."""
    made: dict[PenaltyName, Penalty] = {
        "gradient": penalties.one_centred(weight),
        "r1": penalties.r1(weight),
        "r2": penalties.r2(weight),
        "r1+r2": penalties.together(penalties.r1(weight), penalties.r2(weight)),
        "dragan": penalties.dragan(weight),
    }
    return made.get(name)
