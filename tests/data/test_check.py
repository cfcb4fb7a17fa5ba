import json
from pathlib import Path

import numpy as np
import pytest

from rivals.data.bad import DataError
from rivals.data.check import check, tiny_classes
from tests.data.conftest import encoded, fill, noise
from tests.data.test_load import bad_folder


def test_every_bad_file_and_duplicate_is_in_the_report(tmp_path: Path, cache: Path) -> None:
    root = bad_folder(tmp_path / "set")
    (root / "copy.png").write_bytes((root / "000.png").read_bytes())
    report = check(root)
    assert (report.count, report.good, report.trains) == (8, 4, False)
    assert [each.name for each in report.bad] == ["cut.png", "empty.png", "text.png", "tiny.png"]
    assert report.duplicates == [["000.png", "copy.png"]]
    assert report.sizes == {"16x16": 5, "4x4": 1} and report.modes == {"RGB": 6}
    text = "\n".join(report.lines())
    assert "bad: cut.png is truncated" in text and "train refuses these 4 bad files" in text
    assert json.loads(json.dumps(report.as_dict()))["bad"][1] == {"file": "empty.png", "reason": "is empty (0 bytes)"}
    assert not (cache / "pictures").exists(), "a check decodes and keeps nothing"


def test_more_than_twenty_bad_files_are_all_listed(tmp_path: Path) -> None:
    root = fill(tmp_path / "set", 2)
    for i in range(30):
        (root / f"bad{i}.png").write_bytes(b"")
    assert sum(line.strip().startswith("bad: ") for line in check(root).lines()) == 30


def test_classes_and_plan(tmp_path: Path) -> None:
    fill(tmp_path / "set" / "many", 25, size=28)
    fill(tmp_path / "set" / "few", 2, size=28)
    report = check(tmp_path / "set")
    assert report.classes == {"few": 2, "many": 25} and report.tiny == ["few (2)"] and report.trains
    assert report.plan == [
        f"{tmp_path}/set: 27 pictures 28x28 are resized to 32x32, which enlarges all of them (choose with --size)"
    ]
    assert report.shape == [3, 32, 32]


def test_mixed_channels_are_part_of_the_report(tmp_path: Path) -> None:
    root = fill(fill(tmp_path / "set", 3, prefix="c"), 2, prefix="g", mode="L")
    (root / "cut.png").write_bytes(encoded(noise(16, 16))[:-100])
    report = check(root)
    assert not report.trains and "mixes 2 grey" in report.plan[0] and [each.name for each in report.bad] == ["cut.png"]
    assert check(root, channels=3).plan[0] == "grey pictures are used as if in colour"
    assert check(root, channels=1).plan[0] == "pictures are made grey"


def test_points_are_checked_too(tmp_path: Path) -> None:
    ring = check("ring")
    assert ring.trains and ring.lines()[0].startswith("100000 points in 2 dimensions")
    points = np.random.default_rng(0).normal(size=(50, 2))
    np.savez(tmp_path / "a.npz", x=points)
    assert (check(tmp_path / "a.npz").count, check(tmp_path / "a.npz").shape) == (50, [2])
    points[7, 1] = np.nan
    np.savez(tmp_path / "b.npz", points=points)
    with pytest.raises(DataError, match="b.npz: points must be finite, and 1 are not, the first in row 7"):
        check(tmp_path / "b.npz")


def test_nothing_readable(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.png").write_bytes(b"")
    report = check(tmp_path / "set")
    assert report.good == 0 and not report.trains and "no picture can be used" in report.plan
    with pytest.raises(DataError, match="does not exist"):
        check(tmp_path / "none")


def test_tiny_classes() -> None:
    assert tiny_classes({}) == []
    assert tiny_classes({"a": 1000, "b": 900, "c": 50}) == ["c (50)"]
