"""The nearest training pictures to a generated one: has the generator learned, or learned by heart?"""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from rivals.feed import Source

ROOM = 1 << 24  # numbers of one block of differences, 64 MB


def nearest(samples: Tensor, batches_of_real: Iterable[Tensor], k: int = 1) -> tuple[Tensor, Tensor]:
    """The `k` training samples nearest to each of `samples` (n, ...), and how far they are.

    `batches_of_real` gives (b, ...) in the order of the data, of any b; only the k best are kept, so memory
    does not grow with the data. Returns indices (n, k) int64 and distances (n, k), nearest first: the root of the
    mean squared difference (of [-1, 1] pictures, 2 is white against black). Fewer than k real samples give fewer
    columns.

    Raises ValueError when the two differ in shape, or there is no sample of one kind.
    """
    if not len(samples):
        raise ValueError("there is no sample to compare")
    flat = samples.flatten(1).float()
    best = flat.new_empty(len(flat), 0)
    index = torch.empty(len(flat), 0, dtype=torch.int64, device=flat.device)
    seen = 0
    for batch in batches_of_real:
        if batch.shape[1:] != samples.shape[1:]:
            raise ValueError(f"samples are {tuple(samples.shape[1:])} and real ones {tuple(batch.shape[1:])}")
        distances = mean_squares(flat, batch.to(flat.device).flatten(1).float())
        order = torch.arange(seen, seen + len(batch), device=flat.device).expand(len(flat), -1)
        joined, indices = torch.cat([best, distances], 1), torch.cat([index, order], 1)
        best, place = joined.topk(min(k, joined.shape[1]), dim=1, largest=False, sorted=True)
        index = indices.gather(1, place)
        seen += len(batch)
    if not seen:
        raise ValueError("there is no real sample to compare with")
    return index, best.sqrt()


def mean_squares(a: Tensor, b: Tensor) -> Tensor:
    """Mean squared differences (n, m) of the rows of `a` (n, d) and `b` (m, d), block by block.

    Taken from the differences themselves: |a|^2 + |b|^2 - 2ab loses the digits that tell a copy.
    """
    rows = max(1, ROOM // max(1, a.shape[1]))
    blocks = [torch.stack([(row - block).square().mean(1) for row in a]) for block in b.split(rows)]
    return torch.cat(blocks, 1)


def in_order(source: Source, field: str = "image", batch: int = 512) -> Iterator[Tensor]:
    """The samples of a source from first to last in batches, for `nearest`, none of them flipped."""
    for start in range(0, len(source), batch):
        index = torch.arange(start, min(start + batch, len(source)))
        yield source.batch(index, torch.zeros_like(index))[field]
