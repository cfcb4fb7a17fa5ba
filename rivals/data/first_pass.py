"""The first pass over a shelf, which decodes its pictures while it looks at them: most are then read once."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from rivals.data.bad import DataError
from rivals.data.cache import Draft, Keep, alone, drafted, opened, place_of
from rivals.data.decode import Look, Shape, look_and_pixels, quiet
from rivals.data.pool import each
from rivals.data.shelf import Entry, Shelf
from rivals.data.storage import cache_errors
from rivals.data.survey import Register, Survey, digest_of, examined, memo_of, readable, remembered, survey

SOME = 64
"""Pictures that suggest the shape of all, and after which it is looked at anew."""
ShapeOf = Callable[[Survey], Shape]
"""The shape that pictures are brought to, by what their headers tell. Raises DataError where they have none."""


class _Surprise(Exception):
    """The pictures have another shape than the first of them suggested."""


def first_pass(shelf: Shelf, shape_of: ShapeOf, *, keep: Keep) -> Survey:
    """The survey of a shelf. If it was never seen, its pictures go into the cache as they are looked at, for the shape
    that the first of them suggest; if others have another shape, that is dropped, and nothing but the headers is read.

    Several processes may ask at once: one reads, the others wait for it. `keep` as for `decoded`.
    Raises DataError when the disk is full or the cache can't be written.
    """
    memo = memo_of(shelf)
    if (known := remembered(memo)) is not None:
        return known
    with cache_errors():
        memo.parent.mkdir(parents=True, exist_ok=True)
    with cache_errors(), alone(memo):
        if (known := remembered(memo)) is not None:
            return known
        if (shape := _suggested(shelf, shape_of)) is None:
            return survey(shelf)
        try:
            with drafted(shelf, shape, len(shelf.names)) as draft:
                return _read(draft, memo, shape_of, keep)
        except _Surprise:
            return survey(shelf)


def _read(draft: Draft, memo: Path, shape_of: ShapeOf, keep: Keep) -> Survey:
    register, shelf, shape = Register(), draft.shelf, draft.shape

    def pictures() -> Iterator[tuple[Entry, np.ndarray | str]]:
        for entry, (digest, found, picture) in each(partial(_seen, shape=shape), readable(shelf)):
            register.add(entry, found, digest)
            if register.survey.count % SOME == 0 and _shape(shape_of, register.survey) != shape:
                raise _Surprise
            yield entry, picture

    with quiet():
        draft.write(pictures())
    found = register.closed(memo)
    if _shape(shape_of, found) == shape:
        with alone(place := place_of(found, shape)):
            if opened(place) is None:
                draft.publish(found, keep)
    return found


def _seen(entry: Entry, *, shape: Shape) -> tuple[bytes, Look | str, np.ndarray | str]:
    return digest_of(entry), *look_and_pixels(entry, shape)


def _suggested(shelf: Shelf, shape_of: ShapeOf) -> Shape | None:
    """The shape of the first pictures."""
    register = Register()
    with quiet():
        for entry in islice(readable(shelf), SOME):
            register.add(entry, *examined(entry))
    return _shape(shape_of, register.survey)


def _shape(shape_of: ShapeOf, found: Survey) -> Shape | None:
    try:
        return shape_of(found)
    except DataError:
        return None
