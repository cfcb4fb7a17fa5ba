"""The data sets that have a name, and what kind of data a name or path holds; imports neither torch nor
numpy."""

import ast
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["points", "pictures"]

TOYS: dict[str, str] = {
    "ring": "8 Gaussians on a circle of radius 1, sd 0.01",
    "grid": "25 Gaussians at {-4, -2, 0, 2, 4} squared, sd 0.05",
    "swiss-roll": "a spiral in the plane",
    "moons": "two interleaved half circles",
    "two-gaussians": "two Gaussians in the plane, at (-1, 0) and (1, 0), sd 0.3",
    "mixture": "three equal Gaussians on a line, at -4, 0 and 4, sd 0.3",
    "uneven": "three Gaussians on a line, at -4, 0 and 4, weighing 0.7, 0.2 and 0.1, sd 0.3",
    "two-lines": "the line x = 0, 0 <= y <= 1, for an opponent on a far parallel line (1701.07875)",
}
"""Points made from a seed, by name."""


@dataclass(frozen=True)
class Named:
    """A picture set with a name: its files below $RIVALS_DATA or the cache, and where to get them."""

    about: str
    train: str
    test: str = ""
    url: str = ""
    """Folder of the download; empty where the files must be put in place by hand."""
    tags: str = ""
    """The table that tells of its training pictures."""
    test_tags: str = ""
    classes: tuple[str, ...] = ()
    """What its classes are called, where its files only number them."""
    stacked: bool = False
    """Whether a picture is three of them, drawn at random, one a channel."""


NAMED: dict[str, Named] = {
    "digits": Named("1,797 handwritten digits 8x8, embedded in the package", train=""),
    "mnist": Named(
        "60,000 handwritten digits 28x28",
        train="mnist/train-images-idx3-ubyte.gz",
        test="mnist/t10k-images-idx3-ubyte.gz",
        url="https://github.com/fgnt/mnist/raw/master",
    ),
    "stacked-mnist": Named(
        "128,000 random triplets of MNIST digits, one a channel: 1000 modes (1705.07761)",
        train="mnist/train-images-idx3-ubyte.gz",
        test="mnist/t10k-images-idx3-ubyte.gz",
        url="https://github.com/fgnt/mnist/raw/master",
        stacked=True,
    ),
    "fashion": Named(
        "60,000 articles of clothing 28x28",
        train="fashion_mnist/train-images-idx3-ubyte.gz",
        test="fashion_mnist/t10k-images-idx3-ubyte.gz",
        url="https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
        classes=("t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ),
    "cifar10": Named("50,000 photographs 32x32 of 10 classes", "cifar10/train.tar.gz", "cifar10/test.tar.gz"),
    "anime": Named(
        "5,500 anime faces 64x64, tags of hair and eyes",
        "anime_faces/train.tar.gz",
        "anime_faces/test.tar.gz",
        tags="anime_faces/train_tags.csv",
        test_tags="anime_faces/test_tags.csv",
    ),
    "faces": Named(
        "7,000 aligned real faces 64x64, tags of age and gender",
        "faces_utk/train.tar.gz",
        "faces_utk/test.tar.gz",
        tags="faces_utk/train_labels.csv",
        test_tags="faces_utk/test_labels.csv",
    ),
    "olivetti": Named("400 grey faces 64x64 of 40 people", "olivetti_faces/olivetti.npz"),
    "cats-dogs": Named("700 cats and 700 dogs 128x128", "cat2dog/train.tar.gz", "cat2dog/test.tar.gz"),
    "bsds": Named("200 photographs of 481x321", "bsds500/train_images.zip"),
}
"""Picture sets by name; `digits` needs no file."""


POINTS = ("points", "samples")
"""What an npz calls its points."""
TABLES = (".csv", ".tsv")
"""Ends of the names of tables, which hold points."""


def kind_of(data: str) -> Kind:
    """Whether `data` (a name or a path) holds points or pictures; what is not there at all counts as pictures."""
    if data in TOYS:
        return "points"
    if data in NAMED:
        return "pictures"
    path, name = Path(data).expanduser(), data.lower()
    if name.endswith(TABLES) and path.is_file():
        return "points"
    return "points" if name.endswith(".npz") and _holds_points(path) else "pictures"


def _holds_points(path: Path) -> bool:
    """Whether the points of an npz, or else all of its arrays, are numbers (n, d); reads no more than headers."""
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name.removesuffix(".npy"): name for name in archive.namelist() if name.endswith(".npy")}
            named = [arrays[key] for key in POINTS if key in arrays]
            found = [_header(archive, name) for name in named or arrays.values()]
    except (OSError, zipfile.BadZipFile, SyntaxError, ValueError, LookupError, struct.error):
        return False
    return bool(found) and all(letter in "fiu" and len(shape) == 2 for letter, shape in found)


def _header(archive: zipfile.ZipFile, name: str) -> tuple[str, tuple[int, ...]]:
    """The letter of an array's type, f for floating point, and its shape."""
    with archive.open(name) as file:
        start = file.read(12)
        wide = start[6] > 1  # format 2.0 and later have a 4-byte length
        length = struct.unpack("<I" if wide else "<H", start[8 : 12 if wide else 10])[0]
        text = file.read(length) if wide else start[10:] + file.read(length - 2)
    header = ast.literal_eval(text.decode("latin1"))
    return str(header["descr"]).lstrip("<>|=")[:1], header["shape"]
