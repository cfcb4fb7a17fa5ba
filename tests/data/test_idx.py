import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rivals.data.bad import DataError
from rivals.data.idx import read_idx
from rivals.data.load import load

SOME = np.arange(3 * 8 * 8, dtype=np.uint8).reshape(3, 8, 8)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def write(folder: Path, content: bytes, name: str = "train-images-idx3-ubyte") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    images=arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=9)),
    zipped=st.booleans(),
    labelled=st.booleans(),
)
def test_idx_round_trip(tmp_path: Path, images: np.ndarray, zipped: bool, labelled: bool) -> None:
    for old in tmp_path.glob("*ubyte*"):
        old.unlink()
    pack, suffix = (gzip.compress, ".gz") if zipped else (bytes, "")
    path = write(tmp_path, pack(idx(images)), f"train-images-idx3-ubyte{suffix}")
    labels = np.arange(len(images), dtype=np.uint8) % 7
    if labelled:
        write(tmp_path, idx(labels), "train-labels-idx1-ubyte")
    entries = list(read_idx(path).entries())
    assert np.array_equal(np.stack([entry.content for entry in entries]), images)
    assert [entry.label for entry in entries] == (labels.tolist() if labelled else [None] * len(images))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(content=st.binary(max_size=40), magic=st.booleans(), zipped=st.booleans())
def test_any_bytes_are_read_or_named_as_corrupt(tmp_path: Path, content: bytes, magic: bool, zipped: bool) -> None:
    content = (b"\0\0\x08\x03" if magic else b"") + content
    path = write(tmp_path, gzip.compress(content) if zipped else content)
    try:
        entries = list(read_idx(path).entries())
    except DataError as error:
        assert str(path) in str(error).splitlines()[0]
    else:
        assert (
            idx(np.stack([entry.content for entry in entries])) == content[: 16 + sum(e.content.size for e in entries)]
        )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG" + bytes(20), "corrupt idx header: it starts with 89 50 4e 47"),
        (b"\0\0\x0d\x03" + bytes(20), "type 0x0d"),
        (b"\0\0\x08\x01" + bytes(20), "1 dimensions where 3 were expected"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 3, 0, 8), "sizes 3x0x8"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 3, 2**31, 2**31), "corrupt idx header"),
        (idx(SOME)[:-1], "is truncated"),
        (idx(SOME)[:7], "is truncated"),
        (b"", "is truncated"),
        (gzip.compress(idx(SOME))[:-12], "is truncated or damaged"),
    ],
)
def test_damaged_files_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load(write(tmp_path, content), say=lambda line: None)
    assert not list((tmp_path / "cache").glob("pictures/*/images.npy"))


def test_labels_of_another_number(tmp_path: Path) -> None:
    write(tmp_path, idx(np.zeros(2, np.uint8)), "train-labels-idx1-ubyte")
    with pytest.raises(DataError, match="2 labels for the 3 pictures"):
        read_idx(write(tmp_path, idx(SOME)))


def test_a_folder_of_idx_files_is_read_by_split(tmp_path: Path) -> None:
    write(tmp_path, idx(SOME))
    write(tmp_path, idx(SOME[:2]), "t10k-images-idx3-ubyte")
    assert len(load(tmp_path)) == 3 and len(load(tmp_path, split="test")) == 2
