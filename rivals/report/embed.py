"""Pictures inside a page: chosen from a folder, and kept within a budget of bytes."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

KINDS = {".png": "png", ".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif"}
BUDGET = 6_000_000  # bytes of pictures in one page
SHOWN = 10  # the first, the newest, and as many evenly between


def embedded(folder: Path, budget: int = BUDGET) -> list[tuple[str, str]]:
    """(name, data address) of the first, the newest and evenly spaced pictures of a folder, in their order.

    What is no picture is passed over. Each picture is made smaller until it fits its share of the budget.
    """
    files = sorted(
        (path for path in folder.glob("*") if path.suffix.lower() in KINDS and path.name[0] != "."), key=order
    )
    chosen = [(path, address_of(path, budget * 3 // 4 // SHOWN)) for path in spread(files)]
    return [(title_of(path), address) for path, address in chosen if address]


def order(path: Path) -> tuple[int, str]:
    """Files named by their round in the order of rounds, also past the width of their zeros."""
    return (int(path.stem) if path.stem.isdecimal() else 1 << 62, path.name)


def spread(files: Sequence[Path]) -> list[Path]:
    """At most SHOWN of the files, evenly, the first and the last among them."""
    if len(files) <= SHOWN:
        return list(files)
    return [files[round(place * (len(files) - 1) / (SHOWN - 1))] for place in range(SHOWN)]


def title_of(path: Path) -> str:
    return f"round {int(path.stem):,}" if path.stem.isdecimal() else path.stem


def address_of(path: Path, most: int) -> str:
    """The picture as a data address of at most `most` bytes before base64, "" where it can't be read."""
    data, kind = path.read_bytes(), KINDS[path.suffix.lower()]
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            if len(data) > most:
                data, kind = smaller(image, most), "webp"
    except (OSError, ValueError, SyntaxError):
        return ""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def smaller(image: Image.Image, most: int) -> bytes:
    """The picture as WebP, halved in size until it takes at most `most` bytes."""
    image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    while True:
        buffer = io.BytesIO()
        image.save(buffer, format="WEBP", quality=88)
        if buffer.tell() <= most or max(image.size) <= 64:
            return buffer.getvalue()
        image = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.LANCZOS)
