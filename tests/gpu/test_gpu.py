"""On a GPU: every recipe trains, goes on exactly, never waits for the device, and agrees with a processor."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import rivals
from rivals.data.load import load
from rivals.feed import AHEAD, Feed
from rivals.loop import fit, set_random_state
from rivals.play import load_state, players, state_of
from rivals.recipes import RECIPES, Machine, Setup, recipe
from rivals.run.checkpoint import bits_of, copied, read_checkpoint
from tests.cli.conftest import drawn
from tests.games.tiny_gans import TINY
from tests.recipes.test_recipes import CHANGES, SOURCES, TRAINS, Pictures, options
from tests.run.commands import called

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here"),
    pytest.mark.filterwarnings("default"),  # compilers warn of their own code
]
SMALL = {
    "device": "cuda",
    "rounds": 6,
    "save_every": 3,
    "log_every": 2,
    "sample_every": 3,
    "doctor_every": 2,
    "keep": 9,
}
COMPILED = ("gan_dragan", "wgan_gp", "r3gan", "began")
WAITS = {"ebm"}
"""Recipes that may wait for the device within a round, since a step of theirs depends on a number."""


@pytest.fixture(autouse=True)
def exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Arithmetic whose order is fixed, and a cache of its own."""
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    yield
    torch.use_deterministic_algorithms(False)


class Held(Pictures):
    """The tests' source of a kind on the GPU."""

    def __init__(self, kind: str) -> None:
        source = SOURCES[kind]()
        self.spec = source.spec
        self.fields = {name: x.cuda() for name, x in source.batch(torch.arange(32), torch.zeros(32)).items()}

    def __len__(self) -> int:
        return 32

    def batch(self, index: Any, draw: Any) -> dict[str, Any]:
        there = index.pin_memory().to("cuda", non_blocking=True)
        return {name: x[there] for name, x in self.fields.items()}


def data_for(name: str, kind: str, folder: Path) -> str:
    """A small set that a recipe trains on."""
    if kind == "points":
        return "ring"
    if name != "text-to-image":
        return "digits"
    drawn(folder, 20, size=8)
    rows = (f"{path.name},a {'red' if i % 2 else 'green'} disc" for i, path in enumerate(sorted(folder.iterdir())))
    (folder / "tags.csv").write_text("file,text\n" + "\n".join(rows))
    return str(folder)


def learned(folder: Path, round: int) -> str:
    return bits_of(read_checkpoint(folder / "checkpoints" / f"{round:06d}")["game"])


@pytest.mark.parametrize(("name", "kind"), TRAINS)
def test_a_run_goes_on_exactly_where_it_stopped(name: str, kind: str, tmp_path: Path) -> None:
    data = data_for(name, kind, tmp_path / "data")
    run = rivals.train(name, quiet=True, data=data, out=tmp_path / "run", batch=16, **SMALL)
    assert all(p.is_cuda for player in players(run.setup.game).values() for p in player.parameters)
    whole = learned(run.path, 6)
    shutil.rmtree(run.path / "checkpoints" / "000006")
    rivals.resume(run.path, quiet=True)
    assert learned(run.path, 6) == whole
    assert np.isfinite(run.arrays(8).astype(float)).all()


@pytest.mark.parametrize("data", ["digits", "ring"])
def test_no_batch_waits_for_the_device(data: str) -> None:
    source = load(data, flip=data == "digits", device="cuda", say=lambda text: None)
    feed = Feed(source, 8, fields=tuple(source.spec))
    first = next(feed)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(AHEAD + 1):
            next(feed)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    here = load(data, flip=data == "digits", say=lambda text: None)
    assert all(
        map(torch.equal, [x.cpu() for x in fields_of(first)], fields_of(next(Feed(here, 8, fields=feed.fields))))
    )


def fields_of(batch: Any) -> tuple[torch.Tensor, ...]:
    return batch if isinstance(batch, tuple) else (batch,)


ASKED = {f"{name}, {kind}": (name, kind, {}) for name, kind in TRAINS} | CHANGES


@pytest.mark.parametrize("change", ASKED)
def test_no_round_waits_for_the_device_and_its_state_can_be_put_back(change: str) -> None:
    name, kind, changes = ASKED[change]
    o, source = options(name, kind, **changes), Held(kind)

    def opened() -> tuple[Setup, Feed]:
        set_random_state(0)
        setup = recipe(name).build(o, source.spec, Machine("cuda", bf16=True))
        return setup, Feed(source, o.training.batch, fields=setup.fields, seed=1)

    def played(setup: Setup, feed: Feed, rounds: range) -> str:
        for _ in fit(setup.game, feed, rounds=rounds):
            pass
        return bits_of(copied(state_of(setup.game)))

    one, feed = opened()
    played(one, feed, range(4))
    kept, given = copied(state_of(one.game)), feed.state_dict()
    torch.cuda.set_sync_debug_mode("default" if name in WAITS else "error")
    try:
        for _ in fit(one.game, feed, rounds=range(4, 7)):
            pass
    finally:
        torch.cuda.set_sync_debug_mode("default")
    other, again = opened()
    load_state(other.game, kept)
    again.load_state_dict(given)
    assert played(other, again, range(4, 7)) == bits_of(copied(state_of(one.game)))


@pytest.mark.parametrize("name", [name for name in RECIPES if "pictures" in recipe(name).presets])
def test_a_run_of_a_gpu_opens_on_a_processor(name: str, tmp_path: Path) -> None:
    data = data_for(name, "pictures", tmp_path / "data")
    run = rivals.train(name, quiet=True, data=data, out=tmp_path / "run", precision="fp32", batch=16, **SMALL)
    there = rivals.load(run.path, device="cpu")
    if run.setup.generate is None or run.setup.prior is None:
        assert there.sample(4).shape == run.sample(4).shape
        return
    codes = there.setup.prior(16)
    ours, theirs = run.setup.generate(codes.cuda()).cpu(), there.setup.generate(codes)
    torch.testing.assert_close(ours, theirs, atol=5e-3, rtol=5e-3)


@pytest.mark.parametrize("kind", COMPILED)
def test_compiled_losses_are_the_same(kind: str) -> None:
    tiny = TINY[kind]()
    if tiny.moves is None:
        pytest.skip("no moves to compile")
    for player in players(tiny.game).values():
        player.network.cuda()
    for player, loss, inputs in tiny.moves():
        torch._dynamo.reset()
        for p in player.parameters:
            p.requires_grad_(True)
        there = [x.cuda() if isinstance(x, torch.Tensor) else x for x in inputs]
        values = []
        for each in (loss, torch.compile(loss)):
            set_random_state(0)
            values.append(each(*there)[0])
        for p in player.parameters:
            p.requires_grad_(False)
        torch.testing.assert_close(values[0], values[1], atol=1e-3, rtol=1e-3)


def test_the_commands_work_on_a_run_of_a_gpu(tmp_path: Path) -> None:
    run, face = tmp_path / "run", tmp_path / "face.png"
    small = ("--width", 8, "--discriminator-width", 8, "--latent", 8, "--rounds", 20, "--device", "cuda")
    quick = ("--steps", 5, "--restarts", 1, "--encoder-rounds", 3)
    commands: list[tuple[object, ...]] = [
        ("train", "r3gan", "--data", "digits", *small, "--compile", "--out", run),
        ("train", "cgan", "--data", "digits", *small, "--out", tmp_path / "cgan"),
        ("sample", run, "-n", 1, "--out", face),
        ("sample", tmp_path / "cgan", "-n", 4, "--condition", "3", "--out", tmp_path / "threes.png"),
        ("explore", run, "--out", tmp_path / "sheets"),
        ("eval", run, "-n", 200),
        ("doctor", run),
        ("directions", run, "--count", 3),
        ("edit", run, face, *quick, "--out", tmp_path / "a.png"),
        ("edit", run, face, "--method", "both", *quick, "--out", tmp_path / "b.png"),
        ("augment", tmp_path / "cgan", "--per-class", 3, "--out", tmp_path / "more"),
        ("video", run, "--out", tmp_path / "film.gif"),
    ]
    for words in commands:
        code, _, said = called(*words)
        assert code == 0, f"{words}: {said[-2000:]}"
