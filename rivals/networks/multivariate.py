"""A Gaussian in many dimensions whose mean and whole covariance are learned."""

import math

import torch
from torch import Tensor, nn

MOST = 4096


class MultivariateGaussian(nn.Module):
    """Samples (n, *shape) to their log densities in nats (n,) under N(mean, (A^T A)^-1), A lower triangular.

    In A and A mean, which are what is learned, the log density is concave: descent finds the maximum likelihood.
    `sd` is the standard deviation that it begins with, `mean` the mean. Raises ValueError for more than 4096
    dimensions.
    """

    def __init__(self, shape: tuple[int, ...], mean: float = 0.0, sd: float = 1.0) -> None:
        super().__init__()
        self.shape, self.size = tuple(shape), math.prod(shape)
        size = self.size
        if size > MOST:
            raise ValueError(f"a covariance of {size} numbers is too large, {MOST} are possible; use a smaller --size")
        self.below = nn.Parameter(torch.zeros(size, size))
        self.log_diagonal = nn.Parameter(torch.full((size,), -math.log(sd)))
        self.whitened_mean = nn.Parameter(torch.full((size,), mean / sd))

    @property
    def whitening(self) -> Tensor:
        """A (d, d): what makes samples white."""
        return self.below.tril(-1) + self.log_diagonal.exp().diag()

    def forward(self, x: Tensor) -> Tensor:
        z = self.encode(x)
        return self.log_diagonal.sum() - 0.5 * z.square().sum(1) - 0.5 * z.shape[1] * math.log(2 * math.pi)

    def encode(self, x: Tensor) -> Tensor:
        """Samples (n, *shape) to codes (n, d), standard normal if the samples are of this Gaussian."""
        return x.flatten(1) @ self.whitening.T - self.whitened_mean

    def generate(self, z: Tensor) -> Tensor:
        """Codes (n, d) to samples (n, *shape)."""
        x = torch.linalg.solve_triangular(self.whitening, (z + self.whitened_mean).T, upper=False).T
        return x.unflatten(1, self.shape)
