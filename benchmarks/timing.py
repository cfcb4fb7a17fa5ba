"""How long a piece of work takes."""

import time
from collections.abc import Callable

import torch


def seconds_of(work: Callable[[], object], device: str = "cpu") -> float:
    """Of the processor on one thread, so that what else runs on the machine counts less; otherwise of the clock.

    On a GPU until it has done all that it was asked for.
    """
    if device != "cpu":
        torch.cuda.synchronize(device)
    clock = time.process_time if device == "cpu" and torch.get_num_threads() == 1 else time.perf_counter
    begun = clock()
    work()
    if device != "cpu":
        torch.cuda.synchronize(device)
    return clock() - begun
