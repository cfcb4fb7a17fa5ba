"""Pictures in a zip or a tar, read in memory: nothing is ever unpacked to disk, whatever it is called."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from rivals.data.bad import DataError
from rivals.data.shelf import LARGEST, Entry, Shelf, is_hidden, is_picture, labeller, of_split
from rivals.data.storage import remembered_names

OPENERS = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
DAMAGED = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError)


def read_zip(path: Path, *, split: str = "train") -> Shelf:
    """The pictures of a zip, sorted by name; folders in it are classes and splits as in a folder.

    Raises DataError if it is damaged, or holds no picture.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(f"{path} is not a zip file, or is truncated ({error}); get it again") from error
    names = {name: clean(name) for name in sorted(members)}
    kept, ignored = _pictures(path, list(names.values()), split)
    label, classes = labeller(kept)
    wanted = set(kept)

    def entries() -> Iterator[Entry]:
        with zipfile.ZipFile(path) as archive:
            for member, name in names.items():
                if name in wanted:
                    yield _from_zip(archive, members[member], name, label(name))

    def read(wanted: str) -> bytes:
        with zipfile.ZipFile(path) as archive:
            return archive.read(next(member for member, name in names.items() if name == wanted))

    return Shelf("zip", str(path), entries, lambda: (path,), classes, ignored, split, kept, read)


def read_tar(path: Path, *, split: str = "train") -> Shelf:
    """The pictures of a tar, plain or compressed, in its own order; folders in it are classes and splits.

    Raises DataError if it is damaged, or holds no picture.
    """
    names = remembered_names(path, lambda: [clean(member.name) for _, member in _members(path)])
    kept, ignored = _pictures(path, names, split)
    label, classes = labeller(kept)
    wanted = set(kept)

    def entries() -> Iterator[Entry]:
        for archive, member in _members(path):
            name = clean(member.name)
            if name not in wanted:
                continue
            if member.size > LARGEST:
                yield Entry(name, label=label(name), problem=f"is too large to be a picture ({member.size >> 20} MB)")
                continue
            file = archive.extractfile(member)
            yield Entry(name, file.read() if file else b"", label(name))

    def read(wanted: str) -> bytes:
        for archive, member in _members(path):
            if clean(member.name) == wanted and (file := archive.extractfile(member)):
                return file.read()
        raise DataError(f"{path} no longer holds {wanted}; it has changed while it was read")

    return Shelf("tar", str(path), entries, lambda: (path,), classes, ignored, split, kept, read)


def clean(name: str) -> str:
    """A member's name without what would lead out of a folder."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _pictures(path: Path, names: Sequence[str], split: str) -> tuple[list[str], tuple[str, ...]]:
    seen = [name for name in names if name and not is_hidden(name)]
    pictures = [name for name in seen if is_picture(name)]
    if not pictures:
        raise DataError(f"{path} holds no pictures (.png, .jpg, .webp, …), only {len(seen)} other files")
    kept = of_split(pictures, split)
    if not kept:
        raise DataError(f"{path} has no {split} pictures; put them into folders train and {split} in it")
    return kept, tuple(name for name in seen if not is_picture(name))


def _from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, label: int | None) -> Entry:
    if info.file_size > LARGEST:
        return Entry(name, label=label, problem=f"is too large to be a picture ({info.file_size >> 20} MB)")
    try:
        return Entry(name, archive.read(info), label)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        return Entry(name, label=label, problem=f"can't be read from the zip: {error}")


def _members(path: Path) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """The files of a tar, one after the other.

    Raises DataError where it ends too early, which tarfile passes over.
    """
    try:
        with open(path, "rb") as plain:
            opener = OPENERS.get(plain.read(2), _plain)
            plain.seek(0)
            last = _LastBlock(cast("IO[bytes]", opener(plain)))
            with tarfile.open(fileobj=last, mode="r:") as archive:  # type: ignore[arg-type]
                while (member := archive.next()) is not None:
                    archive.members.clear()  # or it keeps every member for ever
                    if member.isfile():
                        yield archive, member
            if len(last.block) < tarfile.BLOCKSIZE or any(last.block):
                raise tarfile.ReadError("its end is missing")
    except DAMAGED as error:
        raise DataError(f"{path} is not a tar file, or is truncated or damaged ({error}); get it again") from error


def _plain(file: IO[bytes]) -> IO[bytes]:
    return file


class _LastBlock:
    """A file that remembers what was read last."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.block = file, b""
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        self.block = self.file.read(size)
        return self.block
