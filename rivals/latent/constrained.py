"""Editing under constraints: the nearest plausible code whose picture does what is wished, carried to the original.

z* = argmin U(G(z)) + l1 |z - z0|^2 - l2 D(G(z)) (Zhu et al. 2016, 1609.03552, eq. 5).
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from rivals.latent.descent import Descent, lowered
from rivals.latent.invert import Generator

STEEP = 1.0
"""The edge that a drawn line stands for: half of the way from black to white over two pixels."""
Wish = Callable[[Tensor], Tensor]
"""U: pictures (n, C, H, W) -> how far each is from what is wished (n,)."""


def constrained(
    generator: Generator,
    start: Tensor,
    wish: Wish,
    descent: Descent,
    *,
    closeness: float,  # l1
    judge: Callable[[Tensor], Tensor] | None = None,
    realism: float = 0.0,  # l2
) -> Tensor:
    """z* (n, latent) from the codes z0 of the pictures; `judge` is D, pictures -> scores (n,), high on real ones."""

    def objective(codes: Tensor) -> Tensor:
        made = generator(codes)
        value = wish(made) + closeness * (codes - start).square().sum(1)
        return value if judge is None else value - realism * judge(made)

    return lowered(objective, start, descent)[0]


def coloured(colour: Tensor, where: Tensor) -> Wish:
    """Brush strokes: `colour` (C, H, W) wanted where `where` (1, H, W) is above 0, by its weight. Mean over pixels."""
    weight = where / (where.sum() * len(colour)).clamp(min=1e-6)
    return lambda made: ((made - colour).square() * weight).flatten(1).sum(1)


def shaped(lines: Tensor, where: Tensor) -> Wish:
    """A shape: edges along `lines` (1, H, W), drawn 0 to 1, and none beside them where `where` (1, H, W) is above 0.

    Differs from the paper, which compares histograms of gradients in cells: ours compares their lengths, blurred.
    """
    wanted = STEEP * F.avg_pool2d(lines[None], 3, 1, 1, count_include_pad=False)
    weight = where / where.sum().clamp(min=1e-6)
    return lambda made: ((edges(made) - wanted).square() * weight).flatten(1).sum(1)


def edges(pictures: Tensor) -> Tensor:
    """How steep the brightness of pictures (n, C, H, W) is, (n, 1, H, W), blurred over three pixels."""
    grey = F.pad(pictures[:, :3].mean(1, keepdim=True), (1, 1, 1, 1), mode="replicate")
    across, down = grey[..., 1:-1, 2:] - grey[..., 1:-1, :-2], grey[..., 2:, 1:-1] - grey[..., :-2, 1:-1]
    steep = (across.square() + down.square() + 1e-6).sqrt()
    return F.avg_pool2d(steep, 3, 1, 1, count_include_pad=False)


def standardised(judge: Callable[[Tensor], Tensor], own: Tensor) -> Callable[[Tensor], Tensor]:
    """The judge's scores in standard deviations of those of the generator's own samples `own` (n, C, H, W), at most 0.

    Differs from the paper, which takes log(1 - D): this has one scale for probabilities and for critics, and what
    looks as real as the generator's mean gains nothing by looking more so.
    """
    with torch.no_grad():
        scores = judge(own)
    mean, spread = scores.mean(), scores.std().clamp(min=1e-6)
    return lambda made: ((judge(made) - mean) / spread).clamp(max=0)


def softened(where: Tensor, margin: int) -> Tensor:
    """1 wherever `where` (1, H, W) is above 0, falling to exactly 0 within `margin` pixels around; sharp below 2."""
    if margin < 2:
        return (where > 0).to(where.dtype)
    reach = margin // 2
    grown = F.max_pool2d((where > 0).to(where.dtype)[None], 2 * reach + 1, 1, reach)
    return F.avg_pool2d(grown, 2 * reach + 1, 1, reach, count_include_pad=False)[0]


def carried(original: Tensor, before: Tensor, after: Tensor, soft: Tensor | float = 1.0) -> Tensor:
    """The edit on the original itself: the difference G(z*) - G(z0) added where `soft` lets it; elsewhere untouched.

    Differs from the paper, which warps the original by the flow of a whole interpolation: what the generator cannot
    make stays in the picture all the same, and sharp edges that move may leave a shadow.
    """
    return (original + soft * (after - before)).clamp(-1, 1)


def filled(original: Tensor, made: Tensor, soft: Tensor) -> Tensor:
    """The original with what was made laid over it where `soft` (1, H, W) is 1, blended around it.

    Differs from 1607.07539, sec. 3.4, which blends gradients (Poisson).
    """
    return original * (1 - soft) + made * soft
