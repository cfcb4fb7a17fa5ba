"""The first two minutes: a GAN on the embedded digits, with everything that a run leaves."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rivals.report.film import film
from rivals.run.run import configured, train_config

PERCEPTRONS: dict[str, Any] = {
    "network": "mlp", "width": 256, "depth": 3, "discriminator_width": 256, "discriminator_depth": 3, "augment": "none",
}  # fmt: skip
"""On 8x8 pixels they beat convolutions, which have a single step from 4x4 to go."""
ROUNDS_A_MINUTE = 5_000
"""On one core of a processor of 2023; the schedule should end with the time."""


def demo(minutes: float, out: str, seed: int) -> dict[str, str]:
    """Trains r3gan on the digits, by perceptrons; where its samples, film and report are, and its scores."""
    folder = free_folder(Path(out))
    wishes = PERCEPTRONS | {
        "data": "digits", "out": str(folder), "minutes": minutes, "rounds": max(1, round(ROUNDS_A_MINUTE * minutes)),
        "seed": seed, "sample_every": 100, "threads": 1,
    }  # fmt: skip
    run = train_config(configured("r3gan", wishes))
    frames = sorted((folder / "samples").glob("*.png"))
    reel = film(frames, folder / ("film.mp4" if find_spec("av") else "film.webp"))
    scores = {name: score["value"] for name, score in run.scores(2500, seed)["scores"].items()}
    return {
        "samples": str(frames[-1]),
        "film": str(reel),
        "report": str(folder / "report.html"),
        "scores": ", ".join(f"{name} {value:.3f}" for name, value in scores.items() if value is not None),
    }


def free_folder(wish: Path) -> Path:
    """The folder itself, or the first of its name with a number behind it that is not there yet."""
    names = [wish, *(wish.with_name(f"{wish.name}-{number}") for number in range(2, 1000))]
    return next(name for name in names if not name.exists())
