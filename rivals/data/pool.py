"""Work on many entries with every core, in order, holding only a few of them in memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from rivals.data.shelf import Entry

Found = TypeVar("Found")
COUNT, BYTES = 64, 2**20
"""A piece of work ends after so many entries or bytes."""
SMALL = 2**16
"""Bytes of an entry below which light work on it is done sooner than handed over."""


def each(
    work: Callable[[Entry], Found], entries: Iterable[Entry], *, light: bool = False
) -> Iterator[tuple[Entry, Found]]:
    """Yields (entry, work(entry)) in order. Threads do, because Pillow decodes without holding Python's lock.

    Work is `light` if it takes no longer than reading; threads then get large entries only. At most two pieces a core
    are under way, so memory does not grow with the number of entries.
    """
    workers = cores()
    under_way: deque[Future[list[tuple[Entry, Found]]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="pictures") as pool:
        try:
            for piece in pieces(entries):
                if light and sum(map(bytes_of, piece)) < SMALL * len(piece):
                    while under_way:
                        yield from under_way.popleft().result()
                    yield from ((entry, work(entry)) for entry in piece)
                    continue
                under_way.append(pool.submit(lambda piece=piece: [(entry, work(entry)) for entry in piece]))
                if len(under_way) > 2 * workers:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


def pieces(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    piece: list[Entry] = []
    size = 0
    for entry in entries:
        piece.append(entry)
        size += bytes_of(entry)
        if len(piece) >= COUNT or size >= BYTES:
            yield piece
            piece, size = list[Entry](), 0
    if piece:
        yield piece


def bytes_of(entry: Entry) -> int:
    return len(entry.content) if isinstance(entry.content, bytes) else entry.content.nbytes


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
