"""rivals directions DIR"""

from dataclasses import dataclass, field
from typing import Annotated

import tyro

from rivals.cli.arguments import once, parsed
from rivals.recipes.bounds import Count, check_bounds
from rivals.run.wishes import Inversion

ABOUT = """Finds directions in a run's latent space for `rivals edit --add`, and keeps them in DIR/directions.json.

examples:
  rivals directions runs/a                      without labels: sefa1, ... (2007.06600) and pc1, ... (2004.02546)
  rivals directions runs/a --data faces/        a direction for each class folder (or tag) of labelled pictures
  rivals directions runs/a --name pc3=smiling   another name for one

Draws them all on a sheet, a row a direction."""


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    data: str = ""
    """Labelled pictures: a folder of class folders, or any data set with labels or tags."""
    tags: str = ""
    """CSV file of tags or classes of these pictures, where it is not a tags.csv among them or beside them."""
    name: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """An old and a new name, as in pc3=smiling; may be given several times."""
    count: Count = 8
    """Directions of either kind that are found without labels."""
    pictures: Count = 500
    """Labelled pictures that are inverted at most."""
    inversion: Inversion = field(default_factory=Inversion)
    condition: str = ""
    """What the run is to make, where it heeds conditions."""
    out: str = ""
    """The sheet; DIR/directions.png if empty."""
    seed: int = 0
    """Of codes."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Finds or names directions, draws all that there are, and prints their names."""
    once(arguments, "--condition")
    given = parsed(Arguments, arguments, command="directions", about=ABOUT)
    check_bounds(given)
    if given.tags and not given.data:
        raise ValueError(f"--tags {given.tags} tells of the pictures of --data; give both")
    if given.out and not given.out.lower().endswith(".png"):
        raise ValueError(f"--out {given.out}: the sheet is a picture; name a .png file")
    from pathlib import Path

    from rivals.report.grid import save_png
    from rivals.run.directions import keep_directions, labelled, named, read_directions, sheet, unsupervised
    from rivals.run.given import shape_of
    from rivals.run.run import load
    from rivals.run.workbench import Workbench

    bench = Workbench(load(given.folder, device=given.device), condition=given.condition, seed=given.seed)
    shape_of(bench.learned)  # a run that makes no pictures has nothing to edit
    folder = bench.learned.path
    found = named(folder, given.name)
    if given.data:
        found |= labelled(bench, given.data, given.inversion, given.pictures, given.tags)
    elif not given.name:
        found |= unsupervised(bench, given.count)
    keep_directions(folder, found)
    known = read_directions(folder)
    for name, each in known.items():
        print(f"{name:<12} {each.about}" + (f", under {each.condition!r}" if each.condition else ""))
    print(save_png(sheet(bench, known), Path(given.out or folder / "directions.png")))
    return 0
