"""Tables of words on a terminal."""

from itertools import zip_longest


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of words in columns; a short one leaves its last ones empty."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=False)).rstrip() for row in rows]
