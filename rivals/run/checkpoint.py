"""Checkpoints: safetensors and JSON, whole or not at all, never unpickled.

checkpoints/000500/model.safetensors     the players' networks and their averages
                   trainer.safetensors   every other tensor: optimisers, pools, controllers
                   state.json            everything that is no tensor, and where the tensors go
                   rank1.safetensors …   the other processes' tensors that are their own, if there are several
                   MANIFEST.json         the sha256 of each
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from rivals.run.ranks import Ranks

FORMAT = 1
ALONE = Ranks()
SHARED = {"network", "average"}
"""The parts of a player that are the model; paths are /game/<player>/<part>/…"""


class CheckpointError(ValueError):
    """A run that has no sound checkpoint to go on from."""


def save_checkpoint(folder: Path, rounds: int, state: Mapping[str, Any], *, keep: int, ranks: Ranks) -> Path:
    """Writes the state after `rounds` rounds and removes all but the `keep` newest up to it."""
    target, part = folder / f"{rounds:06d}", folder / f".{rounds:06d}.part"
    if ranks.first:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    ranks.wait()
    try:
        _write(part, state, ranks)
        ranks.wait()
        if ranks.first:
            _seal(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    if ranks.first:
        older = [path for path in checkpoints(folder) if int(path.name) <= rounds]
        newer = [
            path for path in checkpoints(folder) if int(path.name) > rounds
        ]  # the run went back: they were damaged
        for old in [*newer, *older[keep:]]:
            shutil.rmtree(old, ignore_errors=True)
    ranks.wait()
    return target


def checkpoints(folder: Path) -> list[Path]:
    """The finished checkpoints of a run, the newest first."""
    return sorted((p for p in folder.glob("[0-9]*") if p.is_dir()), key=lambda p: int(p.name), reverse=True)


def newest_sound(folder: Path, ranks: Ranks = ALONE) -> tuple[dict[str, Any], list[str]]:
    """The state in the newest checkpoint that is whole, and a line about each damaged one passed over.

    Raises CheckpointError if there is none.
    """
    damaged: list[str] = []
    for path in checkpoints(folder):
        fault = fault_of(path)
        if fault is None:
            if ranks.world > 1 and not (path / f"rank{ranks.world - 1}.safetensors").exists():
                saved = 1 + len(list(path.glob("rank*.safetensors")))
                raise CheckpointError(f"{path} is of a run on {saved} processes, and these are {ranks.world}")
            return read_checkpoint(path, ranks), damaged
        damaged.append(f"checkpoint {path} is damaged ({fault}); using the one before it")
    detail = f": {damaged[-1].split(';')[0]}" if damaged else ""
    raise CheckpointError(
        f"{folder.parent} has no sound checkpoint{detail}; start again in another folder with "
        f"`rivals train --config {folder.parent / 'config.yaml'}`"
    )


def fault_of(path: Path) -> str | None:
    """What is wrong with a checkpoint, by its manifest; None if nothing is."""
    try:
        manifest = json.loads((path / "MANIFEST.json").read_text())
        if manifest["format"] != FORMAT:
            return f"format {manifest['format']}, this version reads {FORMAT}"
        for name, digest in manifest["sha256"].items():
            if not (path / name).is_file():
                return f"{name} is missing"
            if sha256(path / name) != digest:
                return f"{name} has changed since it was written"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"its manifest cannot be read: {error}"
    return None


def read_checkpoint(path: Path, ranks: Ranks = ALONE) -> dict[str, Any]:
    """The state in a checkpoint, as `save_checkpoint` was given it."""
    tensors = load_file(path / "model.safetensors") | load_file(path / "trainer.safetensors")
    text = path / "state.json"
    if ranks.rank:
        tensors |= load_file(path / f"rank{ranks.rank}.safetensors")
        text = path / f"rank{ranks.rank}.json"
    return _restored(json.loads(text.read_text()), tensors)


def sha256(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(part: Path, state: Mapping[str, Any], ranks: Ranks) -> None:
    tensors: dict[str, Tensor] = {}
    plain = _emptied(state, "", tensors)
    model = {name: t for name, t in tensors.items() if set(name.split("/")[3:4]) & SHARED}
    rest = {name: t for name, t in tensors.items() if name not in model}
    if ranks.first:
        _save(model, part / "model.safetensors")
        _save(rest, part / "trainer.safetensors")
        (part / "state.json").write_text(json.dumps(plain))
    else:
        _save(rest, part / f"rank{ranks.rank}.safetensors")
        (part / f"rank{ranks.rank}.json").write_text(json.dumps(plain))


def _save(tensors: dict[str, Tensor], path: Path) -> None:
    """Writes tensors; a full disk is an OSError here as everywhere."""
    try:
        save_file(tensors, path)
    except SafetensorError as error:
        number = re.search(r"os error (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error


def _seal(part: Path, target: Path) -> None:
    """Writes the manifest, makes everything last on disk, and gives the folder its name."""
    digests = {p.name: sha256(p) for p in sorted(part.iterdir())}
    (part / "MANIFEST.json").write_text(json.dumps({"format": FORMAT, "sha256": digests}, indent=1))
    for path in [*part.iterdir(), part]:
        _sync(path)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(part, target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _emptied(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    """The state with its tensors moved to `tensors` under their paths."""
    if isinstance(value, Tensor):
        tensors[path] = value.detach().to("cpu", copy=True).contiguous()
        return {"tensor": path}
    if isinstance(value, Mapping):
        return {str(key): _emptied(part, f"{path}/{key}", tensors) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_emptied(part, f"{path}/{index}", tensors) for index, part in enumerate(value)]
    return value


def _restored(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"tensor"} and isinstance(value["tensor"], str):
            return tensors[value["tensor"]]
        return {key: _restored(part, tensors) for key, part in value.items()}
    if isinstance(value, list):
        return [_restored(part, tensors) for part in value]
    return value


def copied(value: Any) -> Any:
    """A copy of a state in the processor's memory, so that it outlives the next round."""
    if isinstance(value, Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, Mapping):
        return {key: copied(part) for key, part in value.items()}
    return [copied(part) for part in value] if isinstance(value, (list, tuple)) else value


def bits_of(state: Any) -> str:
    """A digest of every tensor and number of a state: equal if and only if they are bit for bit."""
    tensors: dict[str, Tensor] = {}
    plain = _emptied(state, "", tensors)
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    for name in sorted(tensors):
        digest.update(tensors[name].contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
