"""A discriminator that tells codes in place of logits."""

from copy import deepcopy

from torch import Tensor, nn

from rivals.networks.ensemble import Ensemble
from rivals.networks.inside import weighted, with_outputs
from rivals.networks.minibatch import MinibatchStd
from rivals.networks.packing import Packed
from rivals.networks.view import Seen


class Encoder(nn.Module):
    """Samples (n, *shape) to codes (n, latent): a discriminator copied with another last layer (1609.03552, sec. 3.1).

    It keeps what the discriminator has learned to see, but for the view that it sees through. Raises ValueError for a
    discriminator that `can_encode` turns down.
    """

    def __init__(self, discriminator: nn.Module, latent: int) -> None:
        super().__init__()
        if not can_encode(discriminator):
            raise ValueError(f"{type(discriminator).__name__} judges no sample by a last layer of one output")
        self.network = deepcopy(bare(discriminator)).requires_grad_(True)
        last = weighted(self.network)[-1]
        home, name = next(
            (part, name) for part in self.network.modules() for name, layer in part.named_children() if layer is last
        )
        setattr(home, name, with_outputs(last, latent))

    def forward(self, x: Tensor) -> Tensor:
        return self.network(x).reshape(len(x), -1)


def bare(discriminator: nn.Module) -> nn.Module:
    """The discriminator without the view that it sees its samples through."""
    return discriminator.discriminator if isinstance(discriminator, Seen) else discriminator


def can_encode(discriminator: nn.Module) -> bool:
    """Whether a discriminator judges each sample by itself, by a last layer of one output."""
    network = bare(discriminator)
    compares = any(isinstance(part, MinibatchStd | Packed | Ensemble) for part in network.modules())
    layers = weighted(network)
    return bool(layers) and not compares and len(layers[-1].weight) == 1
