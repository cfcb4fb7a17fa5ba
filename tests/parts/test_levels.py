"""Pixels in levels: rounded at random around their brightness, and nothing lost that need not be."""

import pytest
import torch

from rivals.parts.levels import Levels


def test_two_levels_are_white_as_often_as_the_pixel_is_bright() -> None:
    torch.manual_seed(0)
    shades = torch.tensor([0, 51, 128, 255]) / 127.5 - 1
    found = Levels(2)(shades.expand(20_000, 4))
    assert found.dtype == torch.int64 and found.unique().tolist() == [0, 1]
    assert found.float().mean(0).tolist() == pytest.approx([0, 0.2, 128 / 255, 1], abs=0.015)


def test_256_levels_are_the_bytes_of_a_picture() -> None:
    whole = torch.arange(256)
    for pictures in (whole.float().mul(1 / 127.5).sub(1), Levels(256).pixels(whole)):
        assert torch.equal(Levels(256)(pictures), whole)


def test_no_draw_raises_a_byte() -> None:
    torch.manual_seed(0)
    assert Levels(256)(torch.full((8_000_000,), 200 / 127.5 - 1)).eq(200).all()


@pytest.mark.parametrize("count", [2, 3, 5, 16, 18, 52, 256])
def test_what_is_in_levels_already_stays(count: int) -> None:
    levels, whole = Levels(count), torch.arange(count)
    shown = levels.pixels(whole)
    assert shown.min() == -1 and shown.max() == 1
    if 255 % (count - 1) == 0:  # and whole bytes lie on every level
        for _ in range(20):
            assert torch.equal(levels(shown), whole)


def test_the_mean_stays() -> None:
    torch.manual_seed(0)
    shades = torch.tensor([10, 100, 200]) / 127.5 - 1
    levels = Levels(5)
    assert levels.pixels(levels(shades.expand(20_000, 3))).mean(0).tolist() == pytest.approx(shades.tolist(), abs=0.01)
