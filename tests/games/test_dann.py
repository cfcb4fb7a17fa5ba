"""DANN: one round by hand, its schedule, and that simultaneous play is what a gradient-reversal layer computes."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from rivals.games.dann import DANN, ramp
from rivals.loop import fit
from rivals.play import Player


def test_the_weight_ramps_up() -> None:
    assert ramp(0.0) == 0.0
    assert ramp(0.5) == pytest.approx(2 / (1 + math.exp(-5)) - 1)
    assert ramp(1.0) == ramp(7.0) == pytest.approx(0.99990920)


class Reversal(torch.autograd.Function):
    """The gradient-reversal layer of 1505.07818, eq. 16 and 17."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: float) -> Tensor:
        ctx.weight = weight
        return x.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return -ctx.weight * gradients[0], None


def networks() -> tuple[nn.Module, nn.Module, nn.Module]:
    torch.manual_seed(0)
    features = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 4))
    domains = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
    return features, nn.Linear(4, 3), domains


def batches(rounds: int) -> list[tuple[Tensor, ...]]:
    draw = torch.Generator().manual_seed(1)
    return [
        (
            torch.randn(16, 2, generator=draw),
            torch.randint(3, (16,), generator=draw),
            torch.randn(16, 2, generator=draw) + 1,
        )
        for _ in range(rounds)
    ]


def test_equals_a_gradient_reversal_layer() -> None:
    rounds = 20
    players = [Player(net, torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)) for net in networks()]
    game = DANN(*players, rounds=rounds)
    for _ in fit(game, iter(batches(rounds)), rounds=range(rounds)):
        pass

    features, labels, domains = nets = networks()
    optimizer = torch.optim.SGD([p for net in nets for p in net.parameters()], lr=0.1, momentum=0.9)
    for step, (x, label, other) in enumerate(batches(rounds)):
        feature, other_feature = features(x), features(other)
        logits = [domains(Reversal.apply(f, ramp(step / rounds))) for f in (feature, other_feature)]
        told = binary_cross_entropy_with_logits(logits[0], torch.ones(16)) + binary_cross_entropy_with_logits(
            logits[1], torch.zeros(16)
        )
        optimizer.zero_grad()
        (cross_entropy(labels(feature), label) + told).backward()
        optimizer.step()
    for player, net in zip(players, nets, strict=True):
        for ours, theirs in zip(player.network.parameters(), net.parameters(), strict=True):
            torch.testing.assert_close(ours.detach(), theirs.detach(), rtol=0, atol=1e-6)


class Weighted(nn.Module):
    """x -> weight * x, as it is or as two logits (weight * x, 0) or as a flat one."""

    def __init__(self, weight: float, kind: str) -> None:
        super().__init__()
        self.weight, self.kind = nn.Parameter(torch.tensor(weight)), kind

    def forward(self, x: Tensor) -> Tensor:
        scaled = self.weight * x
        return {"flat": scaled.flatten(), "two": torch.cat((scaled, 0 * scaled), 1), "same": scaled}[self.kind]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_one_round_by_hand() -> None:
    """1505.07818, eq. 13 to 15: f = w x, label logits (u f, 0), domain logit v f; a source x of class 0."""
    w, u, v, x, other, rate, weight = 0.5, 0.7, -0.4, 2.0, -3.0, 0.1, 0.3
    nets = Weighted(w, "same"), Weighted(u, "two"), Weighted(v, "flat")
    players = [Player(net, torch.optim.SGD(net.parameters(), lr=rate)) for net in nets]
    game = DANN(*players, rounds=10, weight=lambda progress: weight)
    feed = iter([(torch.tensor([[x]]), torch.tensor([0]), torch.tensor([[other]]))])
    ((_, facts),) = fit(game, feed, rounds=range(1))

    # L_y = -log sigmoid(u w x); L_d = -log sigmoid(v w x) - log sigmoid(-v w x')
    miss = sigmoid(u * w * x) - 1
    on_source, on_target = sigmoid(v * w * x) - 1, sigmoid(v * w * other)
    assert facts["labels/loss"].item() == pytest.approx(-math.log(sigmoid(u * w * x)))
    assert facts["domains/loss"].item() == pytest.approx(
        -math.log(sigmoid(v * w * x)) - math.log(1 - sigmoid(v * w * other))
    )
    told = v * (on_source * x + on_target * other)  # dL_d / dw
    assert nets[0].weight.item() == pytest.approx(w - rate * (miss * u * x - weight * told))
    assert nets[1].weight.item() == pytest.approx(u - rate * miss * w * x)
    assert nets[2].weight.item() == pytest.approx(v - rate * w * (on_source * x + on_target * other))
