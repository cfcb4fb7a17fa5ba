"""A discriminator that judges several samples at once."""

from torch import Tensor, nn


class Packed(nn.Module):
    """PacGAN (Lin et al. 2018, 1712.04086): one logit for every `pack` consecutive samples, joined along channels.

    (n, C, ...) -> (n / pack,). The discriminator within is built for `pack * C` channels (or point
    dimensions).

    Raises ValueError if `pack` does not divide the batch.
    """

    def __init__(self, discriminator: nn.Module, pack: int = 2) -> None:
        super().__init__()
        if pack < 1:
            raise ValueError(f"pack must be at least 1, got {pack}")
        self.discriminator, self.pack = discriminator, pack

    def forward(self, x: Tensor) -> Tensor:
        if len(x) % self.pack:
            raise ValueError(f"a batch of {len(x)} cannot be cut into packs of {self.pack}; choose a multiple of it")
        return self.discriminator(x.unflatten(0, (-1, self.pack)).flatten(1, 2))
