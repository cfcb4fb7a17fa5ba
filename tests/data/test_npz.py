from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rivals.data.bad import DataError
from rivals.data.load import load
from rivals.data.npz import read_npz


def save(folder: Path, **arrays: np.ndarray) -> Path:
    np.savez_compressed(folder / "set.npz", **arrays)
    return folder / "set.npz"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    count=st.integers(1, 5),
    height=st.integers(5, 9),
    width=st.integers(5, 9),
    channels=st.sampled_from([0, 1, 3, 4]),
    last=st.booleans(),
    key=st.sampled_from(["images", "samples", "x_train", "anything"]),
)
def test_shapes(tmp_path: Path, count: int, height: int, width: int, channels: int, last: bool, key: str) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (count, height, width, max(1, channels)), dtype=np.uint8)
    stored = pictures if last else np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
    path = save(tmp_path, **{key: pictures[..., 0] if not channels else stored})
    read = np.stack([entry.content for entry in read_npz(path).entries()])
    assert np.array_equal(read, pictures[..., 0] if channels < 2 else pictures)


def test_labels_and_splits(tmp_path: Path) -> None:
    x = np.arange(4 * 64, dtype=np.uint8).reshape(4, 8, 8)
    path = save(tmp_path, x_train=x, y_train=np.array([2, 0, 1, 2]), x_test=x[:1], y_test=np.array([[5]]))
    train, test = read_npz(path), read_npz(path, split="test")
    assert [entry.label for entry in train.entries()] == [2, 0, 1, 2] and train.classes == ("0", "1", "2")
    assert [entry.label for entry in test.entries()] == [5]
    assert len(load(path)) == 4 and len(load(path, split="test")) == 1


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"images": np.array([{"a": 1}], dtype=object)}, "holds pickled objects, which are never loaded"),
        ({"images": np.zeros((2, 8, 8))}, r"'images' is float64 \(2, 8, 8\); pictures must be uint8"),
        ({"images": np.zeros((2, 8, 8, 7), np.uint8)}, "with 1, 3 or 4 channels"),
        ({"images": np.zeros((0, 8, 8), np.uint8)}, r"\(0, 8, 8\)"),
        ({"images": np.asfortranarray(np.zeros((2, 8, 8), np.uint8))}, "Fortran order"),
        ({"a": np.zeros((2, 8, 8), np.uint8), "b": np.zeros((2, 8, 8), np.uint8)}, "no array 'images'"),
        ({"images": np.zeros((2, 8, 8), np.uint8), "labels": np.zeros(3, int)}, "must be 2 whole numbers"),
        ({"images": np.zeros((2, 8, 8), np.uint8), "labels": np.array([0, -1])}, "go down to -1"),
    ],
)
def test_wrong_arrays_are_named(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load(save(tmp_path, **arrays))


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.98])
def test_a_truncated_npz_is_named(tmp_path: Path, keep: float) -> None:
    path = save(tmp_path, images=np.random.default_rng(0).integers(0, 256, (20, 16, 16), dtype=np.uint8))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(DataError, match="set.npz is not an npz file, or is truncated or damaged"):
        load(path)


def test_a_damaged_npz_is_named(tmp_path: Path) -> None:
    path = save(tmp_path, images=np.random.default_rng(0).integers(0, 256, (20, 16, 16), dtype=np.uint8))
    content = bytearray(path.read_bytes())
    content[2000:2010] = bytes(10)
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        load(path)
