"""Parts of a table that are trained by `rivals.train`, as a user would, on one core of the processor."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rivals.run.run import Run, configured, load, train

CORE: dict[str, Any] = {"device": "cpu", "threads": 1}


def asked(recipe: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Every option as it is resolved, so that a result made under other defaults is not taken for this one."""
    config = configured(recipe, CORE | dict(options))
    return {"run": asdict(config.run), "options": asdict(config.options)}


def trained(table: str, name: str, recipe: str, options: Mapping[str, Any], *, stays: bool = False) -> Run:
    """A run made now, in runs/<table>/<part>, opened on the processor for its scores unless it stays where it was."""
    folder = Path("runs") / table / name
    shutil.rmtree(folder, ignore_errors=True)
    run = train(recipe, quiet=True, out=folder, **CORE | dict(options))
    return run if stays or run.config.run.device == "cpu" else load(folder, device="cpu")
