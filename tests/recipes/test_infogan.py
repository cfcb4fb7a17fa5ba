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
from rivals.parts.codes import Codes
from rivals.recipes import Machine, recipe
from rivals.recipes.named_codes import named_conditions, read_codes
from rivals.recipes.recipe import Setup
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
    assert setup.conditions is not None
    asked = setup.conditions.under(setup.conditions.parse("c1=4, c2=0.9"))
    read = setup.encode(asked.sample(500))
    heard = (read[:, setup.codes.places[0]].argmax(1) == 4).float().mean()
    print(f"samples of the asked category {heard:.3f}, c2 read as {read[:, setup.codes.numbers[0]].mean():.2f}")
    assert heard > 0.9


def test_codes_are_asked_for_by_name() -> None:
    codes = Codes(2, (3, 4), 2)
    asked = named_conditions(Setup(None, (), generate=lambda z: z, generator=lambda z: z, sample=lambda n: n), codes)
    values = asked.parse("C2=3, c4 = -1.5")
    assert values[5:9].tolist() == [0, 0, 0, 1] and values[10] == -1.5
    assert values.isnan().tolist() == [True] * 5 + [False] * 4 + [True, False]
    assert asked.parse("2")[2:5].tolist() == asked.parse("c1=2")[2:5].tolist() == [0, 0, 1]
    assert asked.shown == ("c1=0", "c1=1", "c1=2")
    bound = asked.under(values)
    assert bound.conditions is None and bound.codes is None and bound.prior and bound.generate and bound.generator
    for z in (bound.sample(64), bound.prior(64), bound.generate(codes(64)), bound.generator(codes(64))):
        assert (z[:, 5:9] == torch.tensor([0, 0, 0, 1])).all() and (z[:, 10] == -1.5).all()
        assert all(each.std(0).min() > 0.2 for each in (z[:, :2], z[:, 2:5], z[:, 9:10]))  # what is free is drawn


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("c7=1", 'unknown code "c7"; .*known: c1, c2, c3, c4'),
        ("c1=3", "c1 is a category of 3 values; give 0 to 2, found '3'"),
        ("c1=0.5", "c1 is a category of 3 values; give 0 to 2, found '0.5'"),
        ("c3=wide", "c3 is a number, trained on -1 to 1; found 'wide'"),
        ("c3=inf", "c3 is a number"),
        (" , ", "names no code; known: c1, c2, c3, c4"),
    ],
)
def test_what_no_code_is(words: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"--condition: .*{message}"):
        read_codes(Codes(2, (3, 4), 2), words)


def test_without_categories_a_number_alone_names_nothing() -> None:
    with pytest.raises(ValueError, match='unknown code "1"'):
        read_codes(Codes(2, (), 2), "1")
    assert read_codes(Codes(2, (), 2), "c2=0.25")[3] == 0.25
