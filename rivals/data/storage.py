"""Where the cache lies, and writes that are whole or not at all."""

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rivals.data.bad import DataError
from rivals.whole import whole_file

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def cache_folder() -> Path:
    """$RIVALS_CACHE, or ~/.cache/rivals."""
    return Path(os.environ.get("RIVALS_CACHE") or Path.home() / ".cache" / "rivals").expanduser()


@contextmanager
def cache_errors() -> Iterator[None]:
    """Turns a full disk and a cache that can't be written into one clear line."""
    try:
        yield
    except OSError as error:
        where, why = cache_folder(), error.strerror or error
        if error.errno in FULL:
            message = f"the disk of the cache {where} is full; make room or set RIVALS_CACHE to another folder"
        else:
            message = f"the cache {where} can't be written ({why}); set RIVALS_CACHE to another folder"
        raise DataError(message) from error


def write_atomically(path: Path, content: bytes) -> None:
    """The whole file or nothing, whoever else writes it."""
    with cache_errors(), whole_file(path) as part:
        part.write_bytes(content)


def stat_key(about: str, files: Iterable[str | Path]) -> str:
    """A sum over a text and the paths, sizes and times of files: equal as long as nobody touched them."""
    key = hashlib.sha256(f"1\0{about}".encode(errors="surrogateescape"))
    for path in files:
        try:
            stat = os.stat(path)
            key.update(f"\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\0".encode())
        except OSError:
            key.update(b"\0missing\0")
        key.update(os.fsencode(path))
    return key.hexdigest()[:32]


def remembered_names(path: Path, make: Callable[[], list[str]]) -> list[str]:
    """`make()`, or what it gave the last time if the file at `path` has not been touched since."""
    memo = cache_folder() / "seen" / f"{stat_key(f'names {path.resolve()}', [path])}.json"
    try:
        return list(json.loads(memo.read_bytes()))
    except (OSError, ValueError):
        names = make()
        write_atomically(memo, json.dumps(names).encode())
        return names


def sync_folder(folder: Path) -> None:
    """Makes a rename inside `folder` last; not every system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
