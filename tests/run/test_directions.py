"""What directions are worth, and what is said of them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from rivals.run.directions import Direction, keep_directions, shift, told_right


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


def test_amounts_add_up_and_what_a_direction_was_found_under_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = SimpleNamespace(path=tmp_path, session=SimpleNamespace(round=80))
    bench: Any = SimpleNamespace(learned=run, latent=2, device=torch.device("cpu"), condition="red hair")
    keep_directions(
        tmp_path, {"older": Direction([1.0, 2.0], "", 80, "red hair"), "wider": Direction([0.0, -1.0], "", 80)}
    )
    assert shift(bench, {"older": 2.0, "wider": 3.0}).tolist() == [2.0, 1.0]
    said = capsys.readouterr().err
    assert (
        "direction `wider` was found without a condition, and this edit is under 'red hair'" in said
        and "`older`" not in said
    )
