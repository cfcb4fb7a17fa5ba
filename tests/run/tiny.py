"""The smallest runs that still have everything in them."""

from pathlib import Path
from typing import Any

from rivals.run.checkpoint import bits_of, checkpoints, read_checkpoint

EVERY = ("--log-every", 1, "--save-every", 7, "--sample-every", 20)
POINTS = ("r3gan", "--data", "ring", "--batch", 16, "--width", 16, "--discriminator-width", 16, *EVERY)
PICTURES = (
    *("nsgan", "--data", "digits", "--size", 8, "--batch", 8, "--latent", 8, "--width", 8),
    *("--discriminator-width", 8, "--augment", "adaptive", *EVERY),
)
"""DCGAN in channels_last under adaptive augmentation."""


def state_of_run(folder: Path) -> dict[str, Any]:
    """The state in the newest checkpoint, without the seconds that it took."""
    state = read_checkpoint(checkpoints(folder / "checkpoints")[0])
    state["progress"].pop("seconds")
    return state


def bits(folder: Path) -> str:
    """A digest of everything that the run's next round depends on."""
    return bits_of(state_of_run(folder))


def samples(folder: Path) -> dict[str, bytes]:
    """The sample files."""
    return {path.name: path.read_bytes() for path in sorted((folder / "samples").glob("[0-9]*.png"))}
