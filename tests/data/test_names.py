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


def test_kind_of_npz_is_read_from_its_headers(tmp_path: Path) -> None:
    flat, pictures = np.zeros((5, 2)), np.zeros((5, 8, 8), np.uint8)
    arrays = {
        "points": {"a": flat.astype(np.float32)},
        "whole": {"a": flat.astype(np.int64)},
        "several": {"a": flat, "b": flat},
        "labelled": {"points": flat, "labels": np.zeros(5, int)},
        "drawn": {"samples": flat, "conditions": np.array(["a"] * 5)},
        "pictures": {"a": pictures},
        "images": {"a": np.zeros((5, 8, 8, 3), np.float32)},
        "flags": {"a": flat.astype(bool)},
        "digits": {"images": pictures, "labels": np.zeros(5, int)},
    }
    for name, those in arrays.items():
        np.savez(tmp_path / f"{name}.npz", **those)  # type: ignore[arg-type]
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 no more")
    kinds = {path.stem: kind_of(str(path)) for path in tmp_path.glob("*.npz")}
    points = {name for name, kind in kinds.items() if kind == "points"}
    assert len(kinds) == 10 and points == {"points", "whole", "several", "labelled", "drawn"}


def test_a_table_holds_points(tmp_path: Path) -> None:
    (tmp_path / "a.CSV").write_text("1,2")
    assert kind_of(str(tmp_path / "a.CSV")) == "points" and kind_of(str(tmp_path / "b.csv")) == "pictures"
