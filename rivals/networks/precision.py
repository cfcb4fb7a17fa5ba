"""The precision that a network computes in, which no game needs to know of."""

from types import MethodType
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)


def autocast(network: Network, dtype: torch.dtype = torch.bfloat16) -> Network:
    """Runs the network's forward pass in `dtype` where that is safe, and returns float32. In place.

    Weights, gradients, optimiser and the names in `state_dict` stay as they are; float32 changes nothing.
    Only `forward` is covered, not other methods such as an auto-encoder's `encode`.
    """
    if dtype == torch.float32:
        return network

    def forward(self: nn.Module, *inputs: Any, **named: Any) -> Any:
        device = next(x.device for x in (*inputs, *named.values()) if isinstance(x, Tensor))
        # Without the cache of cast weights: a weight cast while frozen would be reused without its gradient.
        with torch.autocast(device.type, dtype, cache_enabled=False):
            return _float32(type(self).forward(self, *inputs, **named))

    # `deepcopy` copies a bound method with its network, so that an average of it runs its own weights.
    network.forward = MethodType(forward, network)
    return network


def _float32(output: Any) -> Any:
    if isinstance(output, tuple):
        return tuple(_float32(part) for part in output)
    return output.float() if isinstance(output, Tensor) and output.is_floating_point() else output
