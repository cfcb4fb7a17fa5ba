"""Codes that descend, by functions whose lowest points are known."""

import math

import pytest
import torch
from torch import Tensor

from rivals.latent.descent import Descent, lowered

AIM = torch.tensor([1.0, -2.0])


def test_a_bowl_is_descended_to_its_bottom_row_by_row() -> None:
    start = torch.tensor([[0.0, 0.0], [3.0, 3.0]])
    codes, value = lowered(lambda z: (z - AIM).square().sum(1), start, Descent(300, 0.3))
    assert torch.allclose(codes, AIM.expand(2, 2), atol=1e-3)
    assert value.max() < 1e-5
    alone, _ = lowered(lambda z: (z - AIM).square().sum(1), start[1:], Descent(300, 0.3))
    assert torch.equal(alone[0], codes[1])


def test_the_best_on_the_way_is_kept_and_nothing_worse_than_the_start() -> None:
    start = AIM[None] + 1e-3
    codes, value = lowered(lambda z: (z - AIM).square().sum(1), start, Descent(3, 5.0))
    assert torch.equal(codes, start) and value.item() == pytest.approx(2e-6, rel=1e-2)


def test_steps_shorten_on_a_cosine() -> None:
    """Down a straight slope each step of Adam is as long as its rate, so that the way shows the schedule."""
    way: list[float] = []

    def slope(codes: Tensor) -> Tensor:
        way.append(codes.item())
        return -5 * codes.sum(1)

    lowered(slope, torch.zeros(1, 1), Descent(4, 0.3))
    lengths = [after - before for before, after in zip(way, way[1:], strict=False)]
    assert lengths == pytest.approx([0.3 * (1 + math.cos(math.pi * k / 4)) / 2 for k in range(4)], abs=1e-5)


def test_the_start_stays_as_it_is() -> None:
    start = torch.zeros(1, 2)
    lowered(lambda z: (z - AIM).square().sum(1), start, Descent(5, 0.3))
    assert torch.equal(start, torch.zeros(1, 2)) and not start.requires_grad


@pytest.mark.parametrize(("steps", "rate"), [(0, 0.1), (5, 0.0), (5, float("inf"))])
def test_a_descent_that_cannot_descend(steps: int, rate: float) -> None:
    with pytest.raises(ValueError, match="at least 1 step and a rate above 0"):
        Descent(steps, rate)
