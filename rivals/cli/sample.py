"""rivals sample DIR"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from rivals.cli.arguments import parsed
from rivals.run.progress import say

ABOUT = """Draws samples from what a run has learned.

examples:
  rivals sample runs/a -n 64 --out grid.png        a grid
  rivals sample runs/a -n 2500 --out samples.npz   raw arrays, key `samples`
  rivals sample runs/a -n 100 --out folder/        a file a sample
  rivals sample runs/a -n 16 --condition "blue hair, red eyes" --condition "pink hair" """


@dataclass(frozen=True)
class Arguments:
    folder: tyro.conf.Positional[str]
    """The run's folder."""
    n: Annotated[int, tyro.conf.arg(aliases=["-n"])] = 64
    """How many; in equal parts of each condition, so that it may be a few more."""
    condition: tyro.conf.UseAppendAction[tuple[str, ...]] = ()
    """What a run is asked for: a class, tags, a sentence, codes of infogan (c1=3); may be given several times."""
    seed: int = 0
    """Another seed, other samples."""
    out: str = "samples.png"
    """A .png (grid or scatter), an .npz (arrays in the data's units), or a new folder for a file a sample."""
    device: str = "auto"
    """auto, cpu or cuda."""


def run(arguments: list[str]) -> int:
    """Writes the samples and prints where they are."""
    given = parsed(Arguments, arguments, command="sample", about=ABOUT)
    if given.n < 1:
        raise ValueError(f"-n must be at least 1, found {given.n}")
    if not given.out.strip():
        raise ValueError("--out is empty; name a .png, an .npz or a folder")
    if not all(map(str.strip, given.condition)):
        raise ValueError("--condition is empty; leave it out for samples of all that the data holds")
    import numpy as np

    from rivals.run.run import load
    from rivals.run.samples import check_sample_path, write_samples

    out = Path(given.out)
    check_sample_path(out)
    learned = load(given.folder, device=given.device)
    if learned.session.round == 0:
        say(f"{given.folder} has not been trained yet: these are samples of the networks as they began")
    each = -(-given.n // max(len(given.condition), 1))
    samples = [learned.arrays(each, given.seed, condition) for condition in given.condition or ("",)]
    kind = next((field for field in ("label", "tags", "text") if field in learned.setup.fields), "text")
    print(write_samples(np.concatenate(samples), out, given.condition, kind))
    return 0
