"""The shapes that picture networks are built for."""

SIZES = (8, 16, 32, 64, 128, 256)


def doublings(shape: tuple[int, ...]) -> int:
    """How often 4x4 is doubled to reach a picture of this shape (channels, size, size).

    Raises ValueError for other shapes than square pictures of 8, 16, 32, 64, 128 or 256 pixels a side.
    """
    if len(shape) != 3 or shape[0] < 1 or shape[1] != shape[2] or shape[1] not in SIZES:
        found = " x ".join(map(str, shape)) or "none"
        raise ValueError(
            f"this network needs pictures of shape (channels, size, size) with a size among "
            f"{', '.join(map(str, SIZES))}, got {found}; resize the pictures"
        )
    return SIZES.index(shape[1]) + 1


def halving(width: int, shape: tuple[int, ...], most: int = 16) -> tuple[int, ...]:
    """Channels at 4x4, 8x8, ... up to half the picture's size: `width` at the last, twice as many a step down.

    Never more than `most` times `width`.
    """
    return tuple(width * min(2**k, most) for k in reversed(range(doublings(shape))))


def stated(channels: tuple[int, ...], count: int) -> tuple[int, ...]:
    """The channels as given. Raises ValueError unless they are `count` positive numbers."""
    if len(channels) != count or min(channels) < 1:
        raise ValueError(f"`channels` needs {count} positive numbers for pictures of this size, got {channels}")
    return channels
