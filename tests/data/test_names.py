import subprocess
import sys
from pathlib import Path

import numpy as np

from rivals.data.names import NAMED, TOYS, kind_of
from rivals.data.toys import MAKERS


def test_names_needs_neither_torch_nor_numpy() -> None:
    code = "import sys, rivals.data.names; print([m for m in ('torch', 'numpy', 'PIL') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_kind_of_names() -> None:
    assert all(kind_of(name) == "points" for name in TOYS)
    assert all(kind_of(name) == "pictures" for name in NAMED)
    assert kind_of("no/such/place") == "pictures"
    assert TOYS.keys() == MAKERS.keys()


def test_kind_of_npz_is_read_from_its_header(tmp_path: Path) -> None:
    arrays = {
        "points": np.zeros((5, 2), np.float32),
        "pictures": np.zeros((5, 8, 8), np.uint8),
        "images": np.zeros((5, 8, 8, 3), np.float32),
    }
    for name, array in arrays.items():
        np.savez(tmp_path / f"{name}.npz", array)
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 no more")
    kinds = {path.stem: kind_of(str(path)) for path in tmp_path.glob("*.npz")}
    assert kinds == {"points": "points", "pictures": "pictures", "images": "pictures", "broken": "pictures"}
