"""A mapping network before a generator (Karras et al. 2019, 1812.04948, sec. 2)."""

from torch import Tensor, nn

from rivals.networks.infogan import initialise
from rivals.networks.mlp import NORMS, Norm

UNITS = 256
"""What a dense layer of the mapping gives, and what the generator behind it takes for its code."""


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
            layers += [nn.Linear(inputs, UNITS, bias=norm == "none"), NORMS[norm](UNITS), nn.ReLU()]
        self.mapping, self.body = nn.Sequential(*layers[:-1]), body
        initialise(self.mapping, plain=norm == "none")

    def forward(self, z: Tensor, *condition: Tensor) -> Tensor:
        return self.body(self.mapping(z), *condition)
