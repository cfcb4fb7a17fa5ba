"""Pictures as a source: uint8 in a memory map, cut, flipped and normalised on the device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rivals.feed import Field, sent

COLOURS = {1: "grey", 3: "colour", 4: "colour and alpha"}


@dataclass(frozen=True)
class Beside:
    """What is known of every picture: `values` (n, ...), whole numbers, and the field that they are."""

    values: np.ndarray
    field: Field


class Pictures:
    """Pictures (n, C, H, W) uint8, usually a memory map, with labels (n,) where there are classes.

    `beside` holds further fields by name; its `tags` become float32, all else int64.

    Batches are float32 in [-1, 1]. `flip` mirrors every other picture left to right, as its bit of `draw`
    says. `rows` picks and orders the pictures that count. On a CUDA device the whole set is kept there as
    uint8 where it fits in a quarter of the free memory; otherwise batches are read from the map, which needs
    no memory of its own.
    """

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray | None = None,
        device: str | torch.device = "cpu",
        flip: bool = False,
        *,
        rows: np.ndarray | None = None,
        classes: Sequence[str] = (),
        index_sha256: str = "",
        about: str = "",
        beside: Mapping[str, Beside] | None = None,
    ) -> None:
        if images.ndim != 4 or images.dtype != np.uint8:
            raise ValueError(f"pictures must be uint8 (n, C, H, W), found {images.dtype} {images.shape}")
        if labels is not None and len(labels) != len(images):
            raise ValueError(f"there are {len(images)} pictures and {len(labels)} labels")
        self.images = np.asarray(images)  # a plain view: indexing a np.memmap costs several times as much
        self.labels = None if labels is None else torch.from_numpy(np.array(labels, np.int64))
        self.beside = beside or {}
        self.rows = rows
        self.device, self.flip, self.classes = torch.device(device), flip, tuple(classes)
        self.index_sha256, self.about = index_sha256, about
        self._resident = self._on_device()
        known = {"label": self.labels} if self.labels is not None else {}
        known |= {name: torch.from_numpy(each.values) for name, each in self.beside.items()}
        self._known = {name: values.to(self.device) for name, values in known.items()}

    @property
    def spec(self) -> Mapping[str, Field]:
        fields = {"image": Field(tuple(self.images.shape[1:]), -1.0, 1.0, "picture")}
        if self.labels is not None:
            last = len(self.classes) - 1 if self.classes else int(self.labels.max())
            fields["label"] = Field((), 0.0, float(last), "label", self.classes)
        return fields | {name: known.field for name, known in self.beside.items()}

    def __len__(self) -> int:
        return len(self.images) if self.rows is None else len(self.rows)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        """The pictures at `index` (n,), float32 (n, C, H, W) in [-1, 1]; the lowest bit of `draw` (n,) flips each."""
        row = index.cpu() if self.rows is None else torch.from_numpy(self.rows)[index.cpu()]
        there = sent(row, self.device)
        if self._resident is not None:
            pixels = self._resident[there]
        else:
            pixels = sent(torch.from_numpy(self.images[row.numpy()]), self.device)
        if self.flip:
            mirrored = sent(draw.cpu() & 1, self.device).bool()[:, None, None, None]
            pixels = torch.where(mirrored, pixels.flip(-1), pixels)
        samples = {"image": pixels.float().mul_(1 / 127.5).sub_(1.0)}  # 0 -> -1 and 255 -> 1 exactly
        for name, values in self._known.items():
            samples[name] = values[there].to(torch.float32 if name == "tags" else torch.int64)
        return samples

    def restore(self, samples: Tensor) -> np.ndarray:
        """Pictures (n, C, H, W) in [-1, 1] as uint8 (n, H, W, C)."""
        return pixels_of(samples)

    def describe(self) -> str:
        _, channels, height, width = self.images.shape
        what = self.about or f"pictures {width}x{height} {COLOURS.get(channels, '')}".rstrip()
        kinds = f", {len(self.classes)} classes" if self.classes else ""
        tags = f", {len(self.beside['tags'].field.words)} tags" if "tags" in self.beside else ""
        return f"{len(self)} {what}{kinds}{tags}{', captions' if 'text' in self.beside else ''}"

    def _on_device(self) -> Tensor | None:
        """The whole set on a CUDA device, where a quarter of its free memory holds it."""
        if self.device.type != "cuda" or self.images.nbytes > torch.cuda.mem_get_info(self.device)[0] // 4:
            return None
        resident = torch.empty(self.images.shape, dtype=torch.uint8, device=self.device)
        for start in range(0, len(self.images), 4096):  # in pieces: the map must not be copied whole into memory
            part = np.array(self.images[start : start + 4096])
            resident[start : start + len(part)] = torch.from_numpy(part)
        return resident


def pixels_of(samples: Tensor) -> np.ndarray:
    """Pictures (n, C, H, W) in [-1, 1] as uint8 (n, H, W, C)."""
    pixels = samples.detach().float().clamp(-1, 1).add(1).mul(127.5).round()
    return pixels.to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
