"""Samples of a run: drawn from fixed codes as it trains, and on demand."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from rivals.fit import seed_of, set_random_state
from rivals.latent.neighbours import in_order
from rivals.recipes.recipe import Setup
from rivals.report.grid import picture_grid, save_png
from rivals.report.points import scatter

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
        parts, count = [], 0
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
