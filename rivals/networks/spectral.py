"""Spectral normalisation of a whole network."""

from typing import TypeVar

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

Network = TypeVar("Network", bound=nn.Module)
WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.Embedding)


def spectral(network: Network) -> Network:
    """Divides the weights of linear, convolution and embedding layers by their largest singular values.

    1802.05957, Algorithm 1, in place. One power iteration a forward pass in training, none in evaluation. Build the
    optimiser afterwards.
    """
    for layer in list(network.modules()):
        if isinstance(layer, WEIGHTED):
            spectral_norm(layer)
    return network
