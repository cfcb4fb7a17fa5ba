"""Pictures one after another as a film."""

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image, ImageOps

from rivals.whole import whole_file

Frame = Image.Image | Path | str


def film(frames: Iterable[Frame], out: Path | str, fps: float = 12) -> Path:
    """Writes `frames` to `out` (.mp4, .gif or .webp); the last is held for a second. Returns `out`.

    Every frame is fitted into the size of the first, made even. An .mp4 holds one frame in memory at a time.

    Raises ValueError for another ending, a rate that is not positive, or no frame, and
    ModuleNotFoundError for .mp4 without PyAV.
    """
    out = Path(out)
    check_film(out, fps)
    pictures = fitted(frames)
    first = next(pictures, None)
    if first is None:
        raise ValueError("there is no frame to film yet; train until samples/ holds a picture")
    with whole_file(out) as part:
        write = write_mp4 if out.suffix.lower() == ".mp4" else write_animation
        write(held(itertools.chain([first], pictures), max(1, round(fps))), part, fps)
    return out


def check_film(out: Path, fps: float) -> None:
    """Raises, before a frame is made, what `film` would raise for a name or a rate that it cannot use."""
    if out.suffix.lower() not in (".mp4", ".gif", ".webp"):
        raise ValueError(f"a film ends in .mp4, .gif or .webp; found {out.name!r}")
    if not 0 < fps <= 240:
        raise ValueError(f"frames a second must be between 0 and 240; found {fps:g}")
    if out.suffix.lower() == ".mp4" and not has_video():
        raise ModuleNotFoundError(
            'This needs PyAV: pip install "rivals[video]" (a name ending in .gif or .webp works without)'
        )


def has_video() -> bool:
    """Whether an .mp4 can be written here."""
    try:
        import av  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True


def fitted(frames: Iterable[Frame]) -> Iterator[Image.Image]:
    """The frames in RGB on white, each fitted into the even size of the first."""
    size = None
    for frame in frames:
        image = flat(frame)
        size = size or (image.width + image.width % 2, image.height + image.height % 2)
        small = image.width < size[0] // 2 and image.height < size[1] // 2
        if image.width > size[0] or image.height > size[1] or small:
            how = Image.Resampling.NEAREST if small else Image.Resampling.LANCZOS
            image = ImageOps.contain(image, size, how)
        if image.size != size:
            page = Image.new("RGB", size, "white")
            page.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
            image = page
        yield image


def flat(frame: Frame) -> Image.Image:
    """A frame, or the file of that name, as RGB; what is transparent becomes white."""
    if not isinstance(frame, Image.Image):
        with Image.open(frame) as file:
            file.load()
            frame = file
    if frame.mode in ("RGBA", "LA", "P"):
        frame = frame.convert("RGBA")
        frame = Image.alpha_composite(Image.new("RGBA", frame.size, "white"), frame)
    return frame.convert("RGB")


def held(frames: Iterable[Image.Image], times: int) -> Iterator[Image.Image]:
    """The frames, the last of them `times` more."""
    last = None
    for last in frames:
        yield last
    if last is not None:
        yield from itertools.repeat(last, times)


def write_mp4(frames: Iterator[Image.Image], path: Path, fps: float) -> None:
    """H.264 in an .mp4, as browsers and slides play it, one frame at a time."""
    from fractions import Fraction

    import av

    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001), options={"crf": "18"})
        stream.pix_fmt = "yuv420p"
        first = next(frames)
        stream.width, stream.height = first.size
        for image in itertools.chain([first], frames):
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())


def write_animation(frames: Iterator[Image.Image], path: Path, fps: float) -> None:
    """A .gif or .webp that repeats for ever."""
    first = next(frames)
    first.save(path, save_all=True, append_images=list(frames), duration=round(1000 / fps), loop=0, quality=90)
