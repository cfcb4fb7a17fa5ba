"""A discriminator whose hidden layer is looked at."""

from torch import Tensor, nn
from torch.nn.functional import layer_norm

from rivals.networks.mlp import ACTIVATIONS

RECTIFIERS = (nn.LeakyReLU, nn.ReLU, nn.Tanh, nn.ELU)
assert len(RECTIFIERS) == len(ACTIVATIONS)


class Tapped(nn.Module):
    """Samples (n, ...) to a hidden layer's output (n, features) and logits (n,).

    What is looked at has mean 0 and variance 1 in each sample: a layer that shrinks would make all samples alike.
    `layers` are those of a discriminator in a row; the tap is behind the `hidden`-th activation, the last for 0.
    Raises ValueError if there is no such.
    """

    def __init__(self, layers: nn.Sequential, hidden: int) -> None:
        super().__init__()
        places = [place for place, layer in enumerate(layers, 1) if isinstance(layer, RECTIFIERS)]
        if not 0 <= hidden <= len(places):
            raise ValueError(f"this discriminator has hidden layers 1 to {len(places)}; found {hidden}")
        place = places[hidden - 1]
        self.before, self.after = layers[:place], layers[place:]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.before(x)
        seen = hidden.flatten(1)
        return layer_norm(seen, seen.shape[1:]), self.after(hidden).flatten()
