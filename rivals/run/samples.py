"""Samples of a run: drawn from fixed codes as it trains, and on demand."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from rivals.latent.named import named_sheets
from rivals.latent.neighbours import in_order
from rivals.latent.sheets import explore_sheets, real_points
from rivals.loop import seed_of, set_random_state
from rivals.recipes.recipe import Setup
from rivals.report.grid import picture_grid, save_png
from rivals.report.points import scatter
from rivals.run.progress import say
from rivals.whole import whole_file

PICTURES, POINTS = 64, 2500


class SampleWriter:
    """Draws what has been learned, always from the same codes, as a grid of pictures or as a cloud of points."""

    def __init__(self, setup: Setup, source: Any, seed: int) -> None:
        self.setup, self.source, self.seed = setup, source, seed
        self.pictures = "image" in source.spec

    def draw(self, n: int, seed: int) -> torch.Tensor:
        """n samples in the network's range, a function of the seed alone."""
        set_random_state(seed_of(self.seed, 4), seed)
        return self.setup.sample(n)

    def picture(self) -> Image.Image:
        """The samples of the fixed codes as one image."""
        if self.pictures:
            return picture_grid(self.source.restore(self.draw(PICTURES, 0)), columns=8)
        fake = self.source.restore(self.draw(POINTS, 0))
        return scatter(fake, self.real(POINTS))

    def real(self, n: int) -> np.ndarray:
        """n real samples in data units."""
        parts: list[np.ndarray] = []
        count = 0
        for part in in_order(self.source, "image" if self.pictures else "point"):
            parts.append(self.source.restore(part))
            count += len(part)
            if count >= n:
                break
        return np.concatenate(parts)[:n]

    def write(self, folder: Path, round: int) -> Image.Image:
        """Writes the samples of this round as a PNG and returns the image."""
        picture = self.picture()
        save_png(picture, folder / f"{round:06d}.png")
        return picture


def check_sample_path(out: Path) -> None:
    """Raises ValueError, before anything is drawn, for a file name that samples cannot be written to."""
    if out.suffix not in ("", ".png", ".npz"):
        raise ValueError(f"--out {out}: samples are written as .png, as .npz, or into a folder (a name without ending)")
    if out.suffix == "" and out.is_file():
        raise ValueError(f"--out {out} is a file; name a folder, or a name ending in .png or .npz")


def write_samples(samples: np.ndarray, out: Path) -> Path:
    """Samples in data units as one image (.png), as arrays (.npz, key `samples`), or a file each in a folder."""
    pictures = samples.ndim == 4
    if out.suffix == ".npz":
        with whole_file(out) as part:
            np.savez_compressed(part, samples=samples)
    elif out.suffix == ".png":
        save_png(picture_grid(samples) if pictures else scatter(samples), out)
    elif pictures:
        for index, sample in enumerate(samples):
            save_png(picture_grid(sample[None], columns=1, scale=1, gap=0), out / f"{index:06d}.png")
    else:
        raise ValueError(f"--out {out}: points are written as .npz or .png")
    return out


def explored(learned: Any, seed: int) -> dict[str, Image.Image]:
    """The sheets of `rivals explore` for a run. Raises ValueError if it has no codes to walk in."""
    setup, source = learned.setup, learned.source
    if setup.generate is None or setup.prior is None:
        raise ValueError(f"{learned.config.recipe} has no latent codes to explore; use `rivals sample {learned.path}`")
    real = None
    try:
        real = learned.data()
    except ValueError as error:
        say(f"no nearest training pictures: {error}")
    set_random_state(seed_of(seed, 5))
    codes = setup.prior(1)

    def generate(z: torch.Tensor) -> np.ndarray:
        return source.restore(setup.generate(z.to(codes)))

    sheets = explore_sheets(generate, codes.shape[1], setup.prior, real, source.restore)
    if setup.codes is not None:
        under = real_points(real, source.restore) if "point" in source.spec else None
        sheets |= named_sheets(generate, setup.prior, setup.codes.places, setup.codes.numbers, under)
    return sheets
