"""The stream of batches: a permutation of the samples an epoch, cut among ranks, remembered as one whole number."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from rivals.feed import Feed, Field, bits, shuffled

SEEDS = st.integers(0, 2**63 - 1)


@dataclass
class Numbers:
    """Sample i is the number i; a second field holds the random bits that came with it."""

    size: int

    @property
    def spec(self) -> dict[str, Field]:
        return {"number": Field(()), "bits": Field(())}

    def __len__(self) -> int:
        return self.size

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"number": index, "bits": draw}


@given(size=st.integers(1, 700), seed=SEEDS, epoch=st.integers(0, 2**31))
def test_every_epoch_is_a_permutation(size: int, seed: int, epoch: int) -> None:
    position = epoch * size + np.arange(size, dtype=np.uint64)
    assert sorted(shuffled(position, size, seed).tolist()) == list(range(size))


@given(seed=SEEDS)
def test_epochs_and_seeds_differ(seed: int) -> None:
    first = shuffled(np.arange(200, dtype=np.uint64), 100, seed)
    other = shuffled(np.arange(100, dtype=np.uint64), 100, seed + 1)
    assert (first[:100] != first[100:]).any() and (first[:100] != other).any()


def test_the_order_is_even() -> None:
    """Over many epochs every sample is equally often in the first place, and neighbours are not kept together."""
    size, epochs = 10, 20_000
    order = shuffled(np.arange(size * epochs, dtype=np.uint64), size, 3).reshape(epochs, size)
    for place in (0, 4, 9):
        share = np.bincount(order[:, place], minlength=size) / epochs
        assert np.abs(share - 0.1).max() < 0.012
    adjacent = np.mean((order[:, 1:] - order[:, :-1]) % size == 1)
    assert abs(adjacent - 1 / 9) < 0.004  # the next sample is one of the nine others


@settings(max_examples=60)
@given(size=st.integers(1, 90), world=st.integers(1, 5), batch=st.integers(1, 9), seed=SEEDS, rounds=st.integers(1, 6))
def test_the_ranks_make_the_global_batch(size: int, world: int, batch: int, seed: int, rounds: int) -> None:
    fields = ("number", "bits")
    whole = Feed(Numbers(size), batch * world, fields=fields, seed=seed)
    parts = [Feed(Numbers(size), batch, fields=fields, seed=seed, rank=rank, world=world) for rank in range(world)]
    for _ in range(rounds):
        together = zip(*(next(part) for part in parts), strict=True)
        for ours, theirs in zip(next(whole), together, strict=True):
            assert torch.equal(ours, torch.cat(theirs))


@settings(max_examples=40)
@given(size=st.integers(1, 90), batch=st.integers(1, 200), seed=SEEDS, given=st.integers(0, 10**9))
def test_the_state_is_one_number(size: int, batch: int, seed: int, given: int) -> None:
    one, other = (Feed(Numbers(size), batch, fields=("number", "bits"), seed=seed) for _ in range(2))
    one.load_state_dict({"given": given})
    next(one)
    assert one.state_dict() == {"given": given + 1}
    other.load_state_dict(one.state_dict())
    assert all(torch.equal(a, b) for a, b in zip(next(one), next(other), strict=True))


def test_one_field_is_a_tensor_and_several_a_tuple() -> None:
    assert next(Feed(Numbers(9), 4)).shape == (4,)
    number, draw = next(Feed(Numbers(9), 4, fields=("number", "bits")))
    assert number.dtype == draw.dtype == torch.int64
    assert next(iter(Feed(Numbers(1), 3))).tolist() == [0, 0, 0]


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match="this game needs number and label, and the data has number, bits"):
        Feed(Numbers(9), 4, fields=("number", "label"))


def test_bits_are_even_and_unlike_their_neighbours() -> None:
    word = bits(np.arange(40_000, dtype=np.uint64), 7).view(np.uint64)
    assert len(np.unique(word)) == 40_000
    for place in (0, 1, 31, 63):
        column = (word >> np.uint64(place)) & np.uint64(1)
        assert abs(column.mean() - 0.5) < 0.01
        assert abs((column[1:] == column[:-1]).mean() - 0.5) < 0.01


def test_a_feed_reads_sources_only() -> None:
    with pytest.raises(ValueError, match="a feed reads a source, and Tensor is none; make one with rivals.data.load"):
        Feed(torch.zeros(8, 2), 4)  # pyrefly: ignore
    with pytest.raises(ValueError, match="a batch needs one sample or more, found 0"):
        Feed(Numbers(8), 0)
