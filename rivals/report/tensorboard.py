"""The numbers and pictures of a run as TensorBoard events."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


@dataclass
class TensorBoard:
    """An open folder of TensorBoard events; the step is the round."""

    writer: Any  # torch.utils.tensorboard.SummaryWriter, which an extra brings

    def scalars(self, round: int, facts: Mapping[str, float]) -> None:
        """Adds each number under its own name."""
        for name, value in facts.items():
            self.writer.add_scalar(name, float(value), round)

    def image(self, round: int, image: Image.Image, name: str = "samples") -> None:
        """Adds a picture."""
        self.writer.add_image(name, np.asarray(image.convert("RGB")), round, dataformats="HWC")

    def close(self) -> None:
        """Writes what is left and closes the file."""
        self.writer.close()


def open_tensorboard(folder: Path | str) -> TensorBoard:
    """Opens `folder` (made if absent) for events.

    Raises ModuleNotFoundError, with what to install, where TensorBoard is absent.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ModuleNotFoundError:
        raise ModuleNotFoundError('This needs TensorBoard: pip install "rivals[tensorboard]"') from None
    return TensorBoard(SummaryWriter(str(folder)))
