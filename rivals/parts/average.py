"""The average of a network over its recent past, for samples and scores."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import _SpectralNorm
from torch.nn.utils.parametrize import ParametrizationList


class MovingAverage:
    """An exponential moving average of a network's weights and floating-point buffers, kept in `.network`.

    A weight's influence halves every `half_life` steps. Early on the half-life is at most `warmup` times the
    steps so far (Karras et al. 2020, 2006.06676, training configurations), so that the first weights are soon
    forgotten. The singular vectors of spectral normalisation are not averaged, which would make them no such vectors:
    they follow the averaged weights. `.network` is in evaluation mode and needs no gradient.

    Raises ValueError if the half-life or the warm-up is not above zero.
    """

    def __init__(self, network: nn.Module, half_life: float = 1000.0, warmup: float = 0.05) -> None:
        if half_life <= 0 or warmup <= 0:
            raise ValueError(f"half_life and warmup must be above zero, got {half_life} and {warmup}")
        self.source, self.network = network, deepcopy(network).requires_grad_(False).eval()
        self.half_life, self.warmup, self.steps = half_life, warmup, 0
        self._averaged, self._current = _places(self.network), _places(self.source)
        self._norms = _spectral_norms(self.network)

    @torch.no_grad()
    def update(self) -> None:
        """Moves the average towards the network as it stands."""
        self.steps += 1
        weight = 1 - 0.5 ** (1 / min(self.half_life, self.warmup * self.steps))
        averaged = [held[name] for held, name in self._averaged]
        current = [held[name] for held, name in self._current]
        floating = [i for i, tensor in enumerate(averaged) if tensor.is_floating_point()]
        torch._foreach_lerp_([averaged[i] for i in floating], [current[i] for i in floating], weight)
        for mine, theirs in zip(averaged, current, strict=True):
            if not mine.is_floating_point():
                mine.copy_(theirs)
        for norm, weight in self._norms:
            norm.train()(weight)  # a power iteration
            norm.eval()

    def state_dict(self) -> dict[str, Any]:
        return {"network": self.network.state_dict(), "steps": self.steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.steps = int(state["steps"])


def _places(network: nn.Module) -> list[tuple[dict[str, Any], str]]:
    """Where a network keeps each of its tensors: found once, for a walk of all modules a step is slow."""
    modules = [module for module in network.modules() if not isinstance(module, _SpectralNorm)]
    held = [each for module in modules for each in (module._parameters, module._buffers)]
    places = {id(tensor): (each, name) for each in held for name, tensor in each.items() if tensor is not None}
    return list(places.values())


def _spectral_norms(network: nn.Module) -> list[tuple[nn.Module, Tensor]]:
    """Each spectral normalisation in a network, and the weight that it divides."""
    parametrised = [module for module in network.modules() if isinstance(module, ParametrizationList)]
    return [(norm, held.original) for held in parametrised for norm in held if isinstance(norm, _SpectralNorm)]
