"""Checkpoints: they give back what they were given, are whole or not there, and damage is seen."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from rivals.run import checkpoint
from rivals.run.checkpoint import (
    CheckpointError,
    bits_of,
    checkpoints,
    fault_of,
    newest_sound,
    read_checkpoint,
    save_checkpoint,
)
from rivals.run.ranks import Ranks
from tests.run.commands import called
from tests.run.tiny import POINTS, bits

KINDS = [torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.uint8, torch.bool]
TENSORS = st.builds(
    lambda shape, kind, seed: (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 9).to(kind),
    st.lists(st.integers(0, 3), max_size=3),
    st.sampled_from(KINDS),
    st.integers(0, 99),
)
LEAVES = (
    TENSORS
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.none()
    | st.booleans()
)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=6)
STATES = st.dictionaries(
    NAMES, st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
)


def state(value: float) -> dict[str, Any]:
    network = {"weight": torch.full((2, 3), value)}
    return {"game": {"generator": {"network": network, "steps": 3}}, "feed": {"given": 7}}


def saved(folder: Path, *rounds: int, keep: int = 9) -> None:
    for each in rounds:
        save_checkpoint(folder, each, state(float(each)), keep=keep, ranks=Ranks())


def same(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor):
        return isinstance(other, Tensor) and one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def value_of(read: dict[str, Any]) -> float:
    return float(read["game"]["generator"]["network"]["weight"][0, 0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATES)
def test_what_is_read_is_what_was_saved(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = save_checkpoint(tmp_path / "checkpoints", 1, whole, keep=1, ranks=Ranks())
    assert fault_of(path) is None
    assert same(whole, read_checkpoint(path))
    assert bits_of(read_checkpoint(path)) == bits_of(whole)


def test_a_view_of_another_tensor_is_saved_as_it_looks(tmp_path: Path) -> None:
    base = torch.arange(12.0).view(3, 4)
    whole = {"a": base, "b": base.T, "c": base[1], "d": torch.rand(2, 3, 4, 5).to(memory_format=torch.channels_last)}
    assert same(whole, read_checkpoint(save_checkpoint(tmp_path, 1, whole, keep=1, ranks=Ranks())))


def test_bits_tell_minus_zero_from_zero() -> None:
    assert bits_of({"a": torch.zeros(1)}) != bits_of({"a": -torch.zeros(1)})
    assert bits_of({"a": torch.zeros(1)}) != bits_of({"b": torch.zeros(1)})


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
@pytest.mark.parametrize("name", ["model.safetensors", "trainer.safetensors", "state.json", "MANIFEST.json"])
def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(name: str, damage: Any, tmp_path: Path) -> None:
    saved(tmp_path, 10, 20)
    damage(tmp_path / "000020" / name)
    read, lines = newest_sound(tmp_path)
    assert value_of(read) == 10
    assert len(lines) == 1 and str(tmp_path / "000020") in lines[0] and "damaged" in lines[0]


def test_without_a_sound_checkpoint_there_is_one_line_that_says_so(tmp_path: Path) -> None:
    saved(tmp_path / "checkpoints", 10, 20)
    for path in checkpoints(tmp_path / "checkpoints"):
        flip(path / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"no sound checkpoint.*000010.*changed since") as caught:
        newest_sound(tmp_path / "checkpoints")
    assert "\n" not in str(caught.value)
    with pytest.raises(CheckpointError, match="no sound checkpoint"):
        newest_sound(tmp_path / "elsewhere")


def test_a_later_format_is_not_read(tmp_path: Path) -> None:
    saved(tmp_path, 10)
    manifest = tmp_path / "000010" / "MANIFEST.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    assert fault_of(tmp_path / "000010") == "format 2, this version reads 1"


def test_the_newest_are_kept_and_nothing_else_is_left(tmp_path: Path) -> None:
    saved(tmp_path, 0, 10, 20, 30, keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000020", "000030"]
    assert sorted(path.name for path in (tmp_path / "000030").iterdir()) == [
        "MANIFEST.json", "model.safetensors", "state.json", "trainer.safetensors",
    ]  # fmt: skip


def test_the_numbers_sort_as_numbers(tmp_path: Path) -> None:
    saved(tmp_path, 999_999, 1_000_000)
    assert [path.name for path in checkpoints(tmp_path)] == ["1000000", "999999"]


def test_after_going_back_past_a_damaged_one_the_new_one_is_kept(tmp_path: Path) -> None:
    saved(tmp_path, 10, 30)
    flip(tmp_path / "000030" / "model.safetensors")
    saved(tmp_path, 20, keep=1)
    read, lines = newest_sound(tmp_path)
    assert (value_of(read), lines) == (20, [])


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "model.safetensors")


@pytest.mark.parametrize("step", ["save_file", "os.replace", "_sync"])
def test_a_full_disk_leaves_the_checkpoint_before(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path, 10)
    monkeypatch.setattr(f"{checkpoint.__name__}.{step}", full)
    with pytest.raises(OSError, match="No space left"):
        saved(tmp_path, 20)
    assert [path.name for path in tmp_path.iterdir()] == ["000010"]
    assert value_of(newest_sound(tmp_path)[0]) == 10


def test_a_disk_that_fills_while_training_is_one_line_and_the_run_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    write, written = checkpoint.save_file, []

    def fills(tensors: dict[str, Tensor], path: Path) -> None:
        if len(written) == 4:  # two files a checkpoint
            path.write_bytes(b"half of it")
            full()
        written.append(path)
        write(tensors, path)

    with monkeypatch.context() as patched:
        patched.setattr(f"{checkpoint.__name__}.save_file", fills)
        code, out, err = called("train", *POINTS, "--rounds", 21, "--out", run)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith(
        "rivals: the disk is full: model.safetensors; nothing half-written was kept; free"
    )
    assert sorted(path.name for path in (run / "checkpoints").iterdir()) == ["000000", "000007"]
    assert called("resume", run)[0] == 0
    assert called("train", *POINTS, "--rounds", 21, "--out", tmp_path / "whole")[0] == 0
    assert bits(run) == bits(tmp_path / "whole")


def test_what_safetensors_cannot_write_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        checkpoint._save({"a": torch.ones(2)}, tmp_path / "missing" / "a")
    assert caught.value.errno == errno.ENOENT


def test_a_checkpoint_folder_is_replaced_whole(tmp_path: Path) -> None:
    saved(tmp_path, 10)
    (tmp_path / "000010" / "model.safetensors").unlink()
    saved(tmp_path, 10)
    assert fault_of(tmp_path / "000010") is None
    shutil.rmtree(tmp_path / "000010")
    assert checkpoints(tmp_path) == []
