"""Code of peers, imported from the checkout that the user names, without what a training step does not need.

Several of them import TensorFlow, torchvision or a download client at the top of the package; nothing of that is
called by the steps that are timed.
"""

import contextlib
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock


def checkout(path: str, name: str, holds: str) -> Path:
    """The folder of a peer's checkout. Raises ValueError if it does not hold what it should."""
    folder = Path(path).expanduser().resolve()
    if not (folder / holds).exists():
        raise ValueError(f"--peer {name}={path}: {folder / holds} is not there; name a checkout of {name}")
    return folder


def package(name: str, folder: Path) -> None:
    """Makes a folder importable as a package without running its __init__."""
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


def stand_in(*names: str) -> None:
    """Puts something that answers to anything in the place of modules, whether they are installed or not."""
    for name in names:
        sys.modules[name] = MagicMock()


def absent(*names: str) -> None:
    """Puts something that answers to anything in the place of modules that are not installed."""
    for name in names:
        try:
            importlib.import_module(name)
        except (ImportError, RuntimeError):  # torchvision beside another build of torch
            stand_in(name)


@contextlib.contextmanager
def elsewhere(deep: str) -> Iterator[None]:
    """Runs in a folder of its own, `deep` below a temporary one, for scripts that write beside themselves."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / deep
        inner.mkdir(parents=True)
        os.chdir(inner)
        try:
            yield
        finally:
            os.chdir(before)
