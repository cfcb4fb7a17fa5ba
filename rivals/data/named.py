"""Where the picture sets with a name lie: $RIVALS_DATA, then the cache, then a download with a checksum."""

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from rivals.data.bad import DataError
from rivals.data.names import NAMED
from rivals.data.storage import cache_errors, cache_folder

SHA256 = {  # of the original archives
    "mnist/train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "mnist/train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "mnist/t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "mnist/t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    "fashion_mnist/train-images-idx3-ubyte.gz": ("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    "fashion_mnist/train-labels-idx1-ubyte.gz": ("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
    "fashion_mnist/t10k-images-idx3-ubyte.gz": ("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
    "fashion_mnist/t10k-labels-idx1-ubyte.gz": ("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
}
TIMEOUT = 30  # seconds


def named_file(name: str, *, split: str = "train", say: Callable[[str], object] = print) -> Path:
    """The file of a named set on this machine, downloaded where it may be.

    Raises DataError with the file's name and place where it is neither here nor to be had.
    """
    entry = NAMED[name]
    if name == "digits" and split == "train":
        return Path(__file__).with_name("digits.npz")
    relative = entry.train if split == "train" else entry.test
    if not relative:
        raise DataError(f"{name} has no {split} split")
    beside = relative.replace("images-idx3", "labels-idx1")
    for root in roots():
        if (root / relative).is_file():
            return root / relative
    if not entry.url:
        raise DataError(f"{name} is not on this machine and can't be downloaded: {put(relative)}")
    for part in dict.fromkeys((beside, relative)):
        _download(f"{entry.url}/{Path(part).name}", part, say)
    return cache_folder() / relative


def roots() -> list[Path]:
    """Where files with a name are looked for: $RIVALS_DATA, then the cache."""
    given = os.environ.get("RIVALS_DATA")
    return ([Path(given).expanduser()] if given else []) + [cache_folder()]


def put(relative: str) -> str:
    """What to do about a file that is in neither place."""
    given = os.environ.get("RIVALS_DATA")
    also = "" if given else " (or set RIVALS_DATA to the folder that holds it)"
    return f"put the file {relative} into {roots()[0]}{also}"


def _download(url: str, relative: str, say: Callable[[str], object]) -> None:
    """Fetches one file into the cache; it appears there whole and with the right checksum, or not at all."""
    target = cache_folder() / relative
    if target.is_file():
        return
    say(f"downloading {url}")
    with cache_errors():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".tmp-", dir=target.parent)
    temporary, sum_ = Path(name), hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as file:
            for block in _blocks(url, relative):
                sum_.update(block)
                with cache_errors():
                    file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if sum_.hexdigest() != SHA256[relative]:
            raise DataError(f"{url} has changed (its sha256 is not the known one); {put(relative)} yourself")
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _blocks(url: str, relative: str):
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - only the addresses above
            while block := answer.read(2**18):
                yield block
    except (urllib.error.URLError, OSError) as error:
        why = getattr(error, "reason", error)
        raise DataError(f"{relative} can't be downloaded ({why}): {put(relative)}") from error
