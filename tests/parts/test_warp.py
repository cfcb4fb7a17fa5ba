"""What may move in a picture without its becoming another."""

import math

import pytest
import torch
from torch import Tensor

from rivals.parts.warp import Warp

STILL = {"turn": 0.0, "stretch": 0.0, "slant": 0.0, "shift": 0.0}


def blob(n: int, x: float = 0.0, y: float = 0.0, wide: float = 3.0, high: float = 3.0, side: int = 33) -> Tensor:
    """Ink (n, 1, side, side) around (x, y) from the middle, with deviations `wide` and `high`."""
    down, right = torch.meshgrid(*[torch.arange(side, dtype=torch.float64) - side // 2] * 2, indexing="ij")
    ink = torch.exp(-((right - x) / wide).square() / 2 - ((down - y) / high).square() / 2)
    return ink.expand(n, 1, side, side)


def moments(ink: Tensor) -> tuple[Tensor, Tensor]:
    """Middle (n, 2), as columns and rows from the centre, and covariance (n, 2, 2)."""
    side = ink.shape[-1]
    down, right = torch.meshgrid(*[torch.arange(side, dtype=ink.dtype) - side // 2] * 2, indexing="ij")
    places, share = torch.stack([right.flatten(), down.flatten()], 1), ink.flatten(1)
    share = share / share.sum(1, keepdim=True)
    middle = share @ places
    off = places - middle[:, None]
    return middle, (off * share[:, :, None]).transpose(1, 2) @ off


def test_nothing_moves_where_nothing_may() -> None:
    x = blob(4, 3, -2)
    torch.testing.assert_close(Warp(**STILL)(x), x, rtol=0, atol=1e-6)


def test_shifts_are_even_within_their_reach() -> None:
    torch.manual_seed(0)
    middle, _ = moments(Warp(**STILL | {"shift": 0.1})(blob(4000, wide=2, high=2)))
    assert middle.abs().max() < 3.35 and middle.abs().max() > 3.1  # a tenth of 33
    assert middle.std(0).tolist() == pytest.approx([3.3 / math.sqrt(3)] * 2, rel=0.05)
    assert middle.mean(0).abs().max() < 0.1


def test_turns_keep_the_shape() -> None:
    torch.manual_seed(0)
    x = blob(2000, wide=8, high=4, side=65)
    _, before = moments(x[:1])
    _, after = moments(Warp(**STILL | {"turn": 0.4})(x))
    lean = 0.5 * torch.atan2(2 * after[:, 0, 1], after[:, 0, 0] - after[:, 1, 1])
    assert 0.38 < lean.abs().max() < 0.41
    assert lean.std().item() == pytest.approx(0.4 / math.sqrt(3), rel=0.06)
    torch.testing.assert_close(after.det().mean(), before.det()[0], rtol=0.02, atol=0)


def test_sides_are_stretched_apart_from_each_other_and_slants_move_columns() -> None:
    torch.manual_seed(0)
    _, after = moments(Warp(**STILL | {"stretch": 0.3})(blob(2000)))
    wide, high = after[:, 0, 0].log() / 2 - math.log(3), after[:, 1, 1].log() / 2 - math.log(3)
    for side in (wide, high):
        assert side.std().item() == pytest.approx(0.3 / math.sqrt(3), rel=0.07) and 0.28 < side.abs().max() < 0.32
    assert abs(torch.corrcoef(torch.stack([wide, high]))[0, 1]) < 0.1
    _, slanted = moments(Warp(**STILL | {"slant": 0.5})(blob(2000)))
    assert slanted[:, 1, 1].std() < 0.1  # rows stay
    assert 0.45 < (slanted[:, 0, 1] / slanted[:, 1, 1]).abs().max() < 0.52


def test_every_picture_of_a_batch_moves_on_its_own_and_keeps_its_type() -> None:
    torch.manual_seed(0)
    x = blob(8, 4, 4).float().expand(8, 3, 33, 33).to(torch.bfloat16)
    y = Warp()(x)
    assert y.shape == x.shape and y.dtype == x.dtype and y.isfinite().all()
    assert len(torch.unique(y.flatten(1), dim=0)) == 8
