"""Penalties on the discriminator's gradient in its input: pure functions, random draws as arguments.

`D` is any callable (n, ...) -> (n,) logits. Where a loss is compiled, the gradients are taken with `torch.func`, so
that the whole of it becomes one graph; elsewhere with `create_graph=True`, which gives the same and also lets a
network change its buffers on the way, as batch normalisation does.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from rivals.losses.second_derivatives import SecondDerivatives
from rivals.play import gather

Judge = Callable[[Tensor], Tensor]
Witness = Callable[[Tensor], tuple[Tensor, ...]]
"""A judge that says more than one thing, its logits (n,) first."""
Penalty = Callable[[Judge, Tensor, Tensor, Tensor], Tensor]
"""What a game adds to the discriminator's loss: (D, real, fake, uniform noise like real) -> scalar, weight included."""


def input_gradient(D: Judge, x: Tensor) -> Tensor:
    """The gradient of each logit in its own input, one row a logit: (n, ...) -> (n, everything).

    A packed discriminator has fewer logits than samples: a row is then the gradient in all samples of a pack.
    """
    return logits_and_gradient(D, x)[1]


def logits_and_gradient(D: Judge, x: Tensor) -> tuple[Tensor, Tensor]:
    """The logits (n,) and their input gradients (n, everything) from one forward pass."""
    (logits,), gradient = answers_and_gradient(lambda x: (D(x),), x)
    return logits, gradient


def answers_and_gradient(D: Witness, x: Tensor) -> tuple[tuple[Tensor, ...], Tensor]:
    """All that D says of samples, and the input gradients (n, everything) of its first answer, one forward pass."""

    def total(x: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        answers = D(x)
        return answers[0].sum(), answers

    if torch.compiler.is_compiling():
        gradient, answers = torch.func.grad(total, has_aux=True)(x)
        return answers, gradient.reshape(len(answers[0]), -1)
    nobodys = not x.requires_grad
    x = x.detach().requires_grad_() if nobodys else x
    with (seconds := SecondDerivatives(source=x if nobodys else None)):
        value, answers = total(x)
    with seconds.of_inputs():
        gradient = torch.autograd.grad(value, x, create_graph=True)[0]
    return answers, gradient.reshape(len(answers[0]), -1)


def answers_and_penalty(D: Witness, x: Tensor, *, wanted: bool = True) -> tuple[tuple[Tensor, ...], Tensor]:
    """All that D says of samples, and 1/2 E |grad|^2 of its first answer; 0 where it is not wanted, at no cost."""
    if not wanted:
        return D(x), x.new_zeros(())
    answers, gradient = answers_and_gradient(D, x)
    return answers, half_square(gradient)


def chord(real: Tensor) -> Tensor:
    """Uniform numbers in [0, 1), one a sample, shaped to multiply `real`: where on the line to a fake to look."""
    return torch.rand(len(real), *[1] * (real.dim() - 1), device=real.device)


def gradient_penalty(D: Judge, real: Tensor, fake: Tensor, *, t: Tensor, target: float = 1.0) -> Tensor:
    """E (|grad D(x)| - target)^2 on the lines between real and fake samples (1704.00028, eq. 3); t from `chord`."""
    x = t * real + (1 - t) * fake
    return (input_gradient(D, x).norm(dim=1) - target).square().mean()


def zero_centred(D: Judge, x: Tensor) -> Tensor:
    """1/2 E |grad D(x)|^2: R1 on real samples, R2 on fakes (1801.04406, eq. 9 and 10)."""
    return half_square(input_gradient(D, x))


def half_square(gradient: Tensor) -> Tensor:
    """1/2 E |g|^2 over the rows of `gradient` (n, d)."""
    return 0.5 * gradient.square().sum(1).mean()


def dragan_penalty(D: Judge, real: Tensor, *, noise: Tensor, scale: float = 0.5) -> Tensor:
    """E (|grad D(x)| - 1)^2 around the real samples (1705.07215, eq. 4).

    The neighbourhood is that of the authors' code, x + scale * std(x) * noise, with `noise` uniform in [0, 1) of the
    shape of `real`; the deviation is that of the batch of every rank. Differs from their code: no random share of the
    way back to x.
    """
    x = real + scale * gather(real).std() * noise
    return (input_gradient(D, x).norm(dim=1) - 1).square().mean()


def r1(weight: float = 10.0) -> Penalty:
    """R1 as a game takes it: weight/2 * E |grad D(x)|^2 on real samples (1801.04406, eq. 9)."""
    return lambda D, real, fake, noise: weight * zero_centred(D, real)


def r2(weight: float = 10.0) -> Penalty:
    """R2 as a game takes it: weight/2 * E |grad D(x)|^2 on fakes (1801.04406, eq. 10)."""
    return lambda D, real, fake, noise: weight * zero_centred(D, fake)


def one_centred(weight: float = 10.0) -> Penalty:
    """WGAN-GP's penalty as a game takes it (1704.00028, eq. 3)."""

    def penalty(D: Judge, real: Tensor, fake: Tensor, noise: Tensor) -> Tensor:
        t = noise.flatten(1)[:, 0].view(-1, *[1] * (real.dim() - 1))
        return weight * gradient_penalty(D, real, fake, t=t)

    return penalty


def dragan(weight: float = 10.0, scale: float = 0.5) -> Penalty:
    """DRAGAN's penalty as a game takes it (1705.07215)."""
    return lambda D, real, fake, noise: weight * dragan_penalty(D, real, noise=noise, scale=scale)


def together(*penalties: Penalty) -> Penalty:
    """The sum of several penalties."""
    return lambda D, real, fake, noise: torch.stack([p(D, real, fake, noise) for p in penalties]).sum()
