"""Domain-adversarial training: features from which a label can be told, and the domain cannot."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from rivals.losses.adversarial import non_saturating
from rivals.play import Facts, Player, descend_together


def ramp(progress: float) -> float:
    """lambda_p = 2 / (1 + exp(-10 p)) - 1 for progress p from 0 to 1 (1505.07818, sec. 5.2.2)."""
    return 2 / (1 + math.exp(-10 * min(progress, 1.0))) - 1


@dataclass
class DANN:
    """Domain-adversarial neural network (Ganin et al. 2016, 1505.07818, eq. 9 and 13 to 15).

    Three players move at once from one shared forward pass, which is what a gradient-reversal layer computes.
    Takes labelled samples of the source and unlabelled ones of the target: "source", "label", "target".
    """

    features: Player  # G_f
    labels: Player  # G_y: features -> logits (n, classes)
    domains: Player  # G_d: features -> logits (n,), high on the source
    rounds: int  # over which the weight ramps up
    weight: Callable[[float], float] = ramp  # lambda, of progress

    def play_round(self, feed: Any) -> Facts:
        x, label, other = next(feed)
        weight = torch.tensor(self.weight(self.features.steps / self.rounds), device=x.device)
        return descend_together((self.features, self.labels, self.domains), self.losses, x, label, other, weight)

    def losses(self, x: Tensor, label: Tensor, other: Tensor, weight: Tensor) -> tuple[tuple[Tensor, ...], Facts]:
        feature, other_feature = self.features(x), self.features(other)
        mistake = cross_entropy(self.labels(feature), label)
        told_apart = non_saturating.discriminator(real=self.domains(feature), fake=self.domains(other_feature))
        return (mistake - weight * told_apart, mistake, told_apart), {"weight": weight}
