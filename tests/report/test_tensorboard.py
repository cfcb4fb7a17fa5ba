"""What is written to TensorBoard can be read back."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from rivals.report.tensorboard import open_tensorboard


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_numbers_and_pictures_are_read_back(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    board = open_tensorboard(tmp_path / "tb")
    for round in (0, 10):
        board.scalars(round, {"critic/loss": round / 4})
    board.image(10, Image.new("L", (6, 4)))
    board.close()
    events = EventAccumulator(str(tmp_path / "tb")).Reload()
    assert [(event.step, event.value) for event in events.Scalars("critic/loss")] == [(0, 0.0), (10, 2.5)]
    picture = events.Images("samples")[0]
    assert (picture.step, picture.width, picture.height) == (10, 6, 4)


def test_without_tensorboard_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "rivals\[tensorboard\]"'):
        open_tensorboard(tmp_path)
