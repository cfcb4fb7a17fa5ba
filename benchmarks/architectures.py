"""Random and deliberately bad architectures for 16x16 pictures, as WGAN-GP's study draws them (1704.00028, sec. 5)."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import torch.nn.functional as F
from torch import Tensor, nn

Norm = Literal["batch", "layer", "none"]
LATENT, SIDE, CHANNELS = 64, 16, 1


class Soft(nn.Module):
    """softplus(2x + 2) / 2 - 1, one of the study's nonlinearities."""

    def forward(self, x: Tensor) -> Tensor:
        return F.softplus(x + 1, beta=2) - 1  # the same in fewer passes over memory


class Skip(nn.Module):
    """Adds what some layers make of a picture to the picture."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky": lambda: nn.LeakyReLU(0.2),
    "soft": Soft,
    "tanh": nn.Tanh,
}


@dataclass(frozen=True)
class Architecture:
    """What a generator and a discriminator are made of; depth counts their convolutions."""

    activations: tuple[str, str] = ("relu", "leaky")
    depths: tuple[int, int] = (4, 4)
    norms: tuple[bool, bool] = (True, True)
    width: int = 8
    constant: bool = False
    """As many channels at every resolution of the generator, where others double them a step down."""
    perceptron: bool = False
    """Four layers of 512 in place of the generator."""
    residual: bool = False
    """Pairs of convolutions beside a shortcut."""


DCGAN = Architecture()
COURSE = {
    "CNN": DCGAN,
    "no normalisation": replace(DCGAN, norms=(False, False)),
    "tanh everywhere": replace(DCGAN, activations=("tanh", "tanh")),
    "MLP generator": replace(DCGAN, perceptron=True),
    "bad structure": replace(DCGAN, norms=(False, True), constant=True),
    "101 layers": replace(DCGAN, depths=(101, 101), residual=True, width=4),
}
"""The six that courses show: one that all train, and five on which methods part."""


def drawn(seed: int, depths: tuple[int, ...], widths: tuple[int, ...]) -> Architecture:
    """One at random from the study's set."""
    choose = random.Random(seed).choice
    return Architecture(
        activations=(choose(list(ACTIVATIONS)), choose(list(ACTIVATIONS))),
        depths=(choose(depths), choose(depths)),
        norms=(choose((True, False)), choose((True, False))),
        width=choose(widths),
    )


def generator_of(a: Architecture) -> nn.Module:
    """Codes (n, 64) to pictures (n, 1, 16, 16) in [-1, 1]."""
    act, norm = ACTIVATIONS[a.activations[0]], "batch" if a.norms[0] else "none"
    if a.perceptron:
        sizes = [LATENT, 512, 512, 512, 512]
        hidden = [layer for i, o in zip(sizes, sizes[1:], strict=False) for layer in (nn.Linear(i, o), nn.ReLU())]
        return nn.Sequential(*hidden, nn.Linear(512, SIDE**2), nn.Tanh(), nn.Unflatten(1, (CHANNELS, SIDE, SIDE)))
    widths = [a.width] * 3 if a.constant else [4 * a.width, 2 * a.width, a.width]
    first = [nn.Linear(LATENT, widths[0] * 16), nn.Unflatten(1, (widths[0], 4, 4)), *normed(norm, widths[0]), act()]
    up = [layer for step in range(3) for layer in stage(step, widths, a.depths[0] - 1, norm, act, a.residual, up=True)]
    return nn.Sequential(*first, *up, nn.Conv2d(widths[-1], CHANNELS, 3, padding=1), nn.Tanh())


def discriminator_of(a: Architecture, norm: Norm = "batch") -> nn.Module:
    """Pictures (n, 1, 16, 16) to logits (n,); `norm` where it has one: layer norm with a gradient penalty."""
    act, kind = ACTIVATIONS[a.activations[1]], norm if a.norms[1] else "none"
    widths = [a.width, 2 * a.width, 4 * a.width]
    first = [nn.Conv2d(CHANNELS, widths[0], 3, padding=1), act()]
    down = [layer for step in range(3) for layer in stage(step, widths, a.depths[1] - 1, kind, act, a.residual)]
    return nn.Sequential(*first, *down, nn.Flatten(), nn.Linear(widths[-1] * 16, 1), nn.Flatten(0))


def stage(
    step: int,
    widths: list[int],
    depth: int,
    norm: Norm,
    act: Callable[[], nn.Module],
    residual: bool,
    up: bool = False,
) -> list[nn.Module]:
    """The convolutions at one of three resolutions: a third of `depth`, of which one changes the resolution."""
    width, mine = widths[step], depth // 3 + (step < depth % 3)
    layers: list[nn.Module] = []
    if step:
        change = (
            nn.ConvTranspose2d(widths[step - 1], width, 4, 2, 1) if up else nn.Conv2d(widths[step - 1], width, 4, 2, 1)
        )
        layers += [change, *normed(norm, width), act()]
        mine -= 1
    while mine > 0:
        pair = min(mine, 2) if residual else 1
        block = [each for _ in range(pair) for each in convolution(width, norm, act)]
        layers += [Skip(*block)] if residual else block
        mine -= pair
    return layers


def convolution(width: int, norm: Norm, act: Callable[[], nn.Module]) -> list[nn.Module]:
    return [nn.Conv2d(width, width, 3, padding=1), *normed(norm, width), act()]


def normed(norm: Norm, channels: int) -> list[nn.Module]:
    makers: dict[Norm, Callable[[], list[nn.Module]]] = {
        "batch": lambda: [nn.BatchNorm2d(channels)],
        "layer": lambda: [nn.GroupNorm(1, channels)],
        "none": list,
    }
    return makers[norm]()
