"""Editing a given picture in a run: its code, what is wished of it, and the way back to the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from rivals.data.pictures import pixels_of
from rivals.data.shelf import is_picture
from rivals.latent.constrained import Wish, carried, coloured, constrained, filled, shaped, softened, standardised
from rivals.latent.descent import Descent
from rivals.latent.invert import Inverted
from rivals.latent.walks import lerp, slerp
from rivals.report.grid import LETTERS, NAME, picture_grid, save_png
from rivals.report.ink import shorten
from rivals.run.directions import shift
from rivals.run.given import all_pictures, check_laid, colour_of, drawing, marked, one_picture, shape_of
from rivals.run.inversion import about, inverted, settled
from rivals.run.progress import say
from rivals.run.wishes import Inversion, Wishes
from rivals.run.workbench import Workbench

AT_ONCE = 64
FRAMES = 24
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".npz", ".parquet")
MARGIN = 8
"""The share of a picture's side, one in so many, over which an edit fades out around its place."""


@dataclass(frozen=True)
class Edited:
    """Pictures (n, C, H, W) before and after, and what was between."""

    names: list[str]
    original: Tensor
    found: Inverted
    codes: Tensor
    """The edited codes (n, latent)."""
    made: Tensor
    """What the generator makes of them."""
    edited: Tensor
    """The edit on the original."""
    soft: Tensor
    """Where the edit reaches (1, H, W), 0 to 1."""

    def sheet(self, most: int = 8) -> Image.Image:
        """Original, inverted, edited code and edited picture side by side, a row a picture; some of many."""
        count = len(self.names)
        some = np.linspace(0, count - 1, min(most, count)).round().astype(int)
        columns = [self.original, self.found.made, self.made, self.edited]
        rows = torch.stack([each[some].cpu() for each in columns], 1)
        return picture_grid(
            pixels_of(rows.flatten(0, 1)),
            columns=4,
            column_labels=["original", "inverted", "its code edited", "edited"],
            row_labels=[shorten(self.names[place], NAME, LETTERS) for place in some] if count > 1 else (),
            title=f"{len(some)} of {count} pictures" if count > most else "",
        )


def edited(bench: Workbench, path: Path, how: Inversion, wishes: Wishes, *, on_bad_file: str = "error") -> Edited:
    """A picture, or every picture of a folder, edited. Raises ValueError for what cannot be read or wished."""
    shape = shape_of(bench.learned)
    given = all_pictures(path, shape, on_bad_file) if path.is_dir() else one_picture(path, shape)
    if wishes.of_place and not path.is_dir():
        for drawn in filter(None, (wishes.strokes, wishes.shape, wishes.mask)):
            check_laid(path, Path(drawn))
    if path.is_dir() and wishes.of_place:
        raise ValueError("strokes, shapes and masks are for one picture; a folder takes --add")
    added = shift(bench, wishes.amounts())  # an unknown direction is said before any work
    original = given.pictures.to(bench.device)
    place = _place(bench, wishes)
    known = 1 - place.where if place and place.wish is None else None
    found = inverted(bench, original, how, known)
    say(about(found, settled(bench, how)))
    start = found.codes + added.to(found.codes)
    codes = _constrained(bench, start, place.wish, wishes) if place and place.wish else start
    with torch.no_grad():
        made = torch.cat([bench.generator(part) for part in codes.split(AT_ONCE)])
    soft = torch.ones_like(original[0, :1]) if place is None or wishes.add else place.soft
    anew = known is not None
    result = filled(original, made, soft) if anew else carried(original, found.made, made, soft)
    return Edited(given.names, original, found, codes, made, result, soft)


@dataclass(frozen=True)
class Place:
    """Where something is wished."""

    where: Tensor  # (1, H, W)
    soft: Tensor  # the same, fading out
    wish: Wish | None
    """None where the picture is to be made anew from the rest of it."""


def _place(bench: Workbench, wishes: Wishes) -> Place | None:
    """What is wished at a place, if anything is. Raises ValueError for drawings that cannot be used."""
    if not wishes.of_place:
        return None
    shape, found = shape_of(bench.learned), list[tuple[Wish | None, Tensor]]()
    if wishes.strokes:
        colour, where = (part.to(bench.device) for part in drawing(Path(wishes.strokes), shape))
        found.append((coloured(colour, where), where))
    if wishes.shape:
        lines = drawing(Path(wishes.shape), shape)[1].to(bench.device)
        where = softened(lines, lines.shape[-1] // MARGIN).gt(0).to(lines.dtype)
        found.append((shaped(lines, where), where))
    if wishes.mask:
        where = marked(Path(wishes.mask), shape).to(bench.device)
        wish = coloured(colour_of(wishes.colour, shape).to(bench.device), where) if wishes.colour else None
        found.append((wish, where))
    where = torch.stack([each for _, each in found]).amax(0)
    wanted = [wish for wish, _ in found if wish]
    return Place(where, softened(where, where.shape[-1] // MARGIN), _all_of(wanted) if wanted else None)


def _all_of(wanted: list[Wish]) -> Wish:
    def together(made: Tensor) -> Tensor:
        return torch.stack([wish(made) for wish in wanted]).sum(0)

    return together


def _constrained(bench: Workbench, start: Tensor, wish: Wish, wishes: Wishes) -> Tensor:
    """The codes that do what is wished, with a word on how that went."""
    judge, own = bench.judge(), bench.own()
    codes = constrained(
        bench.generator,
        start,
        wish,
        Descent(wishes.edit_steps),
        closeness=wishes.closeness,
        judge=standardised(judge, own) if judge else None,
        realism=wishes.realism,
    )
    with torch.no_grad():
        before, after = bench.generator(start), bench.generator(codes)
        text = f"wish missed by {float(wish(before)):.4f}, then {float(wish(after)):.4f}"
        text += f"; code moved by {float((codes - start).norm()):.2f}"
        if judge:
            share = float((judge(own) < judge(after)).float().mean())
            text += f"; the discriminator finds it more real than {share:.0%} of this run's own samples"
    say(text)
    return codes


def frames(bench: Workbench, done: Edited, count: int = FRAMES) -> list[Image.Image]:
    """The way from a picture to its edit: what the generator makes of the codes between, and the picture with that."""
    between = lerp(done.found.codes[0], done.codes[0], count)
    with torch.no_grad():
        made = bench.generator(between)
    return _side_by_side(made, carried(done.original, done.found.made, made, done.soft))


@dataclass(frozen=True)
class Way:
    """The way from one picture to another."""

    found: Inverted
    """Of both pictures."""
    made: Tensor
    """What the generator makes of the codes between, (frames, C, H, W)."""
    pictures: Tensor
    """The same with what the generator misses of either picture fading over, so that both ends are exact."""

    def frames(self) -> list[Image.Image]:
        return _side_by_side(self.made, self.pictures)

    def sheet(self, columns: int = 8) -> Image.Image:
        """Some of the way, as generated and as pictures."""
        chosen = torch.linspace(0, len(self.made) - 1, columns).round().long()
        rows = torch.cat([self.made.cpu()[chosen], self.pictures.cpu()[chosen]])
        return picture_grid(pixels_of(rows), columns=columns, row_labels=["generated", "pictures"])


def morphed(bench: Workbench, first: Path, second: Path, how: Inversion, count: int = FRAMES) -> Way:
    """The way from one picture to another, along the great circle between their codes."""
    shape = shape_of(bench.learned)
    pair = torch.cat([one_picture(path, shape).pictures for path in (first, second)]).to(bench.device)
    found = inverted(bench, pair, how)
    say(about(found, settled(bench, how)))
    with torch.no_grad():
        made = bench.generator(slerp(found.codes[0], found.codes[1], count))
    t = torch.linspace(0, 1, count, device=made.device)[:, None, None, None]
    missed = pair - found.made
    return Way(found, made, (made + (1 - t) * missed[:1] + t * missed[1:]).clamp(-1, 1))


def check_way(image: Path, wishes: Wishes) -> None:
    """Raises ValueError, before any work, where a film has no way to show: of many pictures, or without a wish."""
    if image.is_dir():
        raise ValueError("--film shows one picture; give one in place of the folder")
    if not (wishes.add or wishes.strokes or wishes.shape or wishes.colour):
        raise ValueError("--film shows the way of an edit; give --add, --strokes, --shape, --colour or --to")


def check_paths(image: Path, out: str, film: str = "", others: Iterable[str] = ()) -> Path:
    """Where the edit goes, of a picture or of a folder of pictures; `others` are what else is read for it.

    Raises ValueError for a picture that is not there, a name that is not a picture's, and what would be overwritten.
    """
    if not image.exists():
        raise ValueError(f"{image}: no such picture or folder")
    if image.is_file() and image.name.lower().endswith(ARCHIVES):
        raise ValueError(f"{image} is an archive; unpack it, and give the folder")
    path = Path(out or ("edited" if image.is_dir() else "edited.png"))
    if image.is_dir() and (path.is_file() or is_picture(path.name)):
        raise ValueError(f"--out {path}: the pictures of a folder go into a folder (a name without ending)")
    if not image.is_dir() and path.suffix != ".png":
        raise ValueError(f"--out {path}: the edited picture is written as .png")
    read = [Path(each).resolve() for each in (image, *filter(None, others))]
    for option, place in (("--out", path), ("--out", sheet_path(image, path)), ("--film", Path(film or path))):
        written = place.resolve()
        if written in read or any(each in written.parents for each in read):
            raise ValueError(f"{option}: {place} would be written over what is given; name another place")
    return path


def sheet_path(image: Path, out: Path) -> Path:
    """Where the sheet goes: beside the edit."""
    return out.with_name(f"{out.name if image.is_dir() else out.stem}-sheet.png")


def written(done: Edited, image: Path, out: Path) -> list[Path]:
    """Writes the edited pictures and their sheet. Returns where they are."""
    sheet = done.sheet()
    for name, picture in zip(apart(done.names), done.edited.cpu().split(1), strict=True):
        save_png(single(picture), out / name if image.is_dir() else out)
    return [out, save_png(sheet, sheet_path(image, out))]


def apart(names: list[str]) -> list[str]:
    """The names of pictures with .png in place of their endings, or behind them where two would become one."""
    plain = [str(Path(name).with_suffix(".png")) for name in names]
    return [png if plain.count(png) == 1 else f"{name}.png" for name, png in zip(names, plain, strict=True)]


def single(picture: Tensor) -> Image.Image:
    """One picture (1, C, H, W), pixel by pixel."""
    return picture_grid(pixels_of(picture), columns=1, scale=1, gap=0)


def _side_by_side(made: Tensor, pictures: Tensor) -> list[Image.Image]:
    """Frames with what the generator makes beside the picture that it is carried to."""
    both = torch.stack([made, pictures], 1).cpu()
    return [picture_grid(pixels_of(each), columns=2, column_labels=["generated", "picture"], scale=8) for each in both]
