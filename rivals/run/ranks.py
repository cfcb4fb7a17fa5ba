"""Several processes as one: started by `torchrun`, on plain torch.distributed."""

import os
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist


@dataclass(frozen=True)
class Ranks:
    """Which of how many processes this is."""

    rank: int = 0
    world: int = 1

    @property
    def first(self) -> bool:
        """Whether this process writes and speaks for all."""
        return self.rank == 0

    def greatest(self, number: int) -> int:
        """The greatest number that any process has; every process must ask."""
        if self.world == 1:
            return number
        numbers = torch.tensor(number)
        dist.all_reduce(numbers, dist.ReduceOp.MAX)
        return int(numbers)

    def first_of(self, found: Any) -> Any:
        """What the first process has that has anything but None; every process must ask."""
        if self.world == 1:
            return found
        each = [None] * self.world
        dist.all_gather_object(each, found)
        return next(one for one in each if one is not None)

    def wait(self) -> None:
        """Until every process is here."""
        if self.world > 1:
            dist.barrier()


def start_ranks(device: str) -> Ranks:
    """Joins the processes that `torchrun` started, if it did; a single process otherwise."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        return Ranks()
    if not dist.is_initialized():
        dist.init_process_group("cpu:gloo,cuda:nccl" if device.startswith("cuda") else "gloo")
    return Ranks(dist.get_rank(), world)
