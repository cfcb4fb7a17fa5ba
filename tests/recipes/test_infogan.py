"""A continuous code finds, without labels, what differs most among real samples."""

import os
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import torch

from rivals.data.load import load
from rivals.data.pictures import Pictures
from rivals.feed import Feed
from rivals.loop import fit, set_random_state
from rivals.metrics import matched
from rivals.recipes import Machine, recipe
from rivals.run.run import configured
from tests.benchmarks.conftest import HOME

MNIST = Path(os.environ.get("RIVALS_DATA", "")) / "mnist"
ONES: dict[str, Any] = {
    "network": "mlp", "width": 64, "discriminator_width": 64, "depth": 2, "discriminator_depth": 2,
    "batch": 64, "categorical_codes": 0, "continuous": 1, "latent": 3,
}  # fmt: skip


@pytest.mark.skipif(not MNIST.is_dir(), reason="needs MNIST below $RIVALS_DATA")
def test_a_continuous_code_is_the_slant_of_real_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HOME)
    from infogan import correlation, slant

    some: Any = load("mnist", size=16, limit=6000, say=lambda text: None)
    ones = some.rows[some.labels.numpy()[some.rows] == 1]
    source = Pictures(some.images, rows=ones)
    index = torch.arange(len(source))
    pictures = source.batch(index, torch.zeros_like(index))["image"]
    lean = slant(pictures)
    set_random_state(2)
    options = configured("infogan", {"data": "mnist", **ONES}).options
    setup = recipe("infogan").build(options, source.spec, Machine())
    assert setup.encode is not None and setup.codes is not None
    found = []
    for done, _ in enumerate(fit(setup.game, Feed(source, 64, seed=3), rounds=range(2400)), 1):
        if done % 400 == 0:
            read = setup.encode(pictures)[:, setup.codes.numbers[0]].numpy()
            assert np.isfinite(read).all()
            found.append(abs(correlation(read, lean)))
    print("correlation with slant", *(f"{each:.2f}" for each in found))
    assert median(found[1:]) > 0.6  # the players swing, and for moments the code is another's


def test_categories_that_stay_when_pictures_change_are_digits() -> None:
    """1,797 digits of 8x8, without their labels. The paper's own game is at 41 % after as many rounds."""
    source: Any = load("digits", say=lambda text: None)
    set_random_state(1)
    small = {"width": 8, "discriminator_width": 8, "latent": 24, "paired_weight": 1.0}
    setup = recipe("infogan").build(configured("infogan", {"data": "digits", **small}).options, source.spec, Machine())
    for _ in fit(setup.game, Feed(source, 128, seed=1), rounds=range(1400)):
        pass
    index = torch.arange(len(source))
    digits = source.batch(index, torch.zeros_like(index))
    assert setup.encode is not None and setup.codes is not None
    read = setup.encode(digits["image"])[:, setup.codes.places[0]].argmax(1)
    share = matched(read.numpy(), digits["label"].numpy())[1]
    print(f"read as their digit {share:.3f}")
    assert share > 0.7
