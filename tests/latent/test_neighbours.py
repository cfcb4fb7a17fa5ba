"""The nearest training pictures, held against sorting all distances."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rivals.latent import neighbours
from rivals.latent.neighbours import nearest


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.integers(1, 40), st.integers(1, 17), st.integers(1, 5))
def test_streaming_equals_sorting_everything(seed: int, count: int, batch: int, k: int) -> None:
    draw = torch.Generator().manual_seed(seed)
    samples, real = torch.randn(3, 1, 4, 4, generator=draw), torch.randn(count, 1, 4, 4, generator=draw)
    index, distance = nearest(samples, real.split(batch), k)
    everything = (samples.flatten(1)[:, None] - real.flatten(1)).square().mean(2).sqrt()
    assert torch.equal(index, everything.argsort(dim=1)[:, :k])
    torch.testing.assert_close(distance, everything.sort(dim=1).values[:, :k])


def test_a_copy_is_at_distance_zero_and_white_is_two_from_black(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "ROOM", 10)  # so that every batch is cut into blocks
    real = torch.stack([torch.ones(3, 8, 8), -torch.ones(3, 8, 8), torch.zeros(3, 8, 8)])
    index, distance = nearest(-torch.ones(1, 3, 8, 8), [real], 3)
    assert index.tolist() == [[1, 2, 0]]
    assert distance.tolist() == [[0, 1, 2]]


def test_what_can_not_be_compared_is_named() -> None:
    with pytest.raises(ValueError, match="no real sample"):
        nearest(torch.zeros(1, 2), [], 1)
    with pytest.raises(ValueError, match=r"samples are \(3,\) and real ones \(2,\)"):
        nearest(torch.zeros(1, 3), [torch.zeros(4, 2)], 1)
