"""Options that suit the amount of data."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from rivals.recipes import recipe
from rivals.run.opening import SMALL, suited


@dataclass
class Source:
    """So many samples of a kind."""

    samples: int
    kind: str = "image"
    spec: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.spec = {self.kind: None}

    def __len__(self) -> int:
        return self.samples


def chosen(source: Source, kind: str = "pictures", **networks: int) -> Any:
    preset = recipe("r3gan").presets[kind]
    options = replace(preset, networks=replace(preset.networks, **networks))
    return suited(options, preset, source, small_data="adaptive", say=lambda line: None)


def test_many_pictures_get_a_mapping_network_and_few_get_augmentation() -> None:
    few, many = chosen(Source(SMALL - 1)), chosen(Source(SMALL))
    assert (few.networks.mapping, few.view.augment) == (0, "adaptive")
    assert (many.networks.mapping, many.view.augment) == (4, "none")


@pytest.mark.parametrize("layers", [0, 2, 4])
def test_a_mapping_that_was_asked_for_stays(layers) -> None:
    assert chosen(Source(100), mapping=layers).networks.mapping == layers
    assert chosen(Source(100_000), mapping=layers).networks.mapping == layers


def test_points_get_none() -> None:
    assert chosen(Source(100_000, "point"), "points").networks.mapping == 0
