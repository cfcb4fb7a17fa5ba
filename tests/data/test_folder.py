import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rivals.data.folder import read_folder
from rivals.data.load import load
from rivals.data.shelf import class_folders, of_split
from tests.data.conftest import encoded, fill, noise

part = st.text("abc", min_size=1, max_size=2)
paths = st.lists(st.lists(part, min_size=1, max_size=4).map("/".join), min_size=1, max_size=12, unique=True)


def names(root: Path) -> list[str]:
    return [entry.name for entry in read_folder(root).entries()]


def test_pictures_come_sorted_and_from_every_depth(tmp_path: Path) -> None:
    fill(tmp_path / "set" / "b", 2)
    fill(tmp_path / "set" / "a" / "deep", 1)
    fill(tmp_path / "set", 1, prefix="top")
    assert names(tmp_path / "set") == ["a/deep/000.png", "b/000.png", "b/001.png", "top000.png"]
    assert "label" not in load(tmp_path / "set").spec, "a picture beside the folders: they are no classes"


def test_class_folders_are_labels_in_sorted_order(tmp_path: Path) -> None:
    for name, count in (("dogs", 3), ("cats", 2), ("eels", 1)):
        fill(tmp_path / "set" / name, count)
    source = load(tmp_path / "set")
    assert source.classes == ("cats", "dogs", "eels") and source.labels.tolist() == [0, 0, 1, 1, 1, 2]


def test_one_folder_is_no_class_but_is_looked_into(tmp_path: Path) -> None:
    fill(tmp_path / "set" / "all", 2)
    assert load(tmp_path / "set").classes == ()
    fill(tmp_path / "deep" / "all" / "a", 2)
    fill(tmp_path / "deep" / "all" / "b", 2)
    assert load(tmp_path / "deep").classes == ("a", "b")


def test_train_and_test_folders_are_splits(tmp_path: Path) -> None:
    for split, count in (("train", 3), ("test", 2)):
        for kind in ("x", "y"):
            fill(tmp_path / "set" / split / kind, count)
    train, test = load(tmp_path / "set"), load(tmp_path / "set", split="test")
    assert (len(train), len(test)) == (6, 4) and train.classes == test.classes == ("x", "y")


@given(paths)
def test_classes_partition_the_names(found: list[str]) -> None:
    depth, classes = class_folders(found)
    if classes:
        assert len(classes) > 1 and sorted({name.split("/")[depth] for name in found}) == list(classes)
        assert len({tuple(name.split("/")[:depth]) for name in found}) == 1
    else:
        heads = {name.split("/")[0] for name in found}
        assert len(heads) == 1 or any("/" not in name for name in found)
    assert of_split(found, "train") == found, "no folder is called train here"


def test_hidden_files_are_passed_over_and_others_named(tmp_path: Path) -> None:
    root = fill(tmp_path / "set", 2)
    for name in (".DS_Store", "Thumbs.db", "._000.png", "notes.txt"):
        (root / name).write_text("x")
    fill(root / ".hidden", 1)
    said: list[str] = []
    assert len(load(root, say=said.append)) == 2
    assert said == ["1 file is no picture by its name and is not used (notes.txt)"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    fill(tmp_path / "elsewhere", 2)
    root = fill(tmp_path / "set", 1)
    os.symlink(tmp_path / "elsewhere", root / "linked")
    os.symlink(root, root / "loop")
    assert names(root) == ["000.png", "linked/000.png", "linked/001.png"]


def test_other_kinds_and_letters(tmp_path: Path) -> None:
    root = tmp_path / "s é ü"
    root.mkdir()
    picture = noise(8, 8)
    for name, kind in (("a.PNG", "PNG"), ("b.bmp", "BMP"), ("ç.tiff", "TIFF"), ("d.ppm", "PPM"), ("e.webp", "WEBP")):
        (root / name).write_bytes(encoded(picture, kind, **({"lossless": True} if kind == "WEBP" else {})))
    source = load(root)
    assert len(source) == 5
    assert all(np.array_equal(image.transpose(1, 2, 0), np.asarray(picture)) for image in source.images)
