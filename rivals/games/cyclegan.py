"""CycleGAN: two translators and two critics between two unpaired sets."""

from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn

from rivals.losses.adversarial import AdversarialLoss, least_squares
from rivals.losses.reconstruction import cycle_consistency, identity_mapping
from rivals.play import Facts, Player


def _squared_generator(*, real: Tensor, fake: Tensor) -> Tensor:
    return (fake - 1).square().mean()


halved_least_squares = AdversarialLoss(least_squares.discriminator, _squared_generator, undecided=0.5)
"""Least squares as CycleGAN has it: only the critics' objective is halved (1703.10593, sec. 4 and 7.1)."""


class Translators(nn.Module):
    """Both mappings as one network: `to_target` is the paper's G, `to_source` its F."""

    def __init__(self, to_target: nn.Module, to_source: nn.Module) -> None:
        super().__init__()
        self.to_target, self.to_source = to_target, to_source

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """(n, ...) of the source and of the target -> what each becomes on the other side, (G(x), F(y))."""
        return self.to_target(x), self.to_source(y)


class Critics(nn.Module):
    """Both discriminators as one network: the paper's D_X (`source`) and D_Y (`target`)."""

    def __init__(self, source: nn.Module, target: nn.Module) -> None:
        super().__init__()
        self.source, self.target = source, target

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """(n, ...) -> logits (n,) of x being of the source and of y being of the target."""
        return self.source(x), self.target(y)


class History(Protocol):
    """A pool of past fakes: `swap` takes new ones in and gives as many back, some of them old."""

    def swap(self, fake: Tensor, /) -> Tensor: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Any, /) -> Any: ...


@dataclass
class CycleGAN:
    """CycleGAN (Zhu et al. 2017, 1703.10593, eq. 3), between unpaired "source" x and "target" y."""

    translators: Player  # G: x -> y and F: y -> x
    critics: Player  # D_X and D_Y
    past_sources: History  # 50 past F(y), sec. 4
    past_targets: History  # 50 past G(x)
    loss: AdversarialLoss = halved_least_squares
    cycle_weight: float = 10.0  # lambda
    identity_weight: float = 0.5  # in units of lambda, sec. 5.2

    def play_round(self, feed: Any) -> Facts:
        x, y = next(feed)
        facts = self.translators.descend(self.translators_loss, x, y)
        fake_x = self.past_sources.swap(facts.pop(f"{self.translators.name}/fake_x"))
        fake_y = self.past_targets.swap(facts.pop(f"{self.translators.name}/fake_y"))
        return facts | self.critics.descend(self.critics_loss, x, y, fake_x, fake_y)

    def translators_loss(self, x: Tensor, y: Tensor) -> tuple[Tensor, Facts]:
        fake_y, fake_x = self.translators(x, y)
        cycled_y, cycled_x = self.translators(fake_x, fake_y)
        kept_y, kept_x = self.translators(y, x)
        judged_x, judged_y = self.critics(fake_x, fake_y)
        real_x, real_y = self.critics(x, y) if self.loss.real_matters else (None, None)
        fooling = self.loss.generator(real=real_x, fake=judged_x) + self.loss.generator(real=real_y, fake=judged_y)
        cycle = cycle_consistency(x=x, cycled_x=cycled_x, y=y, cycled_y=cycled_y)
        identity = identity_mapping(x=x, kept_x=kept_x, y=y, kept_y=kept_y)
        facts = {"fooling": fooling, "cycle": cycle, "identity": identity, "fake_x": fake_x, "fake_y": fake_y}
        return fooling + self.cycle_weight * (cycle + self.identity_weight * identity), facts

    def critics_loss(self, x: Tensor, y: Tensor, fake_x: Tensor, fake_y: Tensor) -> tuple[Tensor, Facts]:
        (real_x, real_y), (judged_x, judged_y) = self.critics(x, y), self.critics(fake_x, fake_y)
        source = self.loss.discriminator(real=real_x, fake=judged_x)
        target = self.loss.discriminator(real=real_y, fake=judged_y)
        return source + target, {"source": source, "target": target}
