"""Generated pictures as more training data: a folder a class, as many as asked for."""

import re
from pathlib import Path
from typing import Any

from rivals.recipes.conditions import class_names
from rivals.report.grid import enlarged
from rivals.whole import whole_folder


def augmented(learned: Any, out: Path, per_class: int, seed: int = 0) -> Path:
    """Writes `per_class` generated pictures of each class into a folder of its own below `out`; it can be trained on.

    Raises ValueError for a run that can't be asked for classes of pictures, and for a folder that is not empty.
    """
    names = classes_of(learned)
    with whole_folder(out) as part:
        for name in names:
            home = part / folder_name(name)
            home.mkdir()
            for place, picture in enumerate(learned.arrays(per_class, seed, name)):
                enlarged(picture, 1).save(home / f"{place:06d}.png")
    return out


def classes_of(learned: Any) -> tuple[str, ...]:
    """The classes that a run can be asked for. Raises ValueError if there are none."""
    setup, spec, recipe = learned.setup, learned.source.spec, learned.config.recipe
    told = ", ".join(field for field in setup.fields if field in ("label", "tags", "text"))
    if setup.conditions is None or not told:
        raise ValueError(f"a run of {recipe} can't be asked for a class; train cgan on pictures with labels for that")
    if "label" not in setup.fields:
        raise ValueError(
            f"this run is asked for {told}, and folders of classes need labels: train cgan --condition label "
            "on a folder of class folders, or with a column headed label"
        )
    if "image" not in spec:
        raise ValueError("this run makes points; folders of classes are of pictures")
    return class_names(spec["label"])


def folder_name(name: str) -> str:
    """The name of a class as that of a folder which is no hidden one."""
    return re.sub(r"[/\\]|^\.", "-", name)
