"""What was asked for, and what a classifier reads."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from rivals.data.pictures import pixels_of
from rivals.feed import Field
from rivals.recipes.recipe import Conditions
from rivals.run.asked_scores import AskedScores

NAMES = ("dark", "grey", "light")
SHADES = torch.tensor([-1.0, 0.0, 1.0])


class Reader:
    """A judge that knows classes by their brightness, and is right in nine of ten."""

    accuracy = 0.9

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        return np.eye(3)[np.digitize(pictures.mean((1, 2, 3)), [85, 170])]


def source(names: tuple[str, ...] = NAMES) -> Any:
    spec = {"image": Field((1, 2, 2), -1.0, 1.0, "picture"), "label": Field((), 0.0, 2.0, "label", names)}
    return SimpleNamespace(spec=spec, restore=pixels_of)


def setup(heard: float) -> Any:
    """A generator that shows the class that it is asked for with some probability, else the dark one."""

    def under(wanted: Tensor) -> Any:
        def sample(n: int) -> Tensor:
            heeds = torch.rand(n) < heard
            return torch.where(heeds, SHADES[int(wanted)], -1.0).view(n, 1, 1, 1).expand(n, 1, 2, 2)

        return SimpleNamespace(sample=sample)

    words = Conditions(lambda name: torch.tensor(NAMES.index(name)), NAMES, under)
    return SimpleNamespace(conditions=words, fields=("image", "label"))


def scored(learned_source: Any = None, reader: Any = None, heard: float = 0.7) -> tuple[AskedScores, Any]:
    learned = SimpleNamespace(setup=setup(heard), source=learned_source or source())
    real: Any = SimpleNamespace(source=source())
    return AskedScores(learned, real, reader, 3000), learned.setup


def test_the_share_that_shows_what_was_asked_for() -> None:
    """A third is asked to be dark, which the dark pictures of the unheeding are as well."""
    scores, made = scored(reader=Reader())
    found = scores.intervals(made)["agreement"]
    assert found.value == pytest.approx(1 / 3 + 2 / 3 * 0.7, abs=0.03)
    assert found.low < found.value < found.high < found.low + 0.06
    assert scores.values(made) == {"agreement": found.value}  # as another time, of the same seed
    assert scores.values(setup(0.0)) == {"agreement": pytest.approx(1 / 3)}
    assert scores.floor() == {"agreement": 0.9} and scores.protocol == {"asked": "1000 of each of 3 classes"}


@pytest.mark.parametrize("why", ["no judge", "other classes", "nothing to ask for", "asked for tags"])
def test_nothing_where_there_is_nothing_to_hold_it_to(why: str) -> None:
    made = setup(1.0)
    if why == "nothing to ask for":
        made.conditions = None
    if why == "asked for tags":
        made.fields = ("image", "tags")
    of = source(("a", "b", "c")) if why == "other classes" else source()
    real: Any = SimpleNamespace(source=source())
    learned = SimpleNamespace(setup=made, source=of)
    reader: Any = None if why == "no judge" else Reader()
    scores = AskedScores(learned, real, reader, 30)
    assert scores.intervals(made) == scores.values(made) == scores.floor() == scores.protocol == {}
