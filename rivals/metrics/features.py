"""Features (n, d) as scores take them: checked, on whatever device they are, compared block by block."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

ROOM = 1 << 24  # numbers of one block of distances, 64 MB of float32

Features = np.ndarray | Tensor
"""(n, d): a row a sample."""


def both(
    real: Features, fake: Features, *, fewest: int = 2, names: tuple[str, str] = ("real", "fake")
) -> tuple[Tensor, Tensor]:
    """The two sets as float tensors; half precision becomes float32, float64 stays.

    Raises ValueError, with their names, unless they are (n, d) and (m, d) with `fewest` finite rows or more.
    """
    r, g = (as_tensor(rows, name, fewest) for rows, name in zip((real, fake), names, strict=True))
    if r.shape[1] != g.shape[1]:
        raise ValueError(f"features must be of one width: {names[0]} has {r.shape[1]}, {names[1]} {g.shape[1]}")
    kind = torch.promote_types(r.dtype, g.dtype)
    return r.to(kind), g.to(kind)


def as_tensor(rows: Features, name: str, fewest: int = 1) -> Tensor:
    """Features (n, d) as a float tensor. Raises ValueError, with the name, for what cannot be scored."""
    x = rows.detach() if isinstance(rows, Tensor) else torch.from_numpy(np.require(rows, requirements=["C", "W"]))
    if x.ndim != 2 or not x.shape[1]:
        raise ValueError(f"{name}: features must be (n, d), found {tuple(x.shape)}; flatten or pool them first")
    if len(x) < fewest:
        raise ValueError(f"{name}: {len(x)} samples are too few; this score needs {fewest} or more")
    x = x if x.dtype == torch.float64 else x.float()
    if not x.isfinite().all():
        raise ValueError(f"{name}: features must be finite, and some are nan or infinite")
    return x


def centred(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Both without the mean of `a`: distances stay, and lose fewer digits in `squares`."""
    mean = a.mean(0)
    return a - mean, b - mean


def squares(a: Tensor, b: Tensor) -> Tensor:
    """Squared distances (n, m) of the rows of `a` (n, d) and `b` (m, d); 0 where rounding could be all there is."""
    norms = a.square().sum(1)[:, None] + b.square().sum(1)
    found = torch.addmm(norms, a, b.T, alpha=-2)
    return found.where(found > 4 * torch.finfo(found.dtype).eps * norms, 0)


def blocks(rows: Tensor, against: Tensor) -> Iterator[slice]:
    """Slices of `rows` whose distances to all of `against` fit into a block."""
    size = max(1, ROOM // len(against))
    return (slice(start, start + size) for start in range(0, len(rows), size))
