"""A peer's code is run as it is, a batch at a time, and timed in turns with ours."""

import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import nn

from rivals.recipes import Machine
from tests.run.commands import called

Import = Callable[[str], ModuleType]
SCRIPT = """
import os
import torch
from torch.utils.data import DataLoader

os.makedirs("images")
os.makedirs("../../data/mnist")
total, batches = 0.0, 0
for images, _ in DataLoader("a data set", batch_size=2):
    total, batches = total + float(images.sum()), batches + 1
    print("a line that nobody should see")
"""


def test_a_script_takes_as_many_batches_as_it_is_asked_to(
    script: Import, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "peer.py").write_text(SCRIPT)
    here = Path.cwd()
    running = script("peers.pytorch_gan").Script(tmp_path / "peer.py")
    assert (running.names["batches"], Path.cwd()) == (0, here)
    running.feed = iter(torch.full((2, 1), float(i)) for i in range(10))
    running.batches(3)
    assert (running.names["batches"], running.names["total"]) == (3, 2 * (0 + 1 + 2))
    running.batches(1)
    assert (running.names["batches"], running.names["total"]) == (4, 2 * (0 + 1 + 2 + 3))
    assert capfd.readouterr().out == ""
    assert not (tmp_path / "images").exists()


def test_the_ratio_is_the_median_of_neighbouring_rounds(script: Import) -> None:
    middle, (low, high) = script("peers.match").ratio([2.0, 4, 6, 8, 10], [1.0, 1, 1, 1, 1])
    assert (middle, low, high) == (6, 3, 9)


def test_ours_plays_with_copies_of_the_peers_networks(script: Import) -> None:
    match = script("peers.match")
    generator = nn.Sequential(nn.Linear(4, 12), nn.Unflatten(1, (3, 2, 2)))
    discriminator = nn.Sequential(nn.Conv2d(3, 1, 2))
    made, judging = match.players(generator, discriminator, match.Adam(lr=0.01), Machine())
    pictures = made(torch.randn(5, 4))
    assert judging(pictures).shape == (5,)
    torch.testing.assert_close(judging(pictures), discriminator(pictures).flatten())
    assert judging.network.network[0].weight is not discriminator[0].weight
    group = made.optimizer.param_groups[0]
    assert (group["lr"], group["betas"], group["fused"], made.average) == (0.01, (0.0, 0.9), True, None)
    assert all(p.requires_grad for p in discriminator.parameters())


def test_peers_that_are_not_there_are_named(tmp_path: Path) -> None:
    code, _, said = called("bench", "peers", "--peer", f"mimicry={tmp_path}")
    assert code == 2 and f"{tmp_path}/torch_mimicry/nets/sngan/sngan_32.py is not there" in said
    code, _, said = called("bench", "peers", "--peer", "mimicri=x")
    assert code == 2 and "must be NAME=PATH with one of mimicry, pytorch-gan, torchgan, r3gan" in said
    assert said.count("\n") == 1


def test_ours_decodes_to_the_same_picture_as_the_loader_beside_it(
    script: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rivals.data.load import load

    loading = script("loading")
    monkeypatch.setenv("RIVALS_CACHE", str(tmp_path / "cache"))
    loading.draw(tmp_path / "pictures", 3, 128)
    ours = load(tmp_path / "pictures", size=loading.SIZE, say=lambda text: None)
    others = torch.stack(list(loading.Decoding(tmp_path / "pictures")))
    index = torch.arange(3)
    difference = (ours.batch(index, index)["image"] - others).abs().mean()
    assert math.isclose(difference, 0, abs_tol=0.02)  # filters of one kind, in another order
