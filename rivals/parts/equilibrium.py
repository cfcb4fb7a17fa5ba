"""The balance between two auto-encoded errors that BEGAN keeps."""

import torch
from torch import Tensor, nn

from rivals.play import average_over_ranks


class Equilibrium(nn.Module):
    """BEGAN's proportional control (Berthelot et al. 2017, 1703.10717, sec. 3.3-3.4): `k` weighs the fakes' error.

    `balance` is the wanted ratio of the fakes' error to the reals' (gamma: low for sharp, high for varied),
    `rate` the speed of `k` (lambda_k).

    Raises ValueError if the balance lies outside [0, 1].
    """

    def __init__(self, balance: float = 0.5, rate: float = 0.001) -> None:
        super().__init__()
        if not 0 <= balance <= 1:
            raise ValueError(f"the balance must lie in [0, 1], got {balance}")
        self.balance, self.rate = balance, rate
        self.k: Tensor
        self.register_buffer("k", torch.zeros(()))

    @torch.no_grad()
    def update(self, *, real: Tensor, fake: Tensor) -> Tensor:
        """Moves `k` by the mean errors of a batch, over all processes; returns the global measure M of convergence."""
        real_error = average_over_ranks(real.float().mean())
        gap = self.balance * real_error - average_over_ranks(fake.float().mean())
        self.k.add_(self.rate * gap).clamp_(0, 1)
        return real_error + gap.abs()
