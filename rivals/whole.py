"""Files that are there whole or not at all."""

import glob
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STALE, RANDOM = 24 * 3600, 8
"""Seconds after which something temporary is nobody's any more, and the letters that `tempfile` adds to its name."""
PART = ".part-"
"""What such a name has that no file of a user's has: those are never swept."""


@contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Gives a temporary path beside `path` to write to, and puts it in place once the block has ended well.

    The folder is made. A reader sees the old file or the whole new one, also after a crash.
    """
    path = Path(path)
    with _by_name(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent, f".{glob.escape(path.stem)}{PART}{'?' * RANDOM}{glob.escape(path.suffix)}")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}{PART}", suffix=path.suffix)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """Gives a temporary folder beside `path` to fill, and puts it in place, all of it at once, once the block has ended
    well. Raises ValueError, before anything is done, if there is something at `path` other than an empty folder.
    """
    path = Path(path)
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise ValueError(f"{path} is {'not empty' if path.is_dir() else 'a file'}; name a new folder with --out")
    with _by_name(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent, f".{glob.escape(path.name)}{PART}{'?' * RANDOM}")
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}{PART}"))
        try:
            yield part
            for file in filter(Path.is_file, part.rglob("*")):
                with file.open("rb+") as content:
                    os.fsync(content.fileno())
            part.chmod(0o755)
            if path.exists():
                path.rmdir()
            part.rename(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def sweep(home: Path, pattern: str) -> None:
    """Removes what fits a pattern and what processes that were killed have left half-filled more than a day ago."""
    for part in home.glob(pattern):
        with suppress(OSError):  # another process was faster
            if time.time() - part.stat().st_mtime <= STALE:
                continue
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink()


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds the lock of a file, which is there as long; goes on without one where there are none (some systems).

    Raises BlockingIOError where another process holds it and it is not to be waited for.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(path, "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise
        except OSError:  # a file system without locks
            pass
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def _by_name(path: Path) -> Iterator[None]:
    """Has what goes wrong told of the file that was asked for: a full disk names none, and others the temporary one."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and (error.filename is None or f".{path.stem}." in str(error.filename)):
            error.filename = str(path)
        raise
