"""Networks at work rather than at school: in evaluation mode, which leaves their batch statistics alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def applied(network: nn.Module, *inputs: Tensor, share: int = 256, by: Callable[..., Tensor] | None = None) -> Tensor:
    """The network's output, or what it gives `by` another call, without gradients, a share of the batch at a time.

    In evaluation mode.
    """
    with torch.no_grad(), evaluating(network):
        parts = zip(*(each.split(share) for each in inputs), strict=True)
        return torch.cat([(by or network)(*part) for part in parts])


def differentiable(network: nn.Module, codes: Tensor) -> Tensor:
    """The network's output in evaluation mode, with gradients in the codes."""
    with evaluating(network):
        return network(codes)


@contextmanager
def evaluating(network: nn.Module) -> Iterator[nn.Module]:
    """The network in evaluation mode: it leaves its batch statistics alone."""
    training = network.training
    network.eval()
    try:
        yield network
    finally:
        network.train(training)
