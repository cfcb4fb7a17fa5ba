"""Several generators that act as one."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn


class Ensemble(nn.Module):
    """A mixture of generators with equal shares (Ghosh et al. 2018, 1704.02906; Hoang et al. 2018, 1708.02556).

    Sample i of a batch comes from member i mod k, so that parts of a batch on several processes are the same
    mixture.

    Raises ValueError if there is no generator.
    """

    def __init__(self, generators: Iterable[nn.Module]) -> None:
        super().__init__()
        self.generators = nn.ModuleList(generators)
        if not len(self.generators):
            raise ValueError("an ensemble needs at least one generator, got none")

    def forward(self, z: Tensor) -> Tensor:
        k, n = len(self.generators), len(z)
        samples = torch.cat([generator(z[i::k]) for i, generator in enumerate(self.generators) if i < n])
        place = torch.cat([torch.arange(i, n, k, device=z.device) for i in range(min(k, n))])
        return samples[place.argsort()]
