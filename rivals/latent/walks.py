"""Walks through a latent space: codes (n, latent) to hand to a generator."""

import torch
from torch import Tensor


def random(n: int, latent: int, seed: int) -> Tensor:
    """`n` standard Gaussian codes, a function of the seed alone."""
    return torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))


def lerp(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """`steps` codes on the straight line from `a` (latent,) to `b`, both ends included."""
    t = torch.linspace(0, 1, steps, dtype=a.dtype, device=a.device)[:, None]
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """`steps` codes on the great circle from `a` (latent,) to `b` (Shoemake 1985), both ends included.

    sin((1 - t) w) / sin w * a + sin(t w) / sin w * b for unit vectors, with w the angle between them; the norm
    goes evenly from |a| to |b|, so codes of equal norm keep it. Where no circle is defined (parallel, opposite
    or zero codes) it is `lerp`.
    """
    norm_a, norm_b = a.norm(), b.norm()
    cosine = (a @ b / (norm_a * norm_b)).clamp(-1, 1)
    angle = torch.acos(cosine.double())
    if not torch.sin(angle) > 1e-4:  # also not a number
        return lerp(a, b, steps)
    t = torch.linspace(0, 1, steps, dtype=torch.float64, device=a.device)[:, None]
    u, v = (a / norm_a).double(), (b / norm_b).double()
    turn = (torch.sin((1 - t) * angle) * u + torch.sin(t * angle) * v) / torch.sin(angle)
    return (turn * ((1 - t) * norm_a + t * norm_b)).to(a.dtype)


def sweep(code: Tensor, dimension: int, low: float, high: float, steps: int) -> Tensor:
    """`code` (latent,) with one dimension taken evenly from `low` to `high`."""
    check_dimension(dimension, len(code))
    codes = code.repeat(steps, 1)
    codes[:, dimension] = torch.linspace(low, high, steps, dtype=code.dtype, device=code.device)
    return codes


def constant(value: float, latent: int) -> Tensor:
    """One code with the same value everywhere, (1, latent)."""
    return torch.full((1, latent), float(value))


def spike(latent: int, dimension: int, value: float = 50.0) -> Tensor:
    """One code of zeros but for `value` in one dimension, (1, latent): far outside what training has seen."""
    check_dimension(dimension, latent)
    code = torch.zeros(1, latent)
    code[0, dimension] = value
    return code


def check_dimension(dimension: int, latent: int) -> None:
    if not 0 <= dimension < latent:
        raise ValueError(f"the code has dimensions 0 to {latent - 1}; found {dimension}")
