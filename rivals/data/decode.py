"""One picture from bytes to pixels of the size and channels asked for, or the reason why not."""

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from rivals.data.shelf import Entry

PIXELS = 2**26
"""Pixels of one picture beyond which it counts as a decompression bomb (8192 x 8192)."""
SMALLEST = 4
SIZES = (8, 16, 32, 64, 128, 256)
"""What convolutions that halve their pictures can take."""
ORIENTATION, QUARTER = 0x0112, 5
"""The EXIF tag, and its least value that turns a picture by a quarter."""
FITS = ("crop", "pad", "stretch")
GREY = frozenset(("1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N"))
WITH_ALPHA = ("RGBA", "LA", "PA")
DEEP = frozenset(("I", "I;16", "I;16L", "I;16B", "I;16N"))
Image.init()
FORMATS = tuple(
    name
    for name in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "MPO")
    if name in Image.OPEN
)
SIGNATURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}


class Unusable(Exception):
    """Why a picture can't be used: a sentence that goes on from its name."""


@dataclass(frozen=True)
class Shape:
    """What every picture is brought to: (channels, size, size), by centre crop, padding or stretching."""

    size: int
    channels: int
    fit: str = "crop"
    clear: bool = False
    """Whether what is padded is transparent, where there is alpha, and not white."""


@dataclass(frozen=True)
class Look:
    """What the header of a picture tells: its sides in pixels and whether it is grey."""

    width: int
    height: int
    mode: str
    grey: bool


def look(entry: Entry) -> Look:
    """Reads no more than the header of a picture. Raises Unusable with the reason where it can't be one."""
    with _open(entry) as image:
        return _told(image)


def upright_sides(entry: Entry) -> tuple[int, int]:
    """Width and height as the picture is seen: a camera's EXIF may have it turned. Raises Unusable for no picture."""
    with _open(entry) as image:
        return image.size[::-1] if image.getexif().get(ORIENTATION, 1) >= QUARTER else image.size


def pixels(entry: Entry, shape: Shape) -> np.ndarray:
    """The picture as (C, size, size) uint8. Raises Unusable with the reason where it can't be made."""
    return _pixels(_open(entry), shape)


def look_and_pixels(entry: Entry, shape: Shape) -> tuple[Look | str, np.ndarray | str]:
    """Both from one opening, each the reason against it where it can't be had."""
    try:
        image = _open(entry)
        found = _told(image)
    except Unusable as reason:
        return str(reason), str(reason)
    try:
        return found, _pixels(image, shape)
    except Unusable as reason:
        return found, str(reason)


def _told(image: Image.Image) -> Look:
    return Look(*image.size, image.mode, is_grey(image))


def _pixels(image: Image.Image, shape: Shape) -> np.ndarray:
    try:
        check_size(image.size, shape)
        if image.format == "JPEG":
            _draft(image, shape)
        image.load()
        square = fitted(_channelled(_upright(image), shape.channels), shape)
    except Unusable:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error) as error:
        raise Unusable(_reason(error)) from error
    array = np.asarray(square)
    return array[None] if array.ndim == 2 else np.ascontiguousarray(array.transpose(2, 0, 1))


def check_size(sides: tuple[int, int], shape: Shape) -> None:
    """Raises Unusable for a picture that would have to be enlarged more than twice."""
    side, (width, height) = ruling_side(sides, shape.fit), sides
    if 2 * side >= shape.size:
        return
    fits = [size for size in SIZES if size <= 2 * side]
    advice = f"use --size {' or '.join(map(str, fits[-2:]))}" if fits else "too small for any size"
    raise Unusable(f"is {width}x{height}, less than half of {shape.size}x{shape.size}; {advice}")


def ruling_side(sides: tuple[int, int], fit: str) -> int:
    """The side that is scaled to the size: the longer one where the rest is padded, otherwise the shorter."""
    return max(sides) if fit == "pad" else min(sides)


def fitted(image: Image.Image, shape: Shape) -> Image.Image:
    """The picture at (size, size): its centre square, the whole on a plain ground, or the whole stretched."""
    size, (width, height) = shape.size, image.size
    if shape.fit == "stretch":
        return _resized(image, (size, size))
    if shape.fit == "crop":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return _resized(image, (size, size), (left, top, left + side, top + side))
    scale = size / max(width, height)
    small = _resized(image, (max(1, round(width * scale)), max(1, round(height * scale))))
    white = (255,) * shape.channels if shape.channels > 1 else 255
    ground = Image.new(image.mode, (size, size), 0 if shape.clear else white)
    ground.paste(small, ((size - small.width) // 2, (size - small.height) // 2))
    return ground


def is_grey(image: Image.Image) -> bool:
    """Whether the mode holds no colour; a palette of greys counts as grey."""
    if image.mode not in ("P", "PA"):
        return image.mode in GREY
    colours = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)
    return bool((colours == colours[:, :1]).all())


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps Pillow's warnings about odd files off the screen: what matters in them becomes a reason."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def _open(entry: Entry) -> Image.Image:
    if entry.problem:
        raise Unusable(entry.problem)
    if isinstance(entry.content, np.ndarray):
        return Image.fromarray(entry.content)
    if not entry.content:
        raise Unusable("is empty (0 bytes)")
    try:
        image = Image.open(io.BytesIO(entry.content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Unusable(f"is a decompression bomb: far more than {PIXELS >> 20} megapixels") from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        struct.error,
        KeyError,
        IndexError,
    ) as error:
        raise Unusable(_unrecognised(entry.content)) from error
    width, height = image.size
    if width * height > PIXELS:
        raise Unusable(f"is a decompression bomb: {width}x{height} pixels, more than {PIXELS >> 20} megapixels")
    if image.mode == "F":
        raise Unusable("holds floating-point numbers, which have no scale as a picture; save it as 8 or 16 bits")
    return image


def _unrecognised(content: bytes) -> str:
    kind = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), "")
    if kind:
        return f"is truncated or damaged: it starts as a {kind} and its header can't be read"
    if content[4:8] == b"ftyp":
        brand = content[8:12].decode("latin1").strip()
        return f"is of the unsupported kind {brand!r}; convert it to PNG or JPEG"
    head = content[:32].decode("utf-8-sig", "ignore").strip()
    if head and all(letter.isprintable() or letter.isspace() for letter in head):
        return f"is not a picture: it holds text that starts with {head!r}"
    return "is not a picture of a known kind (PNG, JPEG, WebP, GIF, BMP, TIFF, PPM)"


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, EOFError | struct.error) or "truncated" in text or "unrecognized data" in text:
        return "is truncated: it ends before the picture does"
    return f"is damaged: {text or type(error).__name__}"


def _draft(image: Image.Image, shape: Shape) -> None:
    """Lets the JPEG decoder do most of a large reduction; twice the size is kept for the filter."""
    scale = 2 * shape.size / ruling_side(image.size, shape.fit)
    if scale < 1:
        image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF orientation says."""
    if image.format in (None, "GIF", "BMP", "PPM") or "exif" not in image.info and image.format != "TIFF":
        return image
    return ImageOps.exif_transpose(image)


def _channelled(image: Image.Image, channels: int) -> Image.Image:
    """Grey, colour, or colour with alpha; what is transparent is laid on white unless alpha is kept."""
    if image.mode in DEEP:
        deep = np.asarray(image).astype(np.int64)
        image = Image.fromarray((deep.clip(0, 65535) >> 8).astype(np.uint8))
    if channels == 4:
        return image.convert("RGBA")
    if image.mode == ("L" if channels == 1 else "RGB") and "transparency" not in image.info:
        return image
    if image.has_transparency_data:
        over = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
    return image.convert("L" if channels == 1 else "RGB")


def _resized(image: Image.Image, size: tuple[int, int], box: tuple[int, int, int, int] | None = None) -> Image.Image:
    box = box or (0, 0, *image.size)
    if (box[2] - box[0], box[3] - box[1]) == size:
        return image if size == image.size else image.crop(box)
    return image.resize(size, Image.Resampling.BICUBIC, box)
