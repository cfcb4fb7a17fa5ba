"""Encoders and decoders around bodies of any kind, for auto-encoders with and without noise in the code."""

import torch
from torch import Tensor, nn


def drawn(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    """Codes z = m + exp(s/2) e of (n, latent) and standard normal noise (n, k, latent) (1312.6114, eq. 9)."""
    return mean[:, None] + (0.5 * log_variance).exp()[:, None] * noise


class Brightness(nn.Module):
    """Pictures in [-1, 1] to [0, 1]: black, which is most of a digit, drives no unit into saturation."""

    def forward(self, x: Tensor) -> Tensor:
        return 0.5 * (x + 1)


class PlainCoder(nn.Module):
    """Samples (n, ...) to their codes (n, latent) and what comes back of them."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        code = self.encoder(x)
        return code, self.decoder(code)


class GaussianEncoder(nn.Module):
    """Samples (n, ...) to the normal of their codes, and codes drawn from it (1312.6114, app. C.2).

    `body` gives (n, 2 * latent).
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def moments(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The mean and the log variance of the code, (n, latent) each."""
        mean, log_variance = self.body(x).chunk(2, 1)
        return mean, log_variance

    def forward(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Mean, log variance, and k codes (n, k, latent) a sample, of standard normal noise of their shape."""
        mean, log_variance = self.moments(x)
        return mean, log_variance, drawn(mean, log_variance, noise)


class Decoder(nn.Module):
    """Codes (..., latent) to what a likelihood takes: `body`'s output (..., *shape), with a log variance () if given.

    One log variance for all that a sample holds, learned or fixed.
    """

    def __init__(self, body: nn.Module, log_variance: float | None = None, learned: bool = False) -> None:
        super().__init__()
        self.body = body
        self.log_variance: Tensor | None
        if log_variance is None:
            self.log_variance = None
        elif learned:
            self.log_variance = nn.Parameter(torch.tensor(log_variance))
        else:
            self.register_buffer("log_variance", torch.tensor(log_variance))

    def forward(self, code: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        x = self.body(code.flatten(0, -2)).unflatten(0, code.shape[:-1])
        return x if self.log_variance is None else (x, self.log_variance)


class GaussianCoder(nn.Module):
    """Samples (n, ...) and noise (n, k, latent) to mean, log variance, codes (n, k, latent) and what is decoded."""

    def __init__(self, encoder: GaussianEncoder, decoder: Decoder) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor | tuple[Tensor, Tensor]]:
        mean, log_variance, code = self.encoder(x, noise)
        return mean, log_variance, code, self.decoder(code)
