"""The first pass over a shelf: what is there, which files are bad, and the sum that stands for all of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rivals.data.bad import Bad, DataError
from rivals.data.decode import Look, Unusable, look, quiet
from rivals.data.pool import each
from rivals.data.shelf import Entry, Shelf
from rivals.data.storage import cache_folder, stat_key, write_atomically

EXAMPLES = 3


@dataclass
class Survey:
    """What the headers of all pictures of a shelf tell; `index_sha256` covers names, labels and contents, in order."""

    index_sha256: str = ""
    count: int = 0
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    grey: list[str] = field(default_factory=list)
    colour: list[str] = field(default_factory=list)
    """The first few grey and the first few coloured pictures."""
    grey_count: int = 0
    bad: list[Bad] = field(default_factory=list)

    @property
    def good(self) -> int:
        return self.count - len(self.bad)

    def describe_sizes(self) -> str:
        """The sizes of the pictures in a few words."""
        sizes = sorted(self.sizes, key=lambda size: (size[0] * size[1], size))
        texts = [f"{width}x{height}" for width, height in sizes]
        return " and ".join(texts) if len(texts) < 3 else f"from {texts[0]} to {texts[-1]}"

    def add(self, entry: Entry, found: Look | str) -> None:
        self.count += 1
        if isinstance(found, str):
            self.bad.append(Bad(entry.name, found))
            return
        self.sizes[found.width, found.height] += 1
        self.modes[found.mode] += 1
        self.grey_count += found.grey
        examples = self.grey if found.grey else self.colour
        if len(examples) < EXAMPLES:
            examples.append(entry.name)


class Register:
    """A survey as it grows, with the sum over what it has seen."""

    def __init__(self) -> None:
        self.survey, self._index = Survey(), hashlib.sha256()

    def add(self, entry: Entry, found: Look | str, digest: bytes) -> None:
        self.survey.add(entry, found)
        self._index.update(f"{entry.name}\0{entry.label}\0".encode("utf-8", "surrogateescape") + digest)

    def closed(self, memo: Path) -> Survey:
        """The whole survey, which is remembered."""
        self.survey.index_sha256 = self._index.hexdigest()
        write_atomically(memo, json.dumps(_as_dict(self.survey)).encode())
        return self.survey


def survey(shelf: Shelf) -> Survey:
    """Looks at every picture of a shelf once; unchanged files (by size and time) are not read again."""
    memo = memo_of(shelf)
    if (known := remembered(memo)) is not None:
        return known
    register = Register()
    for entry, found, digest in digests(shelf):
        register.add(entry, found, digest)
    return register.closed(memo)


def memo_of(shelf: Shelf) -> Path:
    """Where the survey of a shelf is remembered, as long as nobody touches its files."""
    about = f"{shelf.kind} {shelf.selection} {Path(shelf.where).resolve()}"
    return cache_folder() / "seen" / f"{stat_key(about, shelf.files())}.json"


def readable(shelf: Shelf) -> Iterator[Entry]:
    """The entries of a shelf. Raises DataError where they can't be read, not to be taken for an error of the cache."""
    try:
        yield from shelf.entries()
    except OSError as error:
        raise DataError(f"{shelf.where} can't be read: {error.strerror or error}") from error


def digests(shelf: Shelf) -> Iterator[tuple[Entry, Look | str, bytes]]:
    """Every entry, with what is found in it."""
    with quiet():
        for entry, (found, digest) in each(examined, readable(shelf), light=True):
            yield entry, found, digest


def examined(entry: Entry) -> tuple[Look | str, bytes]:
    """What the header of a picture tells, or the reason against it, and the sha256 of its content."""
    digest = digest_of(entry)
    try:
        return look(entry), digest
    except Unusable as reason:
        return str(reason), digest


def digest_of(entry: Entry) -> bytes:
    """The sha256 of its content."""
    content = entry.content
    whole = (
        content
        if isinstance(content, bytes)
        else repr(content.shape).encode() + np.ascontiguousarray(content).tobytes()
    )
    return hashlib.sha256(whole).digest()


def remembered(memo: Path) -> Survey | None:
    """What an earlier survey has found, if there was one."""
    try:
        known = json.loads(memo.read_bytes())
        return Survey(
            **known
            | {
                "sizes": Counter({(w, h): n for w, h, n in known["sizes"]}),
                "modes": Counter(known["modes"]),
                "bad": [Bad(*each) for each in known["bad"]],
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _as_dict(result: Survey) -> dict[str, object]:
    return vars(result) | {
        "sizes": [(w, h, n) for (w, h), n in result.sizes.items()],
        "bad": [(each.name, each.reason) for each in result.bad],
    }
