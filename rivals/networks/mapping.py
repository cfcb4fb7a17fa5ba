"""A mapping network before a generator (Karras et al. 2019, 1812.04948, sec. 2)."""

import torch.nn.functional as F
from torch import Tensor, nn

from rivals.networks.mlp import NORMS, Norm

UNITS = 256
"""What a dense layer of the mapping gives, and what the generator behind it takes for its code."""


class Equalised(nn.Linear):
    """Weights from N(0, 1), scaled as they are used (Karras et al. 2018, 1710.10196, sec. 4.1).

    Adam's steps are of one size, so that weights of this size change slowly.
    """

    def __init__(self, inputs: int, outputs: int, bias: bool) -> None:
        super().__init__(inputs, outputs, bias)
        self.scale = (2 / inputs) ** 0.5
        nn.init.normal_(self.weight)
        if bias:
            nn.init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight * self.scale, self.bias)


class Mapped(nn.Module):
    """Codes (n, latent) through `depth` dense layers to the body, which takes codes of 256 dimensions.

    Pictures come in kinds with nothing between them, and codes in one round cloud. A convolution from the code to 4x4
    is linear, so that a generator which begins with one has little room to cut the cloud: what lies near a cut comes
    out as half of each kind. Differs from the paper: normalised as the body is, the last layer not rectified (a mean
    that all codes share makes all samples alike at first), and no styles.
    """

    def __init__(self, body: nn.Module, latent: int, depth: int, norm: Norm = "batch") -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in (latent, *[UNITS] * (depth - 1)):
            layers += [Equalised(inputs, UNITS, bias=norm == "none"), NORMS[norm](UNITS), nn.ReLU()]
        self.mapping, self.body = nn.Sequential(*layers[:-1]), body

    def forward(self, z: Tensor, *condition: Tensor) -> Tensor:
        return self.body(self.mapping(z), *condition)
