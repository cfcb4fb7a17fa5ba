"""What the table of anime faces says, by hand: colours that a classifier sees against those that were asked for."""

from argparse import Namespace
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from rivals.run.run import configured

Script = Callable[[str], ModuleType]
WORDS = ("blue hair", "red hair", "green eyes", "red eyes")


@pytest.fixture
def table(script: Script, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script with faces of two pixels: the first is the number of the hair, the second that of the eyes."""
    found = script("anime")

    class Reader:
        def __init__(self, pixel: int) -> None:
            self.pixel = pixel

        def probabilities(self, pictures: np.ndarray) -> np.ndarray:
            return np.eye(2)[pictures[:, 0, self.pixel, 0]]

    monkeypatch.setattr(found, "judge", lambda colour: Reader(["hair", "eyes"].index(colour)))
    monkeypatch.setattr(found, "faces", lambda *split: SimpleNamespace(spec={"tags": SimpleNamespace(words=WORDS)}))
    return found


def test_colours_are_read_from_their_own_tags(table: Any) -> None:
    assert (table.columns("hair"), table.columns("eyes")) == ([0, 1], [2, 3])
    tags = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 1], [1, 0, 0, 1]], np.float32)
    pictures = np.zeros((4, 1, 2, 1), np.uint8)
    pictures[:, 0, 0, 0], pictures[:, 0, 1, 0] = [0, 1, 1, 1], [0, 1, 0, 0]
    assert table.agreement(pictures, tags) == {"hair": 75.0, "eyes": 25.0}


def test_every_combination_is_asked_for_as_often_as_it_stands_in_the_test_split(table: Any) -> None:
    def under(condition: Tensor) -> Any:
        return SimpleNamespace(sample=lambda n: condition[[0, 2]].repeat(n, 1))

    run = SimpleNamespace(
        setup=SimpleNamespace(conditions=SimpleNamespace(under=under)),
        source=SimpleNamespace(restore=lambda x: x.to(torch.uint8).numpy()),
    )
    tags = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 1, 0]], np.float32)
    pictures, wanted = table.drawn(run, tags, 0)
    assert len(pictures) == len(wanted) == 3 * table.TIMES
    assert np.array_equal(pictures, wanted[:, [0, 2]])
    assert (wanted == tags[0]).all(1).sum() == 2 * table.TIMES


def test_bars_are_for_the_conditional_gan_alone(table: Any) -> None:
    scores = {"hair": 90.0, "eyes": 40.0, "shuffled hair": 10.0, "shuffled eyes": 20.0, "frechet": 1.5}
    part = {"scores": scores, "seconds": 60.0, "core_seconds": 120.0}
    rows = {(row.name, row.metric): row.record() for row in table.rows_of("cgan", [part])}
    assert rows["cgan", "% hair as asked"]["reached"] is True
    assert rows["cgan", "% eyes as asked"]["reached"] is False
    assert rows["cgan, shuffled", "% hair as asked"]["control"] is True
    assert (rows["cgan", "minutes"]["ours"]["mean"], rows["cgan", "core minutes"]["ours"]["mean"]) == (1, 2)
    assert all(row.control and not row.bar for row in table.rows_of("supervised", [part]))


@pytest.mark.parametrize("full", [False, True])
def test_every_way_can_be_configured(table: Any, full: bool) -> None:
    given = Namespace(device="cpu", rounds=0, full=full, seeds=0)
    for way, (name, *_) in table.WAYS.items():
        run = configured(name, table.options_of(way, 1, given)).run
        assert (run.seed, run.size) == (1, 64 if full else 32)
    assert (table.seeds_of("cgan", given), table.seeds_of("supervised", given)) == (3 if full else 1, 1)
