"""CycleGAN: one round by hand, and what its fields mean."""

import math

import pytest
import torch
from torch import Tensor, nn

from rivals.games.cyclegan import Critics, CycleGAN, Translators
from rivals.loop import fit
from rivals.losses.adversarial import relativistic
from rivals.parts.history import FakeHistory
from rivals.play import Player


class Scale(nn.Module):
    """x -> weight * x, (n, 1) -> (n, 1), or flat (n,) for a critic."""

    def __init__(self, weight: float, flat: bool = False) -> None:
        super().__init__()
        self.weight, self.flat = nn.Parameter(torch.tensor(weight)), flat

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * (x.flatten() if self.flat else x)


def by_hand(a: float, b: float, c: float, d: float, rate: float, weights: tuple[float, float]) -> CycleGAN:
    """G = a x, F = b y, D_X = c x, D_Y = d y, plain descent."""
    translators = Translators(Scale(a), Scale(b))
    critics = Critics(Scale(c, flat=True), Scale(d, flat=True))
    return CycleGAN(
        Player(translators, torch.optim.SGD(translators.parameters(), lr=rate)),
        Player(critics, torch.optim.SGD(critics.parameters(), lr=rate)),
        FakeHistory(2),
        FakeHistory(2),
        cycle_weight=weights[0],
        identity_weight=weights[1],
    )


def test_a_relativistic_translator_is_pushed() -> None:
    game = by_hand(0.5, 0.8, 0.3, 0.7, 0.01, (0.0, 0.0))
    game.loss = relativistic
    ((_, facts),) = fit(game, iter([(torch.tensor([[2.0]]), torch.tensor([[3.0]]))]), rounds=range(1))
    gaps = 0.7 * (3.0 - 0.5 * 2.0), 0.3 * (2.0 - 0.8 * 3.0)
    assert facts["translators/fooling"].item() == pytest.approx(sum(math.log1p(math.exp(gap)) for gap in gaps))
    assert game.translators.network.to_target.weight.item() > 0.5  # D_Y likes larger y


def test_one_round_by_hand() -> None:
    """1703.10593, eq. 3 with least squares, the critics' objective halved, and critics that see the same fakes."""
    a, b, c, d, x, y, rate, cycle, identity = 0.5, 0.8, 0.3, 0.7, 2.0, 3.0, 0.01, 10.0, 0.5
    game = by_hand(a, b, c, d, rate, (cycle, identity))
    ((_, facts),) = fit(game, iter([(torch.tensor([[x]]), torch.tensor([[y]]))]), rounds=range(1))

    # the translators: (d a x - 1)^2 + (c b y - 1)^2 + 10 (|b a x - x| + |a b y - y|) + 5 (|a y - y| + |b x - x|)
    assert a * b < 1 and a < 1 and b < 1  # every absolute difference falls as its weight grows
    assert facts["translators/fooling"].item() == pytest.approx((d * a * x - 1) ** 2 + (c * b * y - 1) ** 2)
    assert facts["translators/cycle"].item() == pytest.approx((1 - a * b) * (x + y))
    assert facts["translators/identity"].item() == pytest.approx((1 - a) * y + (1 - b) * x)
    slope_a = 2 * (d * a * x - 1) * d * x - cycle * b * (x + y) - cycle * identity * y
    slope_b = 2 * (c * b * y - 1) * c * y - cycle * a * (x + y) - cycle * identity * x
    network = game.translators.network
    assert network.to_target.weight.item() == pytest.approx(a - rate * slope_a)
    assert network.to_source.weight.item() == pytest.approx(b - rate * slope_b)

    # the critics: half of (c x - 1)^2 + (c F(y))^2, on the fakes made before the translators' step
    slope_c = (c * x - 1) * x + c * (b * y) ** 2
    slope_d = (d * y - 1) * y + d * (a * x) ** 2
    assert game.critics.network.source.weight.item() == pytest.approx(c - rate * slope_c)
    assert game.critics.network.target.weight.item() == pytest.approx(d - rate * slope_d)


def test_critics_are_shown_past_fakes() -> None:
    """A history of two holds the fakes of the first two rounds, and gives some of them back in the next ones."""
    game = by_hand(0.5, 0.8, 0.3, 0.7, 0.0, (10.0, 0.5))
    shown: list[float] = []
    original = game.critics_loss

    def watched(x: Tensor, y: Tensor, fake_x: Tensor, fake_y: Tensor) -> object:
        shown.append(round(fake_y.item() / 0.5))  # the round it was made in: x is 1, 2, 3, ...
        return original(x, y, fake_x, fake_y)

    game.critics_loss = watched  # type: ignore[method-assign]
    batches = ((torch.tensor([[float(i)]]), torch.tensor([[1.0]])) for i in range(1, 41))
    for _ in fit(game, batches, rounds=range(40)):
        pass
    ages = [made - seen for made, seen in enumerate(shown, 1)]
    assert ages[:2] == [0, 0] and min(ages) == 0
    assert 8 <= sum(age > 0 for age in ages[2:]) <= 30  # about half
    assert all(shown.count(i) <= (2 if i <= 2 else 1) for i in range(1, 41))  # while it fills, fakes are kept and shown
