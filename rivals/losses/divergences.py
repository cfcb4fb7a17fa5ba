"""f-divergences through their conjugates: the value functions of f-GAN (Nowozin et al. 2016, 1606.00709)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, xlogy
from torch.nn.functional import softplus

from rivals.losses.adversarial import AdversarialLoss

Elementwise = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Divergence:
    """D_f(P|Q) = E_Q f(p/q) of the data P from the model Q (1606.00709, eq. 2), as Tables 1, 2 and 6 print it.

    The variational bound is D_f(P|Q) >= E_P g(V) - E_Q f*(g(V)), tight where g(V(x)) = f'(p(x)/q(x)) (eq. 5 and 6).
    """

    f: Elementwise
    """The generator function, of the density ratio u = p/q > 0; convex, zero at 1."""
    activation: Elementwise
    """g: the output activation, from any real logit onto the domain of the conjugate, increasing."""
    conjugate: Elementwise
    """f*(t), the largest t u - f(u) over all u."""
    on_fake: Elementwise
    """f*(g(v)), simplified: the two in turn would overflow or cancel."""
    alone: float
    """f(u) / u for u -> infinity: what data weighs where the model has none."""
    empty: float
    """f(0): what the model weighs where the data has none."""
    undecided: float = 0.0
    """The logit v with g(v) = f'(1): where data and model are as dense."""


kullback_leibler = Divergence(
    f=lambda u: xlogy(u, u),
    activation=lambda v: v,
    conjugate=lambda t: (t - 1).exp(),
    on_fake=lambda v: (v - 1).exp(),
    alone=math.inf,
    empty=0.0,
    undecided=1.0,
)
"""KL(P|Q), the divergence that maximum likelihood lowers: covers all modes."""

reverse_kullback_leibler = Divergence(
    f=lambda u: -u.log(),
    activation=lambda v: -(-v).exp(),
    conjugate=lambda t: -1 - (-t).log(),
    on_fake=lambda v: v - 1,
    alone=0.0,
    empty=math.inf,
)
"""KL(Q|P): seeks a mode."""

pearson = Divergence(
    f=lambda u: (u - 1).square(),
    activation=lambda v: v,
    conjugate=lambda t: t.square() / 4 + t,
    on_fake=lambda v: v.square() / 4 + v,
    alone=math.inf,
    empty=1.0,
)
"""Pearson's chi squared, the integral of (p - q)^2 / q. Its conjugate holds for t >= -2, where the optimum lies."""

squared_hellinger = Divergence(
    f=lambda u: (u.sqrt() - 1).square(),
    activation=lambda v: 1 - (-v).exp(),
    conjugate=lambda t: t / (1 - t),
    on_fake=lambda v: v.exp() - 1,
    alone=1.0,
    empty=1.0,
)
"""The integral of (sqrt p - sqrt q)^2."""

jensen_shannon = Divergence(
    f=lambda u: xlogy(u, u) - (u + 1) * ((u + 1) / 2).log(),
    activation=lambda v: math.log(2) - softplus(-v),
    conjugate=lambda t: -(2 - t.exp()).log(),
    on_fake=lambda v: softplus(v) - math.log(2),
    alone=math.log(2),
    empty=math.log(2),
)
"""With the f of Table 1 this is twice the usual Jensen-Shannon divergence; at most log 4."""

total_variation = Divergence(
    f=lambda u: 0.5 * (u - 1).abs(),
    activation=lambda v: 0.5 * v.tanh(),
    conjugate=lambda t: t,
    on_fake=lambda v: 0.5 * v.tanh(),
    alone=0.5,
    empty=0.5,
)
"""Half the integral of |p - q|. The conjugate holds for |t| <= 1/2."""


def variational_bound(divergence: Divergence, *, real: Tensor, fake: Tensor) -> Tensor:
    """The estimate of D_f from below by logits on samples of data and model (1606.00709, eq. 6)."""
    return divergence.activation(real).mean() - divergence.on_fake(fake).mean()


def variational(divergence: Divergence, *, saturating: bool = False) -> AdversarialLoss:
    """The value function of f-GAN: the discriminator raises the bound on the divergence (1606.00709, eq. 6).

    The generator raises E g(V(G(z))) instead of lowering the bound, which saturates early on (sec. 3.2);
    `saturating` has it lower the bound all the same.
    """

    def discriminator(*, real: Tensor, fake: Tensor) -> Tensor:
        return -variational_bound(divergence, real=real, fake=fake)

    def generator(*, real: Tensor, fake: Tensor) -> Tensor:
        return -(divergence.on_fake(fake) if saturating else divergence.activation(fake)).mean()

    return AdversarialLoss(discriminator, generator, undecided=divergence.undecided)


def exact(divergence: Divergence, p: Tensor, q: Tensor) -> Tensor:
    """D_f(P|Q) of two distributions by their probabilities on the same cells (1606.00709, eq. 2)."""
    both = (p > 0) & (q > 0)  # at 0 some f have no slope
    value = torch.sum(q[both] * divergence.f(p[both] / q[both]))
    for weight, mass in ((divergence.alone, p[q == 0].sum()), (divergence.empty, q[p == 0].sum())):
        value = value + weight * mass if mass > 0 else value  # inf * 0 is no number
    return value
