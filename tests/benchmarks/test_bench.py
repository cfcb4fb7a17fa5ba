"""`rivals bench` lists the tables and runs them; what is measured is kept, and found again only for what was asked."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.benchmarks.conftest import HOME
from tests.run.commands import called


def test_every_table_is_listed_with_its_paper_and_what_it_takes() -> None:
    code, printed, _ = called("bench", "--json")
    rows = {row["name"]: row for row in json.loads(printed)}
    assert code == 0
    assert rows["ring-grid"]["paper"] == "1712.04086 Table 1"
    assert {"kill", "memory", "pictures", "ring-grid", "startup", "step"} <= rows.keys()
    assert not {"table", "parts", "options", "scoreboard", "classifier", "make-digits"} & rows.keys()
    assert all(row["about"] for row in rows.values())
    assert all(f"\n{name} " in f"\n{called('bench')[1]}" for name in rows)


def test_an_unknown_table_is_answered_with_the_nearest() -> None:
    code, printed, said = called("bench", "rin-grid")
    assert (code, printed) == (2, "")
    assert said == "rivals: unknown table `rin-grid`; did you mean `ring-grid`? `rivals bench` lists them all\n"
    assert called("bench", "--seeds", 3)[0] == 2


def test_a_table_is_json_on_standard_output_and_progress_on_standard_error(squares: Path) -> None:
    code, printed, said = called("bench", "squares", "--json")
    table = json.loads(printed)
    assert code == 0
    assert table["command"] == "rivals bench squares"
    assert table["rows"][0]["ours"]["seeds"] == [0]
    assert table["rows"][0]["reached"] is False
    assert "seed-0: 0" in said
    assert json.loads((squares / "benchmarks/results/squares.json").read_text()) == table


def test_only_parts_that_are_not_there_under_the_same_options_are_measured(squares: Path) -> None:
    called("bench", "squares")
    called("bench", "squares", "--seeds", 2)
    table = json.loads(called("bench", "squares", "--power", 3, "--json")[1])
    assert table["rows"][0]["ours"]["seeds"] == [0]
    assert (squares / "measured.txt").read_text() == "0 to the 2\n1 to the 2\n0 to the 3\n"


def test_a_part_measured_elsewhere_is_the_same_part(squares: Path) -> None:
    called("bench", "squares", "--device", "cuda")
    called("bench", "squares", "--seeds", 2)
    assert (squares / "measured.txt").read_text() == "0 to the 2\n1 to the 2\n"


@pytest.mark.parametrize("words", [("--report",), ("--minutes", "1e-9")], ids=str)
def test_nothing_is_measured_where_it_must_not_be(squares: Path, words: tuple[str, ...]) -> None:
    code, printed, said = called("bench", "squares", *words, "--json")
    assert (code, json.loads(printed)["rows"]) == (0, [])
    assert "0 of 1 parts are there already" in said
    assert not (squares / "measured.txt").exists()


def test_a_part_that_fails_is_said(squares: Path) -> None:
    code, printed, said = called("bench", "squares", "--power", 0, "--json")
    assert (code, json.loads(printed)["rows"]) == (0, [])
    assert "seed-0 failed" in said and "too little power" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--one", "seed-9"), "there is no such part; there are seed-0"),
        (("--seeds", "0"), "must be at least 1, found 0"),
        (("--sedes", "1"), "unrecognized arguments: --sedes 1; --help lists the options"),
    ],
)
def test_wrong_options_end_in_one_line(squares: Path, words: tuple[str, ...], expected: str) -> None:
    code, printed, said = called("bench", "squares", *words)
    assert (code, printed) == (2, "")
    assert expected in said and said.count("\n") == 1


def test_the_wheel_brings_the_tables_without_their_results(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=HOME.parent, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        wheel.extractall(tmp_path / "site")
    assert "rivals/benchmarks/ring_grid.py" in names
    assert not any("results" in name for name in names)
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-P", "-m", "rivals", "bench", "--json"]
    listed = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert "ring-grid" in {row["name"] for row in json.loads(listed.stdout)}
