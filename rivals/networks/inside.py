"""What stands inside a network: its layers with weights, and what enters them."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

Weighted = nn.Linear | nn.Conv2d | nn.ConvTranspose2d


def weighted(network: nn.Module) -> list[Weighted]:
    """The linear layers and convolutions of a network, in the order in which it was given them."""
    return [layer for layer in network.modules() if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d)]


def entering(network: Callable[..., Any], layer: nn.Module, *inputs: Any) -> Tensor:
    """What `layer`, somewhere inside `network`, is handed while that sees `inputs`, with its gradients."""
    kept: list[Tensor] = []

    def keep(layer: nn.Module, given: tuple[Any, ...]) -> None:
        kept.append(given[0])

    handle = layer.register_forward_pre_hook(keep)
    try:
        network(*inputs)
    finally:
        handle.remove()
    return kept[0]


def matrix(layer: Weighted) -> Tensor:
    """The weight of a layer that sees a code (n, latent), or (n, latent, 1, 1), as a matrix (outputs, latent)."""
    weight = layer.weight.detach()
    return weight.flatten(1).T if isinstance(layer, nn.ConvTranspose2d) else weight.flatten(1)


def with_outputs(layer: Weighted, outputs: int) -> Weighted:
    """A fresh layer like this one with so many outputs, drawn small so that what it gives begins near zero."""
    bias = layer.bias is not None
    if isinstance(layer, nn.Linear):
        fresh: Weighted = nn.Linear(layer.in_features, outputs, bias)
    elif isinstance(layer, nn.ConvTranspose2d):
        raise ValueError("a network that ends in a transposed convolution is no judge")
    else:
        size, stride, padding = layer.kernel_size, layer.stride, layer.padding
        fresh = nn.Conv2d(layer.in_channels, outputs, size, stride, padding, bias=bias)  # type: ignore[arg-type]
    nn.init.normal_(fresh.weight, std=0.3 / fresh.weight[0].numel() ** 0.5)
    if fresh.bias is not None:
        nn.init.zeros_(fresh.bias)
    return fresh.to(layer.weight)
