"""What a discriminator may know of a sample's neighbours in the batch."""

import torch
from torch import Tensor, nn


class MinibatchStd(nn.Module):
    """Appends the mean standard deviation within a group of samples as one channel (1710.10196, sec. 3).

    (n, C, ...) -> (n, C + 1, ...). Groups are consecutive samples, so that several processes with a part of
    the batch each form the same groups as one with the whole. A batch that `group` does not divide uses the
    next smaller size.
    """

    def __init__(self, group: int = 4) -> None:
        super().__init__()
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        n = len(x)
        group = next(size for size in range(min(self.group, n), 0, -1) if n % size == 0)
        variance = x.unflatten(0, (-1, group)).var(1, correction=0)  # (n / group, C, ...)
        std = (variance + 1e-8).sqrt().flatten(1).mean(1).repeat_interleave(group, output_size=n)
        channel = std.view(n, *[1] * (x.dim() - 1)).expand(n, 1, *x.shape[2:])
        return torch.cat([x, channel.to(x.dtype)], 1)
