from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from rivals.losses.penalties import answers_and_gradient, gradient_penalty, input_gradient, logits_and_gradient
from rivals.losses.second_derivatives import SecondDerivatives
from rivals.networks.precision import autocast

Judge = Callable[[Tensor], Tensor]


class Mixed(nn.Module):
    """Every way of calling a rectifier, and layers that have second derivatives of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.Conv2d(4, 4, 3, 2, 1, groups=2)
        self.norm, self.last = nn.GroupNorm(1, 4), nn.Conv2d(4, 1, (1, 3), padding="same")
        self.third = nn.Parameter(torch.randn(4, 4, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = F.leaky_relu(self.first(x), 0.1, inplace=True)
        x = torch.relu(self.second(x)) + F.leaky_relu(self.norm(x[:, :, ::2, ::2]))
        x = F.conv2d(bias=None, weight=self.third, input=F.relu(input=x), stride=(1, 2))
        return torch.tanh(self.last(x)).flatten(1).sum(1)


def ladder(convolution: type[nn.Module], axes: int, **options: int) -> tuple[nn.Module, tuple[int, ...]]:
    layers = [convolution(2, 4, 3, **options), nn.LeakyReLU(0.2), convolution(4, 6, 3, groups=2), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(1), nn.Flatten(0)), (3, 2, *[8] * axes)


NETWORKS: dict[str, Callable[[], tuple[nn.Module, tuple[int, ...]]]] = {
    "1d": lambda: ladder(nn.Conv1d, 1, stride=2),
    "2d": lambda: ladder(nn.Conv2d, 2, padding=1),
    "2d, dilated": lambda: ladder(nn.Conv2d, 2, dilation=2, padding=2),
    "3d": lambda: ladder(nn.Conv3d, 3, padding=1),
    "mixed": lambda: (Mixed(), (3, 2, 8, 8)),
}


def made(name: str) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    D, size = NETWORKS[name]()
    D(torch.zeros(size))  # lazy layers learn their sizes
    return D.double(), torch.randn(size, dtype=torch.float64)


def plain(D: Judge, x: Tensor) -> Tensor:
    return torch.autograd.grad(D(x).sum(), x, create_graph=True)[0].flatten(1)


@pytest.mark.parametrize("name", NETWORKS)
def test_same_as_autograd_s_own(name: str) -> None:
    """Logits, input gradients, second derivatives in weights and inputs, and the third ones."""
    D, x = made(name)
    x.requires_grad_()
    own, (answers, ours) = plain(D, x), answers_and_gradient(lambda x: (D(x),), x)
    close = torch.testing.assert_close
    close(answers[0], D(x))
    close(ours, own)
    asked = [x, *D.parameters()]
    second = [
        torch.autograd.grad(g.pow(3).sum(), asked, create_graph=True, allow_unused=True, materialize_grads=True)
        for g in (own, ours)
    ]
    for theirs, of_ours in zip(*second, strict=True):
        close(of_ours, theirs)
    third = [
        torch.autograd.grad(sum(g.square().sum() for g in grads), asked, allow_unused=True, materialize_grads=True)
        for grads in second
    ]
    for theirs, of_ours in zip(*third, strict=True):
        close(of_ours, theirs)


@pytest.mark.parametrize("name", NETWORKS)
def test_losses_that_use_both_logits_and_slope(name: str) -> None:
    """As R1 from the forward pass of the logits; weight gradients of both parts arrive."""
    D, x = made(name)
    x.requires_grad_()
    weights = list(D.parameters())
    own = torch.autograd.grad(D(x).square().sum() + plain(D, x).square().sum(), weights, allow_unused=True)
    (logits,), slope = answers_and_gradient(lambda x: (D(x),), x)
    ours = torch.autograd.grad(logits.square().sum() + slope.square().sum(), weights, allow_unused=True)
    for theirs, of_ours in zip(own, ours, strict=True):
        torch.testing.assert_close(of_ours, theirs)


def test_against_finite_differences() -> None:
    D, x = made("2d")
    with SecondDerivatives():
        assert torch.autograd.gradgradcheck(lambda x: D(x).square(), x.requires_grad_())


def rectified(groups: int = 4) -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 8, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(8, 16, 3, 1, 1, groups=groups), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * 64, 1), nn.Flatten(0))


def unhooked(network: nn.Sequential) -> tuple[Judge, nn.Module, nn.Module]:
    """The rectified network without modules, through which the counter can't follow autograd.grad; its two ends."""
    first, _, second, *_, last, _ = network

    def D(x: Tensor) -> Tensor:
        x = F.leaky_relu(F.conv2d(x, first.weight, first.bias, 2, 1), 0.2)
        x = F.relu(F.conv2d(x, second.weight, second.bias, 1, 1))
        return F.linear(x.flatten(1), last.weight, last.bias).squeeze(1)

    return D, first, last


def flops(work: Callable[[], object]) -> int:
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


def test_no_flop_is_wasted() -> None:
    """A penalty is a pass forwards, one back to the input, and of the latter the two derivatives: four times D.

    With the logits from the same pass (as R1 has them), the way back through D ends at the first weights.
    """
    network, (real, fake), t = rectified(groups=1), torch.randn(2, 5, 3, 16, 16), torch.rand(5, 1, 1, 1)
    weights = list(network.parameters())
    D, first, last = unhooked(network)

    def logits_too() -> None:
        logits, slope = logits_and_gradient(D, real)
        (logits.square().sum() + slope.square().sum()).backward(inputs=weights)

    once = flops(lambda: D(real))
    constant = flops(lambda: last(torch.zeros(5, 1024)))  # the logits' own gradient is 1: nothing goes back to it
    assert flops(lambda: gradient_penalty(D, real, fake, t=t).backward()) == 4 * once - constant
    assert flops(lambda: input_gradient(D, real)) == 2 * once
    assert flops(logits_too) == 6 * once - constant - flops(lambda: first(real))


def test_in_bf16() -> None:
    """As autograd's own in the same precision, to the digits that it has."""
    D, x = autocast(rectified()), torch.randn(64, 3, 16, 16).requires_grad_()
    found = []
    for gradient in (plain(D, x), input_gradient(D, x)):
        D.zero_grad()
        gradient.square().sum().backward()
        found.append((gradient, *(torch.zeros_like(p) if p.grad is None else p.grad for p in D.parameters())))
    for own, ours in zip(*found, strict=True):
        assert ours.dtype == own.dtype == torch.float32
        assert (ours - own).norm() <= 0.01 * own.norm()
