"""What a recipe is. Nothing here imports torch: listing the recipes and reading their options is instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal

from rivals.recipes.options import idle

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from rivals.feed import Field
    from rivals.parts.codes import Codes
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
    without: tuple[str, ...] = ()
    """Options that its players share with those of others and have no use for."""

    def preset(self, kind: str) -> Any:
        """The tuned options for a kind of data. Raises ValueError if the recipe has none for it."""
        if kind not in self.presets:
            raise ValueError(f"{self.name} trains on {' or '.join(self.presets)}, and this data is {kind}")
        return self.presets[kind]

    def check(self, options: Any) -> None:
        """Raises ValueError for an option that is asked for and does nothing in this recipe or with its network."""
        options_of = plain(options)
        presets = [plain(preset) for preset in self.presets.values()]
        for name, usual in defaults(options).items():
            if options_of[name] in (usual, *(preset[name] for preset in presets)):
                continue
            if name in self.without:
                raise ValueError(f"{self.name} has no use for --{name.replace('_', '-')}; leave it out")
            if why := idle(name, options_of):
                raise ValueError(why)


def plain(options: Any) -> dict[str, Any]:
    """Every option by its plain name, whether it stands in a group or alone."""
    groups = [vars(value) if is_dataclass(value) else {name: value} for name, value in vars(options).items()]
    return {name: value for group in groups for name, value in group.items()}


def defaults(options: Any) -> dict[str, Any]:
    """What each would be if nobody had said anything, not even a preset."""
    parts = [options, *filter(is_dataclass, vars(options).values())]
    return {each.name: each.default for part in parts for each in fields(part) if not is_dataclass(each.default)}


@dataclass(frozen=True)
class Machine:
    """Where a recipe is built: the device, the precision of forward passes, and whether losses are compiled."""

    device: "torch.device | str" = "cpu"
    bf16: bool = False
    compile: bool = False
    ranks: int = 1


@dataclass(frozen=True)
class Target:
    """Where a fact should lie if the training works as its paper has it, and the option that moves it."""

    option: str
    low: float
    high: float

    def miss(self, value: float) -> float:
        """How far outside a value is, in widths of the target; 0 inside."""
        return max(self.low - value, value - self.high, 0.0) / (self.high - self.low)


def one_centred(weight: float) -> Target:
    """The target of E (|grad D| - 1)^2: the penalty of the least weight is the loosest leash.

    A critic gains a slope of s beyond 1 where it costs weight * (s - 1)^2 < s, so that about 1 / weight is allowed.
    """
    return Target("penalty_weight", 0.0, max(1.0, 1 / weight) ** 2 if weight else 1.0)


@dataclass
class Setup:
    """What a recipe builds: a game, how to draw from what it has learned, and what its training can be judged by."""

    game: "Game"
    fields: tuple[str, ...]
    """The fields of the data that the game is fed with."""
    sample: "Callable[[int], Tensor]"
    """n -> samples in the network's range, from the averaged weights."""
    generate: "Callable[[Tensor], Tensor] | None" = None
    """Codes (n, latent) -> samples, where there are codes."""
    generator: "Callable[[Tensor], Tensor] | None" = None
    """The same with gradients in the codes: for whoever looks for the code of a given sample."""
    encode: "Callable[[Tensor], Tensor] | None" = None
    """Samples -> codes (n, latent), where an encoder has been learned."""
    prior: "Callable[[int], Tensor] | None" = None
    """n -> codes (n, latent)"""
    judge: "Callable[[Tensor], Tensor] | None" = None
    """Samples -> logits, high on what the discriminator takes for real, as the generator meets it in training."""
    draw: "Callable[[int], Tensor] | None" = None
    """n -> samples as the discriminator meets them in training: from the weights as they stand, at little cost."""
    targets: "Mapping[str, Target]" = field(default_factory=dict)
    """Facts that have a target, by their names in the log."""
    log_likelihood: "Callable[..., Tensor] | None" = None
    """Samples -> nats (n,), where there is a density: exact, or the bound that the recipe's paper has.

    A bound takes `particles` too: how many codes a sample it is had from."""
    particles: int = 0
    """How many they are where nothing else is asked for; 0 where the log-likelihood is exact."""
    codes: "Codes | None" = None
    """The parts of a code that have a meaning, where there are such."""
    features: "Callable[[Tensor], Tensor] | None" = None
    """Samples -> what the discriminator, or the encoder, sees in them before its last layer (n, features)."""
    conditions: "Conditions | None" = None
    """What samples can be asked for, where the generator heeds it."""
    complete: "Callable[[Tensor, int], Tensor] | None" = None
    """Samples (n, C, H, W) and a number of rows -> the same rows from the top, what is below them drawn anew."""


@dataclass(frozen=True)
class Conditions:
    """What a generator can be asked for: classes, tags or sentences."""

    parse: "Callable[[str], Tensor]"
    """Words -> one condition (c,). Raises ValueError for unknown words, with the nearest known ones."""
    shown: tuple[str, ...]
    """Words of some conditions that a sheet of samples shows, a row each."""
    under: "Callable[[Tensor], Setup]"
    """A condition (c,) -> the same generator bound to it, as if it had none: whatever works on codes works on that."""
