"""A discriminator held near its own past judgement, for little data."""

import torch
from torch import Tensor, nn

from rivals.play import average_over_ranks


class LeCam(nn.Module):
    """Moving averages of D(real) and D(fake), and the penalty for straying across (Tseng et al. 2021, 2104.03310).

    The averages start at 0; `decay` is the share of the past in each update.
    """

    def __init__(self, decay: float = 0.99) -> None:
        super().__init__()
        self.decay = decay
        self.real: Tensor
        self.fake: Tensor
        self.register_buffer("real", torch.zeros(()))
        self.register_buffer("fake", torch.zeros(()))

    def penalty(self, *, real: Tensor, fake: Tensor) -> Tensor:
        """Squared distance of real logits from the fakes' average, and of fake logits from the reals' (eq. 4)."""
        return (real - self.fake).square().mean() + (fake - self.real).square().mean()

    @torch.no_grad()
    def update(self, *, real: Tensor, fake: Tensor) -> None:
        """Moves the averages towards the mean logits of a batch, over all processes (eq. 5)."""
        self.real.lerp_(average_over_ranks(real.float().mean()), 1 - self.decay)
        self.fake.lerp_(average_over_ranks(fake.float().mean()), 1 - self.decay)
