"""Points of a user's own files."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rivals.data.bad import DataError
from rivals.data.check import check
from rivals.data.load import load
from rivals.data.points import odd_about, read_points

NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False)
ROWS = st.integers(1, 4).flatmap(lambda d: st.lists(st.lists(NUMBERS, min_size=d, max_size=d), min_size=2, max_size=9))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sampled_from(",;\t"), st.booleans(), st.booleans())
def test_a_table_is_read_back(tmp_path: Path, rows: list[list[float]], comma: str, heading: bool, marked: bool) -> None:
    rows[0][0] = rows[1][0] + 1.0  # or all could be the same
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8-sig" if marked else "utf-8") as file:
        writer = csv.writer(file, delimiter=comma)
        if heading:
            writer.writerow([f"column {i}" for i in range(len(rows[0]))])
        writer.writerows(rows)
    found = read_points(tmp_path / "a.csv")
    assert found.tolist() == rows


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "a.csv is empty"),
        ("1,2\n3\n", "line 2: found 1 cells, expected 2, as in the first row"),
        ("x,y\n1,2\n3,\n", "line 3: '' is no number, .* given as --tags"),
        ("a.png,blue hair\n1.png,red hair\n", "line 2: '1.png' is no number"),
        ("1,2\n\n1,2\n", "all 2 points are the same"),
        ("1,2\n1,nan\n", "points must be finite, and 1 are not, the first in row 1"),
    ],
)
def test_a_table_that_holds_something_else_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError, match=words):
        load(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "arrays, words",
    [
        ({"a": np.zeros((3, 2)), "b": np.zeros((3, 2))}, "a.npz holds a, b; call that of the points `points`"),
        ({"points": np.zeros((3, 2, 2))}, r"found points float64 \(3, 2, 2\)"),
        ({"points": np.array([["a", "b"]])}, "must be an array of numbers"),
        ({"points": np.array([[1, None]])}, "holds objects"),
        ({"points": np.ones((500, 2))}, "all 500 points are the same"),
    ],
)
def test_an_npz_that_holds_something_else_is_refused(tmp_path: Path, arrays: dict[str, np.ndarray], words: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=words):
        read_points(tmp_path / "a.npz")


def test_an_npz_of_integers_or_with_labels_beside_its_points(tmp_path: Path) -> None:
    whole = np.arange(10).reshape(5, 2)
    np.savez(tmp_path / "a.npz", whole)
    np.savez(tmp_path / "b.npz", points=whole, labels=whole[:, 0])
    for name in ("a.npz", "b.npz"):
        found = read_points(tmp_path / name)
        assert found.dtype == np.float64 and found.tolist() == whole.tolist() and len(load(tmp_path / name)) == 5


@pytest.mark.parametrize("keep", [0.2, 0.9])
def test_a_truncated_npz_is_named(tmp_path: Path, keep: float) -> None:
    np.savez(tmp_path / "a.npz", points=np.random.default_rng(0).normal(size=(90, 2)))
    content = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(content[: int(keep * len(content))])
    with pytest.raises(DataError, match="a.npz holds objects, or is truncated or damaged"):
        read_points(tmp_path / "a.npz")


def test_points_on_their_side_are_wondered_about(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(50, 2))
    assert odd_about(points, "a.npz") == []
    np.savez(tmp_path / "a.npz", points=points.T)
    assert (
        check(tmp_path / "a.npz")
        .plan[1]
        .endswith("a.npz: 2 points of 50 numbers each; a row is a point, so transpose it if these are 50 points of 2")
    )
