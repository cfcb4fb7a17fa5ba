"""From pictures to features, which scores compare; two values go together only where the extractor's digest is one."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, avg_pool2d, conv2d, interpolate

AT_ONCE = 500
WIDTHS = (32, 64, 128)
"""Of the layers of the random network."""
LARGEST = 64
"""Side beyond which it sees pictures shrunk."""


@dataclass(frozen=True)
class Extractor:
    """A fixed function from pictures uint8 (n, H, W, C) to features float32 (n, d), and the digest of its weights."""

    name: str
    sha256: str
    features: Callable[[np.ndarray], np.ndarray]


def random_extractor(channels: int, seed: int = 0) -> Extractor:
    """The features of a random network; another seed gives another one, to check a ranking with."""
    network = RandomNetwork(channels, seed)
    weights = b"".join(filters.detach().numpy().tobytes() for filters in network.filters)
    digest = hashlib.sha256(weights).hexdigest()
    return Extractor("random convolutions", digest, lambda pictures: through(network, pictures))


class RandomNetwork(nn.Module):
    """Pictures (n, C, H, W) in [-1, 1] to (n, 736): what three layers of random filters answer on average.

    Random convolutions see edges and their layout, and favour no data set. A filter adds up to 0 over its inputs, and
    a picture's answers are brought to one scale, layer by layer: otherwise the brightness of the whole drowns the rest.
    """

    def __init__(self, channels: int, seed: int = 0) -> None:
        super().__init__()
        draw = np.random.default_rng(seed)
        sizes = zip((channels, *WIDTHS), WIDTHS, strict=False)
        filters = [_filters(draw.standard_normal((wide, inputs, 3, 3))) for inputs, wide in sizes]
        self.filters = nn.ParameterList(nn.Parameter(each, requires_grad=False) for each in filters)

    def forward(self, x: Tensor) -> Tensor:
        answers: list[Tensor] = []
        x = interpolate(x, (LARGEST, LARGEST), mode="area") if x.shape[-1] > LARGEST else x
        for filters in self.filters:
            x = conv2d(x, filters, padding=1).relu()
            x = avg_pool2d(x / (x.square().mean((1, 2, 3), keepdim=True).sqrt() + 1e-2), 2)
            answers.append(x.mean((2, 3)))
        return torch.cat([*answers, adaptive_avg_pool2d(x, 2).flatten(1)], 1)


def through(network: Callable[[Tensor], Tensor], pictures: np.ndarray, device: str = "cpu") -> np.ndarray:
    """What a network makes of pictures uint8 (n, H, W, C), shown to it in [-1, 1], some at a time.

    Raises ValueError for pictures of another type or shape: floats have no scale that could be known.
    """
    pictures = np.asarray(pictures)
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or not pictures.size:
        raise ValueError(
            f"pictures must be uint8 (n, H, W, C), as run.arrays() gives them; found {pictures.dtype} {pictures.shape}"
        )
    parts: list[Tensor] = []
    with torch.inference_mode():
        for start in range(0, len(pictures), AT_ONCE):
            some = torch.from_numpy(np.array(pictures[start : start + AT_ONCE])).to(device)
            parts.append(network(some.permute(0, 3, 1, 2).float() / 127.5 - 1).cpu())
        return torch.cat(parts).numpy()


def _filters(drawn: np.ndarray) -> Tensor:
    """Filters (outputs, inputs, 3, 3) of mean 0 and length 1."""
    drawn = drawn - drawn.mean((1, 2, 3), keepdims=True)
    return torch.from_numpy((drawn / np.sqrt(np.square(drawn).sum((1, 2, 3), keepdims=True))).astype(np.float32))
