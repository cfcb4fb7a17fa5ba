import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from rivals.data import named
from rivals.data.bad import DataError
from rivals.data.load import load
from rivals.data.names import NAMED
from tests.data.test_idx import idx

REAL = os.environ.get("RIVALS_DATA")
needs_data = pytest.mark.skipif(not REAL, reason="RIVALS_DATA is not set: the real picture sets are not here")


def test_digits_are_embedded() -> None:
    source = load("digits")
    assert len(source) == 1797 and source.spec["image"].shape == (1, 8, 8) and len(source.classes) == 10
    assert source.labels[:10].tolist() == list(range(10))
    assert Path(named.__file__).with_name("digits.npz").stat().st_size < 65_000


def test_digits_are_those_of_scikit_learn() -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    digits, source = datasets.load_digits(), load("digits")
    assert np.array_equal(np.rint(source.images[:, 0] / (255 / 16)), digits.images)
    assert np.array_equal(source.labels, digits.target)


def test_a_set_that_is_not_here_names_file_and_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="put the file cifar10/train.tar.gz into .*cache .or set RIVALS_DATA"):
        load("cifar10")
    monkeypatch.setenv("RIVALS_DATA", str(tmp_path / "mine"))
    with pytest.raises(DataError, match=f"put the file cifar10/test.tar.gz into {tmp_path}/mine$"):
        load("cifar10", split="test")
    with pytest.raises(DataError, match="olivetti has no test split"):
        load("olivetti", split="test")


def test_rivals_data_comes_before_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path) -> None:
    for root, count in ((tmp_path / "mine", 2), (cache, 3)):
        (root / "mnist").mkdir(parents=True)
        path = root / "mnist" / "train-images-idx3-ubyte.gz"
        path.write_bytes(idx(np.zeros((count, 8, 8), np.uint8)))
    assert len(load("mnist")) == 3
    monkeypatch.setenv("RIVALS_DATA", str(tmp_path / "mine"))
    assert len(load("mnist")) == 2


def test_download_is_checked_and_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path
) -> None:
    served = tmp_path / "served"
    served.mkdir()
    files = {"train-images-idx3-ubyte.gz": np.zeros((4, 8, 8), np.uint8), "train-labels-idx1-ubyte.gz": np.arange(4)}
    for name, array in files.items():
        (served / name).write_bytes(idx(array.astype(np.uint8)))
    entry = NAMED["mnist"]
    monkeypatch.setitem(NAMED, "mnist", type(entry)(entry.about, entry.train, entry.test, served.as_uri()))
    with pytest.raises(DataError, match="has changed"):
        load("mnist", say=lambda line: None)
    assert [path for path in cache.rglob("*") if path.is_file()] == []
    for name in files:
        digest = hashlib.sha256((served / name).read_bytes()).hexdigest()
        monkeypatch.setitem(named.SHA256, f"mnist/{name}", digest)
    said: list[str] = []
    assert load("mnist", say=said.append).labels.tolist() == [0, 1, 2, 3]
    assert len(said) == 2 and said[0].startswith("downloading file:")
    with pytest.raises(DataError, match="t10k-.*can't be downloaded.*: put the file mnist/t10k-labels"):
        load("mnist", split="test", say=lambda line: None)


def test_every_download_has_a_checksum() -> None:
    for entry in NAMED.values():
        for part in (entry.train, entry.test) if entry.url else ():
            assert part in named.SHA256 and part.replace("images-idx3", "labels-idx1") in named.SHA256


@needs_data
@pytest.mark.parametrize(
    ("name", "count", "shape", "classes"),
    [("olivetti", 400, (1, 64, 64), 40), ("cats-dogs", 1400, (3, 64, 64), 2), ("bsds", 200, (3, 64, 64), 0)],
)
def test_real_sets(
    monkeypatch: pytest.MonkeyPatch, name: str, count: int, shape: tuple[int, ...], classes: int
) -> None:
    monkeypatch.setenv("RIVALS_DATA", str(REAL))
    source = load(name, say=lambda line: None)
    assert (len(source), source.spec["image"].shape, len(source.classes)) == (count, shape, classes)


@needs_data
def test_real_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_DATA", str(REAL))
    source = load("mnist", split="test", say=lambda line: None)
    assert source.spec["image"].shape == (1, 32, 32) and source.labels[:5].tolist() == [7, 2, 1, 0, 4]
