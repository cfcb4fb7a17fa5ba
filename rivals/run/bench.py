"""The benchmarks: where they lie, what they reproduce, and how one is run."""

import ast
import difflib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
HOMES = (PACKAGE.parent / "benchmarks", PACKAGE / "benchmarks")
"""Beside the package in a checkout, within it where it is installed."""


@dataclass(frozen=True)
class Benchmark:
    """A script that writes a table: `main()` reads its options from the command line."""

    name: str
    path: Path
    about: str
    paper: str
    takes: str


def benchmarks() -> dict[str, Benchmark]:
    """Every script that writes a table, by name; reads them without running them.

    Raises ValueError if there are no scripts.
    """
    home = next((each for each in HOMES if (each / "table.py").exists()), None)
    if home is None:
        raise ValueError(f"there are no benchmarks in {' or '.join(map(str, HOMES))}; use a checkout or a wheel")
    paths = sorted([*home.glob("*.py"), *home.glob("*/__main__.py")], key=_name)
    return {found.name: found for path in paths if (found := _described(path))}


def benchmark(name: str) -> Benchmark:
    """The benchmark of a name. Raises ValueError, with the nearest name, if there is none."""
    known = benchmarks()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean `{close[0]}`? " if close else ""
    raise ValueError(f"unknown table `{name}`; {hint}`rivals bench` lists them all")


def run(chosen: Benchmark, arguments: list[str]) -> list[Path]:
    """Runs a benchmark in this process. Returns the tables that it has written."""
    with _as_script(chosen, arguments):
        spec = spec_from_file_location(f"benchmark_{chosen.path.parent.name}_{chosen.path.stem}", chosen.path)
        assert spec and spec.loader
        script = sys.modules[spec.name] = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.main()
        written = sys.modules["table"].written
        return [written.pop(0) for _ in list(written)]


def run_quietly(chosen: Benchmark, arguments: list[str]) -> str:
    """The same with all that it prints on standard error. Returns the last table that it has written, as JSON."""
    with redirect_stdout(sys.stderr):
        written = run(chosen, arguments)
    return written[-1].read_text().rstrip("\n") if written else "{}"


def _name(path: Path) -> str:
    return (path.parent if path.stem == "__main__" else path).stem.replace("_", "-")


def _described(path: Path) -> Benchmark | None:
    """What a script says of itself, if it writes a table: its docstring's first line, SOURCE and TAKES."""
    tree = ast.parse(path.read_text())
    names = {each.name for node in tree.body if isinstance(node, ast.ImportFrom) for each in node.names}
    if "write_table" not in names:
        return None
    said = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    about = (ast.get_docstring(tree) or "").partition("\n\n")[0].replace("\n", " ")
    return Benchmark(_name(path), path, about, str(said.get("SOURCE", "")), str(said.get("TAKES", "")))


@contextmanager
def _as_script(chosen: Benchmark, arguments: list[str]) -> Iterator[None]:
    """The command line and the import path as a script finds them that is run by itself."""
    home = chosen.path.parents[1] if chosen.path.stem == "__main__" else chosen.path.parent
    before, path = sys.argv, list(sys.path)
    sys.argv = [str(chosen.path), *arguments]
    sys.path.insert(0, str(home))
    try:
        yield
    finally:
        sys.argv, sys.path[:] = before, path
