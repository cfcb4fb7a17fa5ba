"""Work on many entries: every one once, in order, whether it is done here or in threads."""

import threading

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rivals.data.pool import BYTES, SMALL, each, pieces
from rivals.data.shelf import Entry

SIZES = st.lists(st.sampled_from((0, 10, SMALL, SMALL * 4, BYTES)), max_size=40)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.booleans())
def test_order_is_kept(sizes: list[int], light: bool) -> None:
    entries = [Entry(str(i), bytes(size)) for i, size in enumerate(sizes)]
    found = list(each(lambda entry: len(entry.content), entries, light=light))
    assert [entry.name for entry, _ in found] == [entry.name for entry in entries]
    assert [size for _, size in found] == sizes


def test_light_work_on_small_entries_stays_in_this_thread() -> None:
    mixed = [Entry("small", b"x")] * 100 + [Entry("large", bytes(BYTES))] * 3
    threads = [
        (entry.name, thread == threading.get_ident())
        for entry, thread in each(lambda _: threading.get_ident(), mixed, light=True)
    ]
    # a large entry takes the small ones of its piece along
    assert threads[:64] == [("small", True)] * 64 and threads[-2:] == [("large", False)] * 2
    assert not any(thread == threading.get_ident() for _, thread in each(lambda _: threading.get_ident(), mixed))


def test_arrays_count_in_bytes() -> None:
    assert [len(piece) for piece in pieces([Entry("a", np.zeros((64, BYTES // 64), np.uint8))] * 3)] == [1, 1, 1]
