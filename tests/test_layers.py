"""Imports run one way, the command line starts without torch, and nothing is ever unpickled."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / "rivals"
MODULES = {
    ".".join(path.relative_to(HOME.parent).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
    for path in sorted(HOME.rglob("*.py"))
}
GROUND = {"feed", "loop", "play", "whole"}
BELOW = {"losses", "networks", "parts", "data", "metrics", "report"} | GROUND
MAY: dict[str, set[str]] = {
    "whole": set(),
    "play": set(),
    "loop": {"play"},
    "feed": {"loop"},
    "losses": {"losses", "play"},
    "networks": {"networks"},
    "parts": {"parts", "play"},
    "data": {"data", "feed", "loop", "whole"},
    "metrics": {"metrics", "losses", "data", "feed", "loop", "whole"},
    "report": {"report", "whole"},
    "latent": {"latent", "report", "feed"},
    "doctor": {"doctor", "feed", "loop", "play"},
    "control": {"control"} | BELOW,
    "games": {"games", "control"} | BELOW,
    "recipes": {"recipes", "games", "control"} | BELOW,
    "run": {"run", "recipes", "games", "control", "latent", "doctor"} | BELOW,
    "cli": {"cli", "run", "recipes", "games", "control", "latent", "doctor"} | BELOW,
}
"""What a part of the package may import of the package."""
BUILDERS = {
    f"rivals.recipes.{name}"
    for name in ("players", "networks", "objectives", "conditional_players", "coders", "evidence")
}
"""What recipes import once they build."""


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, wherever it stands, but for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{each.name}" for each in node.names)
        else:
            yield from imported(node)


def at_once(tree: ast.Module) -> Iterator[str]:
    """What is imported as soon as the module is: not what stands inside functions."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Try):
            yield from imported(ast.Module([node], []))


def part(module: str) -> str:
    """rivals.games.gan.GAN -> games"""
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("name", [name for name in MODULES if part(name) in MAY])
def test_arrows_run_one_way(name: str) -> None:
    ours = {part(each) for each in imported(MODULES[name]) if each.startswith("rivals.")}
    assert ours - {"__version__"} <= MAY[part(name)]


def test_every_part_has_its_place() -> None:
    assert {part(name) for name in MODULES} - {""} - {"__main__"} == MAY.keys()


def test_games_do_not_know_each_other() -> None:
    guilty = [
        (name, each)
        for name, tree in MODULES.items()
        if name.startswith("rivals.games.")
        for each in imported(tree)
        if each.startswith("rivals.games")
    ]
    assert guilty == []


def test_nobody_needs_torchvision() -> None:
    roots = {each.split(".")[0] for tree in MODULES.values() for each in imported(tree)}
    assert not roots & {"torchvision", "torchaudio", "pickle", "marshal", "joblib", "dill", "cloudpickle"}


def test_nothing_is_unpickled() -> None:
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                safe = any(each.arg == "weights_only" and ast.unparse(each.value) == "True" for each in node.keywords)
                assert safe or ast.unparse(node.func) != "torch.load", name
                allowed = [each.value for each in node.keywords if each.arg == "allow_pickle"]
                assert not any(ast.unparse(value) != "False" for value in allowed), name


@pytest.mark.parametrize("name", [n for n in MODULES if part(n) in ("recipes", "cli") and n not in BUILDERS])
def test_recipes_and_commands_import_torch_only_when_they_run(name: str) -> None:
    assert not {each.split(".")[0] for each in at_once(MODULES[name])} & {"torch", "numpy", "PIL", "safetensors"}


def test_what_needs_no_tensors_loads_no_torch() -> None:
    lines = """
import sys, rivals, rivals.cli
for words in (["--help"], ["list"], ["list", "--json"], ["train", "--help"], ["train", "gan", "--data", "ring", "-h"]):
    assert rivals.cli.main(words) == 0
assert rivals.cli.main(["train", "wgann"]) == 2
heavy = sorted({"torch", "numpy", "PIL", "safetensors"} & sys.modules.keys())
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
