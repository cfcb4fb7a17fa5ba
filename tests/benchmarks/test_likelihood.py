"""The table of likelihoods: what it asks for, what it makes of parts, and its Parzen estimate."""

from argparse import Namespace
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import torch

from rivals.recipes import RECIPES
from rivals.recipes.options import check_size
from rivals.run.run import configured

Script = Callable[[str], ModuleType]
GIVEN = Namespace(device="cpu", rounds=0, full=False, seeds=1, first=0)


@pytest.mark.parametrize("full", [False, True])
def test_every_way_can_be_configured(script: Script, full: bool) -> None:
    table, given = script("likelihood"), Namespace(device="cpu", rounds=0, full=full, seeds=1, first=0)
    for way, of in table.WAYS.items():
        options = table.options_of(way, 3, given)
        assert options["rounds"] * options["batch"] == of.epochs[full] * 60_000 // options["batch"] * options["batch"]
        if of.recipe in RECIPES:
            config = configured(of.recipe, options)
            assert (config.run.seed, config.run.size) == (3, 28)
            check_size(config.options, config.run.size)


def test_rows_of_a_way_are_its_score_its_curve_and_its_cost(script: Script) -> None:
    table = script("likelihood")
    scores = {"nats": 84.0, "curve": {"0": 540.0, "10": 86.0}}
    rows = table.rows_of("PixelCNN", GIVEN, [{"scores": scores, "core_seconds": 120}])
    assert [(row.metric, row.values) for row in rows] == [
        ("NLL, nats", [84.0]),
        ("NLL, nats after 0 epochs", [540.0]),
        ("NLL, nats after 10 epochs", [86.0]),
        ("core minutes", [2.0]),
    ]
    assert rows[0].record()["reached"] is True and not any(row.bar for row in rows[1:])
    assert table.rows_of("PixelCNN", GIVEN, []) == []


def test_the_estimate_is_that_of_the_right_splits(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    parzen = script("parzen")
    draw = torch.Generator().manual_seed(0)
    splits = {"train": torch.rand(1500, 1, 2, 2, generator=draw) * 2 - 1, "test": torch.zeros(9, 1, 2, 2)}
    monkeypatch.setattr(parzen, "split", splits.__getitem__)
    monkeypatch.setattr(parzen, "SAMPLES", 500)
    monkeypatch.setattr(parzen, "CENTRES", 20)
    samples = parzen.training_pictures()
    assert samples.shape == (500, 4) and samples.min() >= 0 and samples.max() <= 1
    found = parzen.estimated(samples)
    apart = np.square(samples - 0.5).sum(1) / (2 * found["sigma"] ** 2)
    by_hand = np.log(np.exp(-apart).mean()) - 4 * np.log(found["sigma"] * np.sqrt(2 * np.pi))
    assert found["nats"] == pytest.approx(by_hand) and found["error"] == pytest.approx(0, abs=1e-9)
    assert parzen.centres().shape == (20, 4)
