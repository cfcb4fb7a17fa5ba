"""What is said of directions by labels."""

import torch

from rivals.run.directions import told_right


def test_labels_at_random_are_told_by_chance_however_many_dimensions() -> None:
    draws = torch.Generator().manual_seed(0)
    codes = torch.randn(60, 128, generator=draws)
    found = [told_right(codes, torch.rand(60, generator=draws) < 0.5) for _ in range(40)]
    told = torch.tensor([each for each in found if each is not None])
    assert len(told) == 40 and abs(float(told.mean()) - 0.5) < 0.03


def test_what_lies_apart_is_told() -> None:
    codes = torch.randn(60, 8, generator=torch.Generator().manual_seed(0))
    has = torch.arange(60) % 3 == 0
    codes[has, 2] += 8
    assert told_right(codes, has) == 1.0
    assert told_right(codes, torch.arange(60) == 7) is None
