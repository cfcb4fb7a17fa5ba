"""The published features: the right network, the right file, and a word on where to put it."""

from pathlib import Path

import pytest
import torch

from rivals.data.bad import DataError
from rivals.metrics.inception import FILE, Inception, inception_extractor, stretched


def test_without_its_file_it_says_which_to_put_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_DATA", str(tmp_path))
    with pytest.raises(DataError, match=f"weights: put the file {FILE} into {tmp_path}"):
        inception_extractor()


def test_another_file_under_its_name_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALS_DATA", str(tmp_path))
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(b"something else")
    with pytest.raises(DataError, match="is not torch-fidelity's file .sha256 "):
        inception_extractor()


def test_the_network_has_the_weights_of_the_file() -> None:
    weights = Inception().state_dict()
    # Inception V3 with 1008 classes and no second head
    assert sum(tensor.numel() for name, tensor in weights.items() if name.endswith(("weight", "bias"))) == 23_850_960
    assert weights["Mixed_6e.branch7x7dbl_5.conv.weight"].shape == (192, 192, 1, 7)
    assert weights["Mixed_7c.branch3x3dbl_3b.conv.weight"].shape == (384, 384, 3, 1)


def test_pictures_are_stretched_from_their_corners() -> None:
    ramp = torch.arange(4.0).expand(1, 1, 4, 4)
    wide = stretched(ramp)
    assert wide.shape == (1, 1, 299, 299)
    expected = (torch.arange(299) * 4 / 299).clamp(max=3)  # the last pixel has nothing to its right
    assert torch.allclose(wide[0, 0], expected.expand(299, 299), atol=1e-5)
