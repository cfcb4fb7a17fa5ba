"""Data that is no longer at hand: what a run remembers of it is enough to draw samples in its units."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor

from rivals.data.pictures import pixels_of
from rivals.data.toys import Points, in_data_units
from rivals.feed import Field, Source


class Remembered:
    """The fields of a source and its way back to data units, without its samples. It gives no batches."""

    def __init__(self, memory: Mapping[str, Any]) -> None:
        self.spec = {
            name: Field(
                tuple(f["shape"]),
                float(f["low"]),
                float(f["high"]),
                f["kind"],
                *(tuple(f.get(each, ())) for each in ("words", "examples")),
            )
            for name, f in memory["fields"].items()
        }
        self.about, self.index_sha256 = str(memory["about"]), str(memory["sha256"])
        self.mean, self.scale = np.asarray(memory["mean"], np.float64), float(memory["scale"])
        self.centres = None if memory["centres"] is None else np.asarray(memory["centres"])
        self.sd = memory["sd"]

    def __len__(self) -> int:
        return 0

    def describe(self) -> str:
        return self.about

    def restore(self, samples: Tensor) -> np.ndarray:
        """Samples in the network's range as pictures uint8 (n, H, W, C) or points float32 (n, d)."""
        if "image" in self.spec:
            return pixels_of(samples)
        return in_data_units(samples, self.mean, self.scale)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        """Raises ValueError: the samples are not here."""
        raise ValueError(f"the data of this run is not at hand ({self.about})")


def memory_of(source: Source) -> dict[str, Any]:
    """What to remember of a source: plain numbers and text."""
    fields = {
        name: {"shape": list(f.shape), "low": repr(f.low), "high": repr(f.high), "kind": f.kind}
        | {"words": list(f.words), "examples": list(f.examples)}
        for name, f in source.spec.items()
    }
    toy = source if isinstance(source, Points) else None
    centres = toy.centres if toy else None
    return {
        "fields": fields,
        "about": source.describe(),
        "sha256": source.index_sha256,
        "mean": toy.mean.tolist() if toy else 0.0,
        "scale": toy.scale if toy else 1.0,
        "centres": None if centres is None else centres.tolist(),
        "sd": toy.sd if toy else None,
    }
