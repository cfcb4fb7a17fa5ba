"""Samples of a run: drawn from fixed codes as it trains, and on demand."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from rivals.data.shelf import TABLE
from rivals.latent.coded import coded_sheets, manifold_sheet
from rivals.latent.completion import completion_sheet
from rivals.latent.named import named_sheets
from rivals.latent.neighbours import in_order
from rivals.latent.sheets import ROWS, explore_sheets, neighbour_sheet, real_points
from rivals.loop import seed_of, set_random_state
from rivals.recipes.recipe import Setup
from rivals.report.grid import grouped_grid, picture_grid, save_png
from rivals.report.points import scatter
from rivals.run.environment import device_of
from rivals.run.opening import held_out
from rivals.run.progress import say
from rivals.whole import whole_file, whole_folder

PICTURES, COLUMNS, POINTS = 64, 8, 2500


class SampleWriter:
    """Draws what has been learned, always from the same codes, as a grid of pictures or as a cloud of points."""

    def __init__(self, setup: Setup, source: Any, seed: int) -> None:
        self.setup, self.source, self.seed = setup, source, seed
        self.pictures = "image" in source.spec

    def draw(self, n: int, seed: int, condition: str = "") -> torch.Tensor:
        """n samples in the network's range, a function of the seed and of what is asked for."""
        setup = asked(self.setup, condition)
        set_random_state(seed_of(self.seed, 4), seed)
        return setup.sample(n)

    def picture(self) -> Image.Image:
        """The samples of the fixed codes as one image; a row a condition, of the same codes, where there are such."""
        if self.pictures and self.setup.conditions and self.setup.conditions.shown:
            words = self.setup.conditions.shown
            return grouped_grid([self.source.restore(self.draw(COLUMNS, 0, each)) for each in words], words, COLUMNS)
        if self.pictures:
            return picture_grid(self.source.restore(self.draw(PICTURES, 0)), columns=COLUMNS)
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


def asked(setup: Setup, condition: str) -> Setup:
    """The setup bound to a condition in words; as it is without one.

    Raises ValueError for words that are not known, and for a condition where the recipe takes none.
    """
    if not condition.strip():
        return setup
    if setup.conditions is None:
        raise ValueError(
            "--condition: this run can't be asked for anything; a run of a conditional recipe can, as cgan"
        )
    return setup.conditions.under(setup.conditions.parse(condition))


def check_sample_path(out: Path) -> None:
    """Raises ValueError, before anything is drawn, for a name that samples cannot be written to."""
    if out.suffix not in ("", ".png", ".npz"):
        raise ValueError(f"--out {out}: samples are written as .png, as .npz, or into a folder (a name without ending)")
    if out.suffix == "" and out.is_file():
        raise ValueError(f"--out {out} is a file; name a folder, or a name ending in .png or .npz")
    if out.suffix == "" and out.is_dir() and any(out.iterdir()):
        raise ValueError(f"--out {out} is not empty; name a new folder, or a name ending in .png or .npz")


def write_samples(samples: np.ndarray, out: Path, conditions: Sequence[str] = (), kind: str = "text") -> Path:
    """Samples in data units as one image (.png), as arrays (.npz, key `samples`), or a file each in a folder.

    With `conditions` the samples are equally many of each, one after the other: the image names them, and the arrays
    have a key `conditions` with the words for each sample, as a folder has a tags.csv with them, headed by their
    `kind` (label, tags or text): it can be trained on as it is.
    """
    pictures = samples.ndim == 4
    if out.suffix == ".npz":
        with whole_file(out) as part:
            if conditions:
                each = np.repeat(conditions, len(samples) // len(conditions))
                np.savez_compressed(part, samples=samples, conditions=each)
            else:
                np.savez_compressed(part, samples=samples)
    elif out.suffix == ".png" and pictures and conditions:
        groups = np.split(samples, len(conditions))
        save_png(grouped_grid(groups, conditions, even_columns(len(groups[0]))), out)
    elif out.suffix == ".png":
        save_png(picture_grid(samples) if pictures else scatter(samples), out)
    elif pictures:
        with whole_folder(out) as part:
            for index, sample in enumerate(samples):
                save_png(picture_grid(sample[None], columns=1, scale=1, gap=0), part / f"{index:06d}.png")
            if conditions:
                _write_conditions(part / TABLE, [*np.repeat(conditions, len(samples) // len(conditions))], kind)
    else:
        raise ValueError(f"--out {out}: points are written as .npz or .png")
    return out


def _write_conditions(path: Path, conditions: Sequence[str], kind: str) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("file", kind))
        rows.writerows((f"{index:06d}.png", words) for index, words in enumerate(conditions))


def even_columns(n: int) -> int:
    """How many of n pictures stand in a row, at most 8, so that all rows are about as full."""
    return -(-n // -(-n // COLUMNS))


def explored(learned: Any, seed: int, condition: str = "") -> dict[str, Image.Image]:
    """The sheets of `rivals explore` for a run, all under one condition where it can be asked for some.

    Raises ValueError if it has no codes to walk in.
    """
    setup, source = learned.setup, learned.source
    if setup.conditions and setup.generate is None and not condition:
        condition = next(iter(setup.conditions.shown), "")
        say(f"all of {condition!r}; --condition asks for another")
    setup = asked(setup, condition)
    if setup.complete is None and (setup.generate is None or setup.prior is None):
        raise ValueError(f"{learned.config.recipe} has no latent codes to explore; use `rivals sample {learned.path}`")
    real = None
    try:
        real = learned.data()
    except ValueError as error:
        say(f"no nearest training pictures: {error}")
    set_random_state(seed_of(seed, 5))
    if setup.generate is None or setup.prior is None:
        return completed(learned, real)
    codes = setup.prior(1)

    def generate(z: torch.Tensor) -> np.ndarray:
        return source.restore(setup.generate(z.to(codes)))

    sheets = explore_sheets(generate, codes.shape[1], setup.prior, real, source.restore)
    if codes.shape[1] == 2 and "image" in source.spec:
        sheets["manifold"] = manifold_sheet(generate, setup.prior)
    if setup.encode is not None and real is not None:
        some, _ = some_real(learned, real, PICTURES // 2 if "image" in source.spec else POINTS)
        sheets |= coded_sheets(generate, setup.encode, some.to(codes), source.restore)
    if setup.codes is not None:
        under = real_points(real, source.restore) if "point" in source.spec else None
        sheets |= named_sheets(generate, setup.prior, setup.codes.places, setup.codes.numbers, under)
    return sheets


def completed(learned: Any, real: Any) -> dict[str, Image.Image]:
    """The sheets of a model without codes: samples, and beside its data `real` completions and nearest neighbours."""
    setup, source = learned.setup, learned.source
    made = source.restore(setup.sample(PICTURES))
    sheets = {"random": picture_grid(made, columns=8, title="Samples")}
    if real is not None:
        pictures, about = some_real(learned, real, ROWS)
        sheets["completions"] = completion_sheet(setup.complete, pictures, source.restore, about)
        sheets["neighbours"] = neighbour_sheet(made[:ROWS], real, source.restore)
    return sheets


def some_real(learned: Any, real: Any, n: int) -> tuple[torch.Tensor, str]:
    """At most n real samples in the network's range, and whose they are: of the test split, if there is one."""
    run = learned.config.run
    field, spec = next(iter(learned.source.spec.items()))
    if field == "image":
        run = replace(run, size=spec.shape[1], channels=spec.shape[0])
    unseen = held_out(run, device_of(run.device))
    chosen, about = (real, "Training pictures") if unseen is None else (unseen, "Pictures of the test split")
    index = torch.linspace(0, len(chosen) - 1, min(n, len(chosen)), dtype=torch.float64).long()
    return chosen.batch(index, torch.zeros_like(index))[field], about
