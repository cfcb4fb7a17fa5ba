"""A folder of benchmarks with one small table in it, run where its results may lie."""

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parents[2] / "benchmarks"
SHARED = ("table", "options", "parts")
SQUARES = '''"""Squares of seeds."""

from pathlib import Path

from options import parted
from parts import gathered, made_by, measured
from table import Row, write_table

SOURCE = "Euclid II.4"
TAKES = "no time"


def main():
    parser = parted(__doc__, 1, "10 seeds")
    parser.add_argument("--power", type=int, default=2)
    given = parser.parse_args()
    options = {"power": given.power, "device": given.device}
    work = {f"seed-{seed}": {"seed": seed} | options for seed in range(given.seeds or 1)}
    if given.one:
        return measured("squares", given.one, work, lambda: score(**work[given.one]))
    parts = gathered("squares", work, given)
    values = [part["scores"] for part in parts.values()]
    rows = [Row("square", "value", values, bar=">= 2")] if values else []
    write_table("squares", rows, source=SOURCE, protocol="", **made_by(parts))


def score(seed, power, device):
    if power == 0:
        raise RuntimeError("too little power")
    with open("measured.txt", "a") as file:
        file.write(f"{seed} to the {power}\\n")
    return seed**power


if __name__ == "__main__":
    main()
'''


@pytest.fixture
def squares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that `rivals bench squares` is called in; measured.txt there tells what was measured."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for name in SHARED:
        shutil.copy(HOME / f"{name}.py", scripts)
    (scripts / "squares.py").write_text(SQUARES)
    monkeypatch.setattr("rivals.run.bench.HOMES", (scripts,))
    monkeypatch.setenv("PYTHONPATH", str(HOME.parent))
    monkeypatch.chdir(tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Lets the next script import the shared modules that lie beside it."""
    for name in SHARED:
        sys.modules.pop(name, None)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of the benchmarks by name."""
    monkeypatch.syspath_prepend(HOME)
    return import_module
