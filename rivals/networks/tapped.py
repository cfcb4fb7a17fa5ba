"""A discriminator whose hidden layer is looked at."""

from torch import Tensor, nn

RECTIFIERS = (nn.LeakyReLU, nn.ReLU, nn.Tanh, nn.ELU)


class Tapped(nn.Module):
    """Samples (n, ...) to a hidden layer's output (n, features) and logits (n,).

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
        return hidden.flatten(1), self.after(hidden).flatten()
