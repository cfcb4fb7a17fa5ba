"""From options to data, and options that suit the data."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rivals.data.names import NAMED, TOYS
from rivals.recipes.options import BY_AMOUNT, Networks
from rivals.run.config import RunOptions

SMALL = 5_000
"""Pictures below which augmentation is on by default (2006.06676, fig. 1, finds overfitting from there on)."""
MAPPING = 4
"""Layers of a mapping network on as many pictures or more."""

Say = Callable[[str], None]


def open_data(run: RunOptions, device: str, *, say: Say, split: str = "train") -> Any:
    """The source that the options of a run name. Raises ValueError for data that cannot be used."""
    from rivals.data.load import load

    source = load(
        run.data,
        size=run.size or None,
        channels=run.channels or None,
        fit=run.fit,
        flip=run.flip,
        on_bad_file=run.on_bad_file,
        tags=run.tags,
        device=device,
        split=split,
        say=say,
    )
    say(f"data: {source.describe()}")
    return source


def held_out(run: RunOptions, device: str) -> Any:
    """The test split of a toy or a named set, which training never sees; None for data without one."""
    if run.data not in TOYS and run.data not in NAMED:
        return None
    try:
        return open_data(run, device, say=lambda line: None, split="test")
    except ValueError:
        return None


def suited(options: Any, preset: Any, source: Any, *, small_data: str, say: Say) -> Any:
    """The options with what the amount of data decides.

    Augmentation on small sets, a batch that they can fill; a mapping network on large ones (its generator may leave
    out what is rare, which on small ones was nearly everything).

    Raises ValueError if the user has chosen another batch than the preset's and there are fewer samples.
    """
    batch = options.training.batch
    if len(source) < batch:
        if batch != preset.training.batch:
            raise ValueError(
                f"{len(source)} pictures are fewer than --batch {batch}; use --batch {len(source)} or less"
            )
        say(f"batch of {len(source)}: there are fewer samples than {batch}")
        options = replace(options, training=replace(options.training, batch=len(source)))
    small = "image" in source.spec and len(source) < SMALL
    networks = getattr(options, "networks", None)
    if isinstance(networks, Networks) and networks.mapping == BY_AMOUNT:
        layers = MAPPING if "image" in source.spec and not small else 0
        options = replace(options, networks=replace(networks, mapping=layers))
    view = getattr(options, "view", None)
    if view is not None and view.augment == "auto":
        chosen = small_data if small else "none"
        if small:
            say(f"{chosen} augmentation is on: {len(source)} pictures are few (--augment none turns it off)")
        options = replace(options, view=replace(view, augment=chosen))
    return options


def lasting(run: RunOptions) -> RunOptions:
    """The options with the paths of the data made absolute, so that the run can be resumed from anywhere."""
    data = run.data if run.data in TOYS or run.data in NAMED else _absolute(run.data)
    return replace(run, data=data, tags=_absolute(run.tags))


def _absolute(name: str) -> str:
    """A path from the root, where there is such a file."""
    path = Path(name).expanduser()
    return str(path.resolve()) if name and path.exists() else name
