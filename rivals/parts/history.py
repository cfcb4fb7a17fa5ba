"""What the players remember of each other: past fakes, past opponents."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn


class FakeHistory:
    """A pool of past fakes, half of what the discriminator sees (Shrivastava et al. 2017, 1612.07828, sec. 2.3).

    CycleGAN (1703.10593, sec. 4) keeps 50. Lives on the device of the fakes it is given.

    Raises ValueError if the size is negative; 0 keeps nothing.
    """

    def __init__(self, size: int = 50) -> None:
        if size < 0:
            raise ValueError(f"the size of a history must be 0 or more, got {size}")
        self.size, self.count, self.pool = size, 0, torch.empty(0)

    @torch.no_grad()
    def swap(self, fake: Tensor) -> Tensor:
        """A batch (n, ...) to show instead: each fake, or by a coin flip a past one whose place it takes.

        While the pool fills, fakes are remembered and returned as they are. A past fake is given at most
        once.
        """
        if not self.size:
            return fake.detach()
        if not self.count:
            self.pool = fake.new_zeros(self.size, *fake.shape[1:])
        self.pool = self.pool.to(fake.device)
        new = min(len(fake), self.size - self.count)
        self.pool[self.count : self.count + new] = fake[:new]
        meeting = fake[new : new + self.size]
        places = torch.randperm(self.size, device=fake.device)[: len(meeting)]
        coin = (torch.rand(len(meeting), device=fake.device) < 0.5).view(-1, *[1] * (fake.dim() - 1))
        past = self.pool[places]
        self.pool[places] = torch.where(coin, meeting, past)
        shown = torch.cat([fake[:new], torch.where(coin, past, meeting), fake[new + self.size :]])
        self.count += new
        return shown

    def state_dict(self) -> dict[str, Any]:
        return {"pool": self.pool, "count": self.count}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.pool, self.count = state["pool"].clone(), int(state["count"])


class PastPlayers:
    """Frozen copies of a network as it was: the last `keep`, one taken every `every` calls of `update`.

    Iterate over it to play against the past as fictitious play does (Salimans et al. 2016, 1606.03498, sec.
    3.3, gives the idea for parameters); before the first copy it is empty. All copies are allocated at the
    start.

    Raises ValueError if `keep` or `every` is below 1.
    """

    def __init__(self, network: nn.Module, keep: int = 3, every: int = 1000) -> None:
        if keep < 1 or every < 1:
            raise ValueError(f"keep and every must be at least 1, got {keep} and {every}")
        self.source, self.every, self.steps = network, every, 0
        self.copies = [deepcopy(network).requires_grad_(False).eval() for _ in range(keep)]

    def __iter__(self) -> Iterator[nn.Module]:
        return iter(self.copies[: len(self)])

    def __len__(self) -> int:
        return min(self.steps // self.every, len(self.copies))

    def update(self) -> None:
        """Counts a step of the network, and remembers it now and then in place of the oldest copy."""
        self.steps += 1
        if self.steps % self.every == 0:
            taken = self.steps // self.every - 1
            self.copies[taken % len(self.copies)].load_state_dict(self.source.state_dict())

    def state_dict(self) -> dict[str, Any]:
        return {"steps": self.steps} | {f"copy{i}": copy.state_dict() for i, copy in enumerate(self.copies)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.steps = int(state["steps"])
        for i, copy in enumerate(self.copies):
            copy.load_state_dict(state[f"copy{i}"])
