import json
from pathlib import Path

import numpy as np
import pytest

from rivals.data.bad import DataError
from rivals.data.load import load
from tests.data.conftest import encoded, noise

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def write(
    path: Path, count: int, *, labels: bool = True, column: str = "image", names: list[str] | None = None
) -> Path:
    rows = [{"bytes": encoded(noise(8, 8, seed=i)), "path": f"{i}.png"} for i in range(count)]
    columns = {column: rows} | ({"label": [i % 3 for i in range(count)]} if labels else {})
    table = pyarrow.table(columns)
    if names:
        about = {"info": {"features": {"label": {"names": names}}}}
        table = table.replace_schema_metadata({"huggingface": json.dumps(about)})
    parquet.write_table(table, path, row_group_size=10)
    return path


def test_pictures_and_labels(tmp_path: Path) -> None:
    source = load(write(tmp_path / "x.parquet", 100, names=["ant", "bee", "cat"]))
    assert len(source) == 100 and source.classes == ("ant", "bee", "cat")
    assert np.array_equal(source.images[70].transpose(1, 2, 0), np.asarray(noise(8, 8, seed=70)))
    assert source.labels[:5].tolist() == [0, 1, 2, 0, 1]


def test_without_names_the_classes_are_numbers(tmp_path: Path) -> None:
    assert load(write(tmp_path / "x.parquet", 5)).classes == ("0", "1", "2")
    assert "label" not in load(write(tmp_path / "y.parquet", 5, labels=False)).spec


def test_shards_of_a_split(tmp_path: Path) -> None:
    for name, count in (("train-00000-of-00002", 4), ("train-00001-of-00002", 5), ("test-00000-of-00001", 2)):
        write(tmp_path / f"{name}.parquet", count)
    assert (len(load(tmp_path)), len(load(tmp_path, split="test"))) == (9, 2)


def test_files_of_two_data_sets_are_not_mixed(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", 2)
    write(tmp_path / "b.parquet", 2, column="img", labels=False)
    with pytest.raises(DataError, match="b.parquet has img where a.parquet has image and label"):
        load(tmp_path)


def test_wrong_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column 'image'; it has photo, label"):
        load(write(tmp_path / "x.parquet", 3, column="photo"))
    whole = write(tmp_path / "y.parquet", 3).read_bytes()
    (tmp_path / "y.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="y.parquet is not a parquet file, or is truncated"):
        load(tmp_path / "y.parquet")
    table = pyarrow.table({"image": ["a.png", "b.png"]})
    parquet.write_table(table, tmp_path / "z.parquet")
    with pytest.raises(DataError, match="'image' is string; pictures must be bytes"):
        load(tmp_path / "z.parquet")
    table = pyarrow.table({"image": [{"bytes": None, "path": "a.png"}, {"bytes": encoded(noise()), "path": "b.png"}]})
    parquet.write_table(table, tmp_path / "w.parquet")
    with pytest.raises(DataError, match=r"w.parquet\[0\] has no bytes in the parquet file"):
        load(tmp_path / "w.parquet")
