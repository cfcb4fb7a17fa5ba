"""The judge of generated pictures: a small convolutional classifier, trained on the training split of the same data.

It is kept in the cache under a name made of all that it depends on. Run alone, it trains and prints its accuracy:
python benchmarks/classifier.py --data mnist
"""

import argparse
import hashlib
import os
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate, one_hot

from rivals.data.load import load
from rivals.data.storage import cache_folder
from rivals.feed import Feed
from rivals.fit import set_random_state
from rivals.report.whole import whole_file
from rivals.run.checkpoint import sha256
from rivals.run.environment import wants_bf16

VERSION = 2
EPOCHS = {"mnist": 3, "fashion": 8}
FLIPPED = ("fashion",)
BATCH, JUNK, SIZE, LARGEST_RATE = 128, 16, 32, 3e-3
NEEDED = {"mnist": 0.99, "fashion": 0.92}
"""Share of the test split that it must get right to be a judge."""


class Classifier(nn.Module):
    """Pictures (n, C, 32, 32) in [-1, 1] to logits (n, 10)."""

    def __init__(self, channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_block(channels, 32, stride=2),
            *_block(32, 64),
            nn.MaxPool2d(2),
            *_block(64, 128),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(128 * 4 * 4, 128),
            nn.ReLU(),
            nn.Linear(128, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


@dataclass
class Judge:
    """A trained classifier, how well it does on the test split, and the digest of its weights."""

    network: Classifier
    accuracy: float
    sha256: str

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        """What it makes of pictures uint8 (n, 32, 32, C): probabilities float32 (n, 10)."""
        x = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2)
        return torch.cat([logits.softmax(1) for logits in self._logits(x)]).numpy()

    def _logits(self, x: Tensor) -> list[Tensor]:
        self.network.eval()
        with torch.no_grad():
            return [self.network(part.float() / 127.5 - 1) for part in x.split(500)]


def judge(data: str, seed: int = 0) -> Judge:
    """The judge of a set, from the cache or trained now. Raises SystemExit where it is not good enough."""
    source: Any = load(data, size=SIZE)
    key = f"{VERSION} {source.index_sha256} {seed} {EPOCHS[data]} {BATCH} {JUNK} {LARGEST_RATE}"
    path = cache_folder() / "classifiers" / f"{data}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.safetensors"
    network = Classifier(source.spec["image"].shape[0])
    if not path.exists():
        trained(network, source, data, seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        accuracy = accuracy_of(network, data)
        weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
        with whole_file(path) as part:
            save_file(weights, part, {"accuracy": str(accuracy)})
    network.load_state_dict(load_file(path))
    with safe_open(path, "pt") as file:
        accuracy = float(file.metadata()["accuracy"])
    if accuracy < NEEDED[data]:
        raise SystemExit(f"the judge of {data} gets {accuracy:.2%} of the test split, and {NEEDED[data]:.0%} is needed")
    return Judge(network, accuracy, sha256(path))


def accuracy_of(network: Classifier, data: str) -> float:
    """The share of the test split that it gets right."""
    pictures, classes = real_pictures(data)
    return float((Judge(network, 0.0, "").probabilities(pictures).argmax(1) == classes).mean())


def trained(network: Classifier, source: Any, data: str, seed: int) -> None:
    """Adam with one cycle of the learning rate, on batches that are shifted by up to 2 pixels.

    Each has some pictures of nothing, for which every class is to be equally likely: a classifier that has only ever
    seen digits is sure of anything (1812.04606).
    """
    set_random_state(seed, VERSION)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.reset_parameters()
    network.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    rounds = EPOCHS[data] * len(source) // BATCH
    feed = Feed(source, BATCH, fields=("image", "label"), seed=seed)
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LARGEST_RATE, total_steps=rounds)
    bf16 = wants_bf16("auto", "cpu")
    for _ in range(rounds):
        images, labels = next(feed)
        shown = torch.cat([augmented(images, flip=data in FLIPPED), junk(images[:JUNK])])
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            logits = network(shown.contiguous(memory_format=torch.channels_last))
        wanted = torch.cat([one_hot(labels, 10).float(), torch.full((JUNK, 10), 0.1)])
        cross_entropy(logits.float(), wanted).backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()


def augmented(images: Tensor, flip: bool) -> Tensor:
    """A batch moved by up to 2 pixels either way, and mirrored as a whole every other time where that is asked for."""
    dx, dy, mirrored = torch.randint(-2, 3, (3,)).tolist()
    moved = images.roll((dy, dx), (2, 3))
    return moved.flip(3) if flip and mirrored > 0 else moved


def junk(like: Tensor) -> Tensor:
    """Noise of a random grain, contrast and brightness, down to plain grey, in [-1, 1] and of the given shape."""
    side = 2 ** int(torch.randint(0, 6, ()))
    contrast, brightness = torch.rand(2, len(like), 1, 1, 1)
    noise = contrast * torch.randn(*like.shape[:2], side, side) + 2 * brightness - 1
    return interpolate(noise, like.shape[2:], mode="bilinear").clamp(-1, 1)


def real_pictures(data: str, split: str = "test") -> tuple[np.ndarray, np.ndarray]:
    """The pictures of a split uint8 (n, 32, 32, C), and their classes (n,)."""
    source: Any = load(data, size=SIZE, split=split, say=lambda text: None)
    return np.asarray(source.images).transpose(0, 2, 3, 1), source.labels.numpy()


def _block(inputs: int, outputs: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", choices=list(EPOCHS), default="mnist")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    begun = time.process_time()
    found = judge(given.data, given.seed)
    print(
        f"{given.data}: accuracy {found.accuracy:.2%}, sha256 {found.sha256}, {time.process_time() - begun:.0f} core s"
    )


if __name__ == "__main__":
    main()
