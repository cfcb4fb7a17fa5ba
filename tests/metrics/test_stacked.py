"""Stacked MNIST: the pictures are those digits, and the modes are counted right."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from rivals.data.bad import DataError
from rivals.data.load import load
from rivals.data.pictures import Pictures
from rivals.data.stacked import Stacked
from rivals.metrics import stacked_modes
from tests.data.test_idx import idx

LOOKS = 40


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """Forty 8x8 pictures under the names of MNIST's files; each is told by its first pixel."""
    monkeypatch.setenv("RIVALS_DATA", str(tmp_path))
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "cache"))
    images = np.random.default_rng(0).integers(0, 256, (LOOKS, 8, 8)).astype(np.uint8)
    images[:, 0, 0] = np.arange(LOOKS)
    (tmp_path / "mnist").mkdir()
    for split in ("train", "t10k"):
        for part, content in (("images-idx3", images), ("labels-idx1", np.arange(LOOKS, dtype=np.uint8) % 10)):
            (tmp_path / "mnist" / f"{split}-{part}-ubyte.gz").write_bytes(gzip.compress(idx(content)))
    return images


def test_channels_are_digits_and_a_function_of_the_seed(digits: np.ndarray) -> None:
    source = load("stacked-mnist", say=lambda line: None)
    assert (len(source), source.spec["image"].shape) == (128_000, (3, 8, 8))
    index = np.array([5, 0, 127_999])
    shown = source.restore(source.batch(torch.from_numpy(index), torch.zeros(3, dtype=torch.int64))["image"])
    expected = digits[source.triplets.numpy()[index]].transpose(0, 2, 3, 1)
    assert np.array_equal(shown, expected)
    assert torch.equal(source.triplets, load("stacked-mnist", say=lambda line: None).triplets)
    other = Stacked(source.grey, seed=1)
    assert not torch.equal(source.triplets, other.triplets) and source.index_sha256 != other.index_sha256
    assert np.bincount(source.triplets.flatten()).std() / math.sqrt(3 * 128_000 / LOOKS) < 1.5


def test_options_that_do_not_suit_triplets_are_named(digits: np.ndarray) -> None:
    with pytest.raises(DataError, match="stacked-mnist has 3 channels"):
        load("stacked-mnist", channels=1)
    assert len(load("stacked-mnist", limit=7, say=lambda line: None)) == 7
    with pytest.raises(ValueError, match="only grey pictures"):
        Stacked(Pictures(np.zeros((2, 3, 8, 8), np.uint8)))


def test_modes_by_hand() -> None:
    found = stacked_modes(np.array([[0, 0, 0], [0, 0, 0], [9, 9, 9], [0, 1, 2]]))
    shares = np.array([0.5, 0.25, 0.25])
    assert found.stacked_modes == 3
    assert found.stacked_kl == pytest.approx(float((shares * np.log(shares * 1000)).sum()))
    with pytest.raises(ValueError, match="each from 0 to 9"):
        stacked_modes(np.array([[0, 1, 10]]))


def test_the_floor_of_26_000_uniform_samples() -> None:
    found = stacked_modes(np.random.default_rng(0).integers(0, 10, (26_000, 3)))
    assert found.stacked_modes == 1000
    assert found.stacked_kl == pytest.approx(999 / 52_000, rel=0.1)
