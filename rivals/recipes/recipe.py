"""What a recipe is. Nothing here imports torch: listing the recipes and reading their options is instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from rivals.feed import Field
    from rivals.play import Game


@dataclass(frozen=True)
class Recipe:
    """A named, tuned, tested way to train: what `rivals train NAME` runs."""

    name: str
    family: str
    title: str
    paper: str
    """Where it was published, as an arXiv number where there is one."""
    presets: Mapping[str, Any]
    """Options by the kind of data: points, pictures."""
    build: Callable[[Any, "Mapping[str, Field]", "Machine"], "Setup"]
    """(options, the data's fields, where to run) -> what to train; the only place that knows options and classes."""
    small_data: Literal["adaptive", "diff", "none"] = "none"
    """What `--augment auto` means on a small set of pictures."""

    def preset(self, kind: str) -> Any:
        """The tuned options for a kind of data. Raises ValueError if the recipe has none for it."""
        if kind not in self.presets:
            raise ValueError(f"{self.name} trains on {' or '.join(self.presets)}, and this data is {kind}")
        return self.presets[kind]


@dataclass(frozen=True)
class Machine:
    """Where a recipe is built: the device, the precision of forward passes, and whether losses are compiled."""

    device: "torch.device | str" = "cpu"
    bf16: bool = False
    compile: bool = False
    ranks: int = 1


@dataclass
class Setup:
    """What a recipe builds: a game, and how to draw from what it has learned."""

    game: "Game"
    fields: tuple[str, ...]
    """The fields of the data that the game is fed with."""
    sample: "Callable[[int], Tensor]"
    """n -> samples in the network's range, from the averaged weights."""
    generate: "Callable[[Tensor], Tensor] | None" = None
    """Codes (n, latent) -> samples, where there are codes."""
    prior: "Callable[[int], Tensor] | None" = None
    """n -> codes (n, latent)"""
