"""rivals edit DIR IMAGE"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import tyro

from rivals.cli.arguments import once, parsed
from rivals.run.wishes import Inversion, Wishes

ABOUT = """Finds the code of a given picture in a run, moves it as wished, and carries the edit back to the picture.

examples:
  rivals edit runs/a face.png                                   finds its code; the sheet shows what the run has
  rivals edit runs/a face.png --add smiling=1.5 --add pc3=-2    along directions (rivals directions finds some)
  rivals edit runs/a face.png --strokes strokes.png             brush strokes on a transparent ground
  rivals edit runs/a face.png --mask mouth.png --colour red     a colour in the white of a mask
  rivals edit runs/a face.png --mask hole.png                   the white of a mask made anew
  rivals edit runs/a face.png --to other.png --film morph.webp  on the way to another picture
  rivals edit runs/a photos/ --add smiling=1.5 --out smiling/   a whole folder

Beside the edited picture it writes a sheet: original, inverted, its code edited, edited. docs/editing.md tells more."""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    image: tyro.conf.Positional[str]
    """A picture, or a folder of pictures."""
    wishes: Wishes = field(default_factory=Wishes)
    inversion: Inversion = field(default_factory=Inversion)
    to: str = ""
    """Another picture to go to; --out is then the sheet of the way."""
    condition: str = ""
    """What the run is to make, where it heeds conditions."""
    out: str = ""
    """The edited picture (.png), or a folder for a folder; edited.png or edited/ if empty."""
    on_bad_file: Literal["error", "skip"] = "error"
    """What to do about a picture of a folder that cannot be used."""
    film: str = ""
    """A name ending in .mp4 (extra: video), .gif or .webp for a film of the way."""
    fps: float = 12.0
    """Frames a second of the film."""
    seed: int = 0
    """Of the codes that descents start from."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Writes the edited picture, the sheet and the film, and prints their names."""
    once(arguments, "--condition")
    given = parsed(Arguments, arguments, command="edit", about=ABOUT)
    from rivals.report.film import check_film, film
    from rivals.report.grid import save_png
    from rivals.run.edit import check_paths, check_way, edited, frames, morphed, written
    from rivals.run.run import load
    from rivals.run.workbench import Workbench

    if given.film:
        check_film(Path(given.film), given.fps)
    if given.to and (given.wishes.add or given.wishes.of_place):
        raise ValueError("--to goes to another picture as it is; leave out what else is wished")
    image = Path(given.image)
    if given.film and not given.to:
        check_way(image, given.wishes)
    wished = given.wishes
    out = check_paths(image, given.out, given.film, (given.to, wished.strokes, wished.shape, wished.mask))
    bench = Workbench(load(given.folder, device=given.device), condition=given.condition, seed=given.seed)
    if given.to:
        way = morphed(bench, image, Path(given.to), given.inversion)
        print(save_png(way.sheet(), out))
        shots = way.frames()
    else:
        done = edited(bench, image, given.inversion, given.wishes, on_bad_file=given.on_bad_file)
        shots = frames(bench, done) if given.film else []
        print(*written(done, image, out), sep="\n")
    if given.film:
        print(film(shots, Path(given.film), given.fps))
    return 0
