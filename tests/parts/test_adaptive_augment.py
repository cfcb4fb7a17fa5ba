"""Adaptive augmentation: each change alone, its draws fixed, against a value worked out by hand."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from rivals.parts import adaptive_augment
from rivals.parts.adaptive_augment import AdaptiveAugment

SIZE, TURN, SCALE = 16, 2 * math.pi / 3, 2**0.2
"""Pixels a side; the angle drawn by rotation and hue; a scale one standard deviation above 1."""
GEOMETRY = ("mirror", "quarter", "scale", "stretch", "before", "after", "shift")
COLOUR = ("brightness", "contrast", "luma", "hue", "saturation")
"""In the order in which a picture is asked whether they apply."""


def rotation(angle: float) -> Tensor:
    return torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


MATRICES = {
    "mirror": torch.diag(torch.tensor([-1.0, 1.0])),
    "quarter": rotation(-math.pi / 2),  # three quarters
    "scale": SCALE * torch.eye(2),
    "before": rotation(TURN),
    "stretch": torch.diag(torch.tensor([SCALE, 1 / SCALE])),
    "after": rotation(TURN),
}
"""What each does to (column, row), in the order of the paper's app. B."""


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every draw fixed: uniform numbers are 5/6, normal ones 1, whole ones the highest that there is."""
    monkeypatch.setattr(torch, "rand", lambda *size, **_: torch.full(size, 5 / 6))
    monkeypatch.setattr(torch, "randn", lambda *size, **_: torch.ones(size))
    monkeypatch.setattr(torch, "randint", lambda low, high, size, **_: torch.full(size, high - 1))


def applied(monkeypatch: pytest.MonkeyPatch, x: Tensor, *names: str, strength: float = 1.0) -> tuple[Tensor, list[Any]]:
    """Pictures to which only those changes apply, and the probability that each was asked with."""
    probabilities: list[float] = []

    def chosen(strength: Tensor, x: Tensor) -> Tensor:
        name = (GEOMETRY + COLOUR)[len(probabilities)]
        probabilities.append(strength.item())
        return torch.full((len(x),), float(name in names))

    monkeypatch.setattr(adaptive_augment, "_chosen", chosen)
    return AdaptiveAugment(strength=strength)(x), probabilities


def places() -> Tensor:
    """A picture that tells of each pixel where it is: (column, row) from the middle, (1, 2, SIZE, SIZE)."""
    line = torch.arange(SIZE) - (SIZE - 1) / 2
    return torch.stack([line.expand(SIZE, SIZE), line[:, None].expand(SIZE, SIZE)])[None]


def middle(x: Tensor) -> Tensor:
    """The pixels whose sources lie within the picture, (2, pixels)."""
    return x[0, :, 5:11, 5:11].flatten(1)


@pytest.mark.parametrize("name", MATRICES)
def test_each_geometric_change_alone(name: str, fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moved, _ = applied(monkeypatch, places(), name)
    torch.testing.assert_close(middle(moved), MATRICES[name] @ middle(places()), rtol=0, atol=1e-5)


def test_a_shift_goes_an_eighth_at_most_either_way(fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moved, _ = applied(monkeypatch, places(), "shift")
    assert torch.equal(middle(moved), middle(places()) + SIZE // 8)
    monkeypatch.undo()
    torch.manual_seed(0)
    moved, _ = applied(monkeypatch, places().expand(500, -1, -1, -1), "shift")
    by = (moved - places())[:, :, 8, 8]
    assert {tuple(each) for each in by.int().tolist()} == {(i, j) for i in range(-2, 3) for j in range(-2, 3)}


def test_geometric_changes_follow_each_other(fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moved, _ = applied(monkeypatch, places(), *GEOMETRY)
    matrix = torch.linalg.multi_dot(list(MATRICES.values()))
    torch.testing.assert_close(middle(moved), matrix @ middle(places()) + SIZE // 8, rtol=0, atol=1e-5)


BRIGHT = 2**0.5
COLOURED = {
    "brightness": [0.7, 0.3, -0.1],
    "contrast": [0.5 * BRIGHT, 0.1 * BRIGHT, -0.3 * BRIGHT],
    "luma": [0.3, -0.1, -0.5],  # their mean is 0.1: less 0.2
    "hue": [-0.3, 0.5, 0.1],  # a third of the circle: red is green now
    "saturation": [0.9, 0.1, -0.7],  # twice as far from the mean
}
"""What each makes of the colour (0.5, 0.1, -0.3)."""


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("name", COLOURED)
def test_each_change_of_colour_alone(name: str, channels: int, fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.tensor([0.5, 0.1, -0.3, 0.25])[:channels, None, None].expand(1, channels, 4, 4)
    changed, _ = applied(monkeypatch, x, name)
    expected = torch.tensor([*COLOURED[name], 0.25])[:channels, None, None].expand(1, channels, 4, 4)  # opacity stays
    torch.testing.assert_close(changed, expected, rtol=0, atol=1e-6)


def test_greys_get_contrast_and_then_brightness(fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    changed, _ = applied(monkeypatch, torch.full((1, 1, 4, 4), 0.5), *COLOUR)
    torch.testing.assert_close(changed, torch.full((1, 1, 4, 4), 0.5 * BRIGHT + 0.2))


def test_colours_get_all_changes_in_order(fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.tensor([0.5, 0.1, -0.3])[:, None, None].expand(1, 3, 4, 4)
    changed, _ = applied(monkeypatch, x, *COLOUR)
    # luma (0.3, -0.1, -0.5), hue (-0.5, 0.3, -0.1), saturation (-0.9, 0.7, -0.1)
    expected = torch.tensor([-0.9, 0.7, -0.1])[:, None, None].expand(1, 3, 4, 4) * BRIGHT + 0.2
    torch.testing.assert_close(changed, expected, rtol=0, atol=1e-6)


def test_each_change_is_asked_for_by_the_strength(monkeypatch: pytest.MonkeyPatch) -> None:
    """But each rotation by less, so that one of the two at least comes with that probability: 1 - 0.8^2 = 0.36."""
    _, probabilities = applied(monkeypatch, torch.zeros(2, 3, 8, 8), strength=0.36)
    asked = dict(zip(GEOMETRY + COLOUR, probabilities, strict=True))
    expected = dict.fromkeys(GEOMETRY + COLOUR, 0.36) | {"before": 0.2, "after": 0.2}
    assert asked == pytest.approx(expected)


@pytest.mark.parametrize("which", ["mirror", "quarter", "luma"])
def test_whole_draws_come_equally_often(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    x = torch.rand(1, 3, 4, 4).expand(4000, 3, 4, 4)
    changed, _ = applied(monkeypatch, x, which)
    kinds, counts = changed.mul(1e4).round().unique(dim=0, return_counts=True)
    share = 1 / {"quarter": 4}.get(which, 2)
    assert (counts / 4000).tolist() == pytest.approx([share] * len(kinds), abs=0.03) and len(kinds) == 1 / share


def test_points_get_a_tenth_of_a_normal_number_each(fixed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "randn_like", lambda x: torch.full_like(x, 2.0))
    torch.testing.assert_close(AdaptiveAugment(strength=1.0)(torch.ones(3, 2)), torch.full((3, 2), 1.2))
