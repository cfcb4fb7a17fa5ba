"""Inception V3 as the published Fréchet distances use it (1706.08500), on the weights of torch-fidelity's own file.

The network is that of TensorFlow's archive of 2015-12-05: its average pools leave the border out, and its last block
pools by the maximum (Szegedy et al. 2016, 1512.00567, for the blocks).
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, avg_pool2d, max_pool2d

from rivals.data.bad import DataError
from rivals.data.named import put, roots
from rivals.metrics.extractors import Extractor, through

FILE = "inception/weights-inception-2015-12-05-6726825d.pth"
DIGEST = "6726825d"
"""How the sha256 of the file begins."""
SIDE = 299

Kernel = int | tuple[int, int]


class Step(NamedTuple):
    """A convolution of a chain."""

    outputs: int
    kernel: Kernel
    stride: int = 1


Chain = list[Step | list[Step]]
"""Convolutions one after another; a list in it forks into several of the same input."""


def inception_extractor(device: str = "cpu") -> Extractor:
    """The 2048 features of Inception V3. Raises DataError, with the file and its place, where it is not here."""
    path = next((root / FILE for root in roots() if (root / FILE).is_file()), None)
    if path is None:
        raise DataError(f"--features inception needs torch-fidelity's weights: {put(FILE)}")
    network, digest = loaded(path)
    network.to(device)
    name = "inception v3 (tensorflow 2015-12-05), pool"
    return Extractor(name, digest, lambda pictures: through(network, pictures, device))


def loaded(path: Path) -> tuple["Inception", str]:
    """The network with the weights of a file, and the file's sha256. Raises DataError where it is another file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not digest.startswith(DIGEST):
        raise DataError(f"{path} is not torch-fidelity's file (sha256 {digest[:8]}…, not {DIGEST}…); get it again")
    network = Inception()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval(), digest


class Convolution(nn.Module):
    """A convolution that keeps the size where it does not stride, normalised, and what is above 0 of it."""

    def __init__(self, inputs: int, outputs: int, kernel: Kernel, stride: int = 1, *, pad: bool = True) -> None:
        super().__init__()
        sides = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        padding = (sides[0] // 2, sides[1] // 2) if pad and stride == 1 else (0, 0)
        self.conv = nn.Conv2d(inputs, outputs, sides, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.conv(x)).relu()


class Block(nn.Module):
    """Chains of convolutions side by side, their outputs joined; the last chain sees its input pooled."""

    def __init__(self, inputs: int, chains: Mapping[str, Chain], pool: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.pool = pool
        self.paths = [self._chain(inputs, name, chain) for name, chain in chains.items()]

    def forward(self, x: Tensor) -> Tensor:
        *plain, pooled = self.paths
        return torch.cat([*(self._walk(x, path) for path in plain), self._walk(self.pool(x), pooled)], 1)

    def _chain(self, inputs: int, name: str, chain: Chain) -> list[list[str]]:
        """Makes the convolutions of a chain, under the names of the weights' file, and returns those names."""
        names: list[list[str]] = []
        for place, part in enumerate(chain, 1):
            steps = part if isinstance(part, list) else [part]
            stem = name if len(chain) == 1 else f"{name}_{place}"
            names.append([stem + letter for letter in ("ab" if len(steps) > 1 else [""])])
            for each, step in zip(names[-1], steps, strict=True):
                self.add_module(each, Convolution(inputs, *step))
            inputs = steps[0].outputs
        return names

    def _walk(self, x: Tensor, path: list[list[str]]) -> Tensor:
        for names in path:
            x = torch.cat([self.get_submodule(name)(x) for name in names], 1)
        return x


def average(x: Tensor) -> Tensor:
    """Of each 3 x 3 pixels, the border left out."""
    return avg_pool2d(x, 3, 1, 1, count_include_pad=False)


def largest(x: Tensor) -> Tensor:
    """Of each 3 x 3 pixels."""
    return max_pool2d(x, 3, 1, 1)


def shrunk(x: Tensor) -> Tensor:
    """To half the side, by the largest of 3 x 3 pixels."""
    return max_pool2d(x, 3, 2)


ACROSS, DOWN = (1, 7), (7, 1)
BOTH: list[Step] = [Step(384, (1, 3)), Step(384, (3, 1))]


def block_a(inputs: int, pooled: int) -> Block:
    chains: dict[str, Chain] = {
        "branch1x1": [Step(64, 1)],
        "branch5x5": [Step(48, 1), Step(64, 5)],
        "branch3x3dbl": [Step(64, 1), Step(96, 3), Step(96, 3)],
        "branch_pool": [Step(pooled, 1)],
    }
    return Block(inputs, chains, average)


def block_b(inputs: int) -> Block:
    dbl: Chain = [Step(64, 1), Step(96, 3), Step(96, 3, 2)]
    return Block(inputs, {"branch3x3": [Step(384, 3, 2)], "branch3x3dbl": dbl, "branch_pool": []}, shrunk)


def block_c(inputs: int, inner: int) -> Block:
    chains: dict[str, Chain] = {
        "branch1x1": [Step(192, 1)],
        "branch7x7": [Step(inner, 1), Step(inner, ACROSS), Step(192, DOWN)],
        "branch7x7dbl": [Step(inner, 1), Step(inner, DOWN), Step(inner, ACROSS), Step(inner, DOWN), Step(192, ACROSS)],
        "branch_pool": [Step(192, 1)],
    }
    return Block(inputs, chains, average)


def block_d(inputs: int) -> Block:
    chains: dict[str, Chain] = {
        "branch3x3": [Step(192, 1), Step(320, 3, 2)],
        "branch7x7x3": [Step(192, 1), Step(192, ACROSS), Step(192, DOWN), Step(192, 3, 2)],
        "branch_pool": [],
    }
    return Block(inputs, chains, shrunk)


def block_e(inputs: int, pool: Callable[[Tensor], Tensor]) -> Block:
    chains: dict[str, Chain] = {
        "branch1x1": [Step(320, 1)],
        "branch3x3": [Step(384, 1), BOTH],
        "branch3x3dbl": [Step(448, 1), Step(384, 3), BOTH],
        "branch_pool": [Step(192, 1)],
    }
    return Block(inputs, chains, pool)


class Inception(nn.Module):
    """Pictures (n, C, H, W) in [-1, 1], grey or coloured, to features (n, 2048)."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, 2)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3, pad=False)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3, pad=False)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = block_a(192, 32), block_a(256, 64), block_a(288, 64)
        self.Mixed_6a = block_b(288)
        self.Mixed_6b, self.Mixed_6c = block_c(768, 128), block_c(768, 160)
        self.Mixed_6d, self.Mixed_6e = block_c(768, 160), block_c(768, 192)
        self.Mixed_7a = block_d(768)
        self.Mixed_7b, self.Mixed_7c = block_e(1280, average), block_e(2048, largest)
        self.fc = nn.Linear(2048, 1008)  # of the file; the features stand before it

    def forward(self, x: Tensor) -> Tensor:
        x = (stretched((x[:, :3].expand(-1, 3, -1, -1) + 1) * 127.5) - 128) / 128
        x = shrunk(self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x))))
        x = shrunk(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x)))
        for letter in ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c"):
            x = self.get_submodule(f"Mixed_{letter}")(x)
        return adaptive_avg_pool2d(x, 1).flatten(1)


def stretched(x: Tensor) -> Tensor:
    """Pictures at 299 x 299 as TensorFlow 1 resized: pixels at their corners, not at their middles."""
    down, across = (_weights(side).to(x) for side in x.shape[2:])
    return down @ x @ across.T


def _weights(side: int) -> Tensor:
    """The share (299, side) that each old pixel has in each new one, by linear interpolation."""
    place = torch.arange(SIDE) * side / SIDE
    whole = place.long()
    weights = torch.zeros(SIDE, side)
    weights[torch.arange(SIDE), whole] += 1 - (place - whole)
    weights[torch.arange(SIDE), (whole + 1).clamp(max=side - 1)] += place - whole
    return weights
