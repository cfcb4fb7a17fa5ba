"""A discriminator that sees its samples through something."""

from torch import Tensor, nn


class Seen(nn.Module):
    """Applies a view, such as augmentation or instance noise, to all that the discriminator judges, real and fake.

    In training only: in evaluation the discriminator sees the samples themselves.
    """

    def __init__(self, discriminator: nn.Module, view: nn.Module) -> None:
        super().__init__()
        self.discriminator, self.view = discriminator, view

    def forward(self, x: Tensor, *condition: Tensor) -> Tensor:
        return self.discriminator(self.view(x) if self.training else x, *condition)
