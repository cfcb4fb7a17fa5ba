"""A judge of generated pictures: a small convolutional classifier, trained on labelled pictures of the same kind.

It is kept in the cache under a name made of all that it depends on.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from rivals.data.pictures import Pictures
from rivals.data.storage import cache_folder
from rivals.metrics.extractors import Extractor, through
from rivals.metrics.schooling import BATCH, JUNK, LARGEST_RATE, VERSION, sized, trained
from rivals.whole import whole_file

EPOCHS = 8
"""Of the training by default; on MNIST three are enough for 99.3 %."""
HELD_OUT = 10
"""One picture in so many is kept for the test where there is no test split."""


class Classifier(nn.Module):
    """Pictures (n, C, 32, 32) in [-1, 1] to logits (n, classes)."""

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
    """A trained classifier, its accuracy on pictures that it has not seen, and the digest of its weights."""

    network: Classifier
    accuracy: float
    sha256: str

    def probabilities(self, pictures: np.ndarray) -> np.ndarray:
        """What it makes of pictures uint8 (n, H, W, C): probabilities float32 (n, classes)."""
        self.network.eval()
        return through(lambda x: self.network(sized(x)).softmax(1), pictures)

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """Its last hidden layer on pictures uint8 (n, H, W, C): float32 (n, 128)."""
        self.network.eval()
        return through(lambda x: self.network.layers[:-1](sized(x)), pictures)

    @property
    def extractor(self) -> Extractor:
        """Its last hidden layer as features."""
        return Extractor("in-domain classifier, last hidden layer", self.sha256, self.features)


@dataclass(frozen=True)
class Shares:
    """What a judge makes of many pictures, as shares of them in [0, 1]."""

    confident: float
    """Those that it gives a class of probability 0.9 or more."""
    rarest_class: float
    commonest_class: float


def shares(probabilities: np.ndarray, sure: float = 0.9) -> Shares:
    """The shares of pictures judged with certainty, and of the rarest and commonest class; (n, classes)."""
    n, classes = probabilities.shape
    counted = np.bincount(probabilities.argmax(1), minlength=classes) / n
    return Shares(float((probabilities.max(1) >= sure).mean()), float(counted.min()), float(counted.max()))


def judge_of(
    source: Pictures,
    test: Pictures | None = None,
    *,
    epochs: int = EPOCHS,
    flip: bool = False,
    seed: int = 0,
    bf16: bool = False,
    nothing: int = JUNK,
    say: Callable[[str], None] = lambda text: None,
) -> Judge:
    """The judge of labelled pictures, from the cache or trained now on the processor.

    `test` holds pictures to find its accuracy on; without it, one in ten is held out of the training. `nothing` is the
    number of pictures of noise in each of its batches, for which it is to be sure of no class.
    Raises ValueError for pictures without labels.
    """
    if source.labels is None:
        raise ValueError("a judge of pictures needs labels: a folder a class, or a data set with labels")
    classes = int(source.labels.max()) + 1
    pictures = f"{source.index_sha256} {len(source)} {tuple(source.spec['image'].shape)} {source.flip}"
    tested = test.index_sha256 if test is not None else None
    key = f"{VERSION} {pictures} {tested} {seed} {epochs} {flip} {bf16} {BATCH} {nothing} {LARGEST_RATE}"
    path = cache_folder() / "classifiers" / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.safetensors"
    network = Classifier(source.spec["image"].shape[0], classes)
    if not path.exists():
        say("training a classifier as the judge of the samples; it is kept for the next time")
        learning, unseen = (source, test) if test is not None else split(source)
        trained(network, learning, classes, epochs=epochs, flip=flip, seed=seed, bf16=bf16, nothing=nothing, say=say)
        weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
        with whole_file(path) as part:
            save_file(weights, part, {"accuracy": str(accuracy_of(network, unseen))})
    network.load_state_dict(load_file(path))
    with safe_open(path, "pt") as file:
        accuracy = float(file.metadata()["accuracy"])
    with path.open("rb") as file:
        return Judge(network, accuracy, hashlib.file_digest(file, "sha256").hexdigest())


def split(source: Pictures) -> tuple[Pictures, Pictures]:
    """The pictures to learn from, and every tenth, held out."""
    rows = np.arange(len(source.images)) if source.rows is None else source.rows
    held = np.arange(len(rows)) % HELD_OUT == 0
    parts = [Pictures(source.images, _numbers(source), rows=rows[pick]) for pick in (~held, held)]
    return parts[0], parts[1]


def accuracy_of(network: Classifier, source: Pictures) -> float:
    """The share of labelled pictures that it gets right."""
    rows = np.arange(len(source.images)) if source.rows is None else source.rows
    found = Judge(network, 0.0, "").probabilities(source.images[rows].transpose(0, 2, 3, 1)).argmax(1)
    return float((found == _numbers(source)[rows]).mean())


def _numbers(source: Pictures) -> np.ndarray:
    assert source.labels is not None
    return source.labels.numpy()


def _block(inputs: int, outputs: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
