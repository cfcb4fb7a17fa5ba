import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rivals.data.decode import SIZES, Shape, Unusable, fitted, look, pixels
from rivals.data.shelf import Entry
from tests.data.conftest import encoded, noise

sides = st.integers(1, 40)


def made(image: Image.Image | bytes, shape: Shape, kind: str = "PNG") -> np.ndarray:
    return pixels(Entry("x", image if isinstance(image, bytes) else encoded(image, kind)), shape)


@settings(deadline=None, max_examples=60)
@given(width=sides, height=sides, size=st.sampled_from(SIZES[:3]), fit=st.sampled_from(["crop", "pad", "stretch"]))
def test_every_picture_is_brought_to_its_size_or_named_as_too_small(
    width: int, height: int, size: int, fit: str
) -> None:
    side = max(width, height) if fit == "pad" else min(width, height)
    if 2 * side < size:
        with pytest.raises(Unusable, match=f"is {width}x{height}, less than half of {size}x{size}"):
            made(noise(width, height), Shape(size, 3, fit))
    else:
        assert made(noise(width, height), Shape(size, 3, fit)).shape == (3, size, size)


@settings(deadline=None, max_examples=40)
@given(size=st.sampled_from(SIZES[:3]), extra=st.integers(0, 20), wide=st.booleans())
def test_crop_takes_the_centre_square_unchanged(size: int, extra: int, wide: bool) -> None:
    image = noise(size + extra * wide, size + extra * (not wide))
    array, at = np.asarray(image).transpose(2, 0, 1), extra // 2
    centre = array[:, :, at : at + size] if wide else array[:, at : at + size]
    assert np.array_equal(made(image, Shape(size, 3)), centre)


@settings(deadline=None, max_examples=40)
@given(size=st.sampled_from(SIZES[:3]), short=st.integers(1, 32), wide=st.booleans())
def test_pad_keeps_the_whole_picture_on_white(size: int, short: int, wide: bool) -> None:
    short = min(short, size)
    image = Image.new("RGB", (size, short) if wide else (short, size))
    black = made(image, Shape(size, 3, "pad"))[0] == 0
    assert black.sum() == size * short
    margins = np.flatnonzero(black.any(axis=1 if wide else 0))
    assert len(margins) == short and margins[0] == (size - short) // 2


def test_stretch_uses_the_whole_picture() -> None:
    image = Image.new("L", (32, 8))
    image.paste(255, (16, 0, 32, 8))
    assert made(image, Shape(8, 1, "stretch"))[0].mean() == pytest.approx(127.5, abs=3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    upright = Image.new("L", (16, 16))
    upright.paste(255, (0, 0, 5, 9))
    stored = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }[orientation]  # fmt: skip
    turned = upright
    for step in stored:
        turned = turned.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    turned.save(buffer, "PNG", exif=exif)
    assert np.array_equal(made(buffer.getvalue(), Shape(16, 1))[0], np.asarray(upright))


def test_modes_follow_stated_rules() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert (made(clear, Shape(8, 3)) == 255).all(), "what is transparent lies on white"
    assert (made(clear, Shape(8, 1)) == 255).all()
    assert made(clear, Shape(8, 4))[:, 0, 0].tolist() == [255, 0, 0, 0]
    assert made(Image.new("RGB", (8, 8), (9, 8, 7)), Shape(8, 4))[:, 0, 0].tolist() == [9, 8, 7, 255]
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    assert made(palette, Shape(8, 3))[:, 0, 0].tolist() == [10, 20, 30]
    assert (made(Image.new("1", (8, 8), 1), Shape(8, 1)) == 255).all()
    cmyk = made(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), Shape(8, 3), "TIFF")[:, 0, 0]
    assert cmyk.tolist() == [255, 0, 0]
    deep = Image.fromarray(np.full((8, 8), 0x80FF, np.uint16))
    assert (made(deep, Shape(8, 1)) == 0x80).all() and made(deep, Shape(8, 3)).shape == (3, 8, 8)


def test_a_palette_of_greys_is_grey() -> None:
    grey, colour = Image.new("P", (8, 8)), Image.new("P", (8, 8))
    grey.putpalette([0, 0, 0, 99, 99, 99])
    colour.putpalette([0, 0, 0, 99, 98, 99])
    assert look(Entry("x", encoded(grey))).grey and not look(Entry("x", encoded(colour))).grey


def test_a_large_jpeg_is_reduced_as_without_the_shortcut() -> None:
    image = noise(8, 8).resize((1024, 768), Image.Resampling.BICUBIC)
    short = made(image, Shape(32, 3), "JPEG").astype(int)
    plain = Image.open(io.BytesIO(encoded(image, "JPEG")))
    whole = np.asarray(fitted(plain.convert("RGB"), Shape(32, 3))).transpose(2, 0, 1).astype(int)
    assert np.abs(short - whole).mean() < 1.0


def bomb() -> bytes:
    content = bytearray(encoded(Image.new("1", (8, 8))))
    content[16:24] = (30_000).to_bytes(4, "big") * 2
    import zlib

    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


PNG, JPEG = encoded(noise(64, 64)), encoded(noise(64, 64), "JPEG")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (PNG[: len(PNG) // 2], "is truncated"),
        (JPEG[: len(JPEG) // 2], "is truncated"),
        (PNG[:12], "is truncated or damaged: it starts as a PNG"),
        (JPEG[:10], "is truncated or damaged: it starts as a JPEG"),
        (b"hello, I am no picture", "is not a picture: it holds text that starts with 'hello, I am no picture'"),
        (b"<svg xmlns='x'>", "is not a picture: it holds text"),
        (bytes(range(7, 200)), "is not a picture of a known kind"),
        (b"\0\0\0\x18ftypheic" + bytes(30), "unsupported kind 'heic'; convert it"),
        (bomb(), "is a decompression bomb"),
        (encoded(Image.new("F", (8, 8)), "TIFF"), "floating-point"),
    ],
)
def test_every_bad_file_has_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        made(content, Shape(8, 3))


@settings(deadline=None, max_examples=150)
@given(
    cut=st.integers(0, len(PNG) - 1), flips=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 255)), max_size=4)
)
def test_damage_gives_a_picture_or_a_reason_and_nothing_else(cut: int, flips: list[tuple[int, int]]) -> None:
    for whole in (PNG, JPEG):
        content = bytearray(whole[: max(1, cut)] if cut % 3 else whole)
        for at, change in flips:
            content[at % len(content)] ^= change
        try:
            assert made(bytes(content), Shape(16, 3)).shape == (3, 16, 16)
        except Unusable as reason:
            assert str(reason)


def test_advice_names_sizes_that_work() -> None:
    with pytest.raises(Unusable, match="is 20x20, less than half of 64x64; use --size 16 or 32"):
        made(noise(20, 20), Shape(64, 3))
    with pytest.raises(Unusable, match="is 2x2, less than half of 8x8; too small for any size"):
        made(noise(2, 2), Shape(8, 3))
