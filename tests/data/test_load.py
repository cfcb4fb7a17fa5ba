from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from rivals.data.bad import DataError
from rivals.data.load import load
from tests.data.conftest import encoded, fill, noise

PNG = encoded(noise(16, 16))


def silent(line: str) -> None:
    """Says nothing."""


def bad_folder(root: Path) -> Path:
    fill(root, 3)
    (root / "empty.png").write_bytes(b"")
    (root / "cut.png").write_bytes(PNG[: len(PNG) // 2])
    (root / "text.png").write_text("dear diary")
    (root / "tiny.png").write_bytes(encoded(noise(4, 4)))
    return root


def test_bad_files_are_all_listed_with_their_reasons(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(bad_folder(tmp_path / "set"), say=silent)
    lines = str(caught.value).splitlines()
    assert "4 of its 7 files can't be used" in lines[0] and "--on-bad-file skip" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["cut.png", "empty.png", "text.png", "tiny.png"]
    assert {each.name: each.reason.split(":")[0] for each in caught.value.bad} == {
        "cut.png": "is truncated",
        "empty.png": "is empty (0 bytes)",
        "text.png": "is not a picture",
        "tiny.png": "is 4x4, less than half of 16x16; use --size 8",
    }
    assert isinstance(caught.value, ValueError)


def test_only_the_first_twenty_are_shown(tmp_path: Path) -> None:
    root = fill(tmp_path / "set", 3)
    for i in range(25):
        (root / f"bad{i:02}.png").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        load(root)
    lines = str(caught.value).splitlines()
    assert len(lines) == 22 and lines[-1] == "  … and 5 more" and len(caught.value.bad) == 25


def test_skip_leaves_them_out_with_a_word_also_from_the_cache(tmp_path: Path) -> None:
    root = bad_folder(tmp_path / "set")
    for _ in range(2):
        said: list[str] = []
        source = load(root, on_bad_file="skip", say=said.append)
        assert len(source) == 3
        assert f"{root}: left out 4 of 7 files:" in said and "  empty.png is empty (0 bytes)" in said
    with pytest.raises(DataError, match="4 of its 7 files can't be used"):
        load(root, say=silent)


def test_a_bomb_is_refused_without_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rivals.data.decode.PIXELS", 20 * 20)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20 * 20)  # Pillow itself warns from here and refuses twice as much
    root = fill(tmp_path / "set", 2)
    (root / "bomb.png").write_bytes(encoded(noise(24, 24)))
    (root / "huge.png").write_bytes(encoded(noise(99, 99)))
    with pytest.raises(DataError, match="bomb.png is a decompression bomb: 24x24 pixels") as caught:
        load(root, say=silent)
    assert "huge.png is a decompression bomb" in str(caught.value)


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    root = fill(tmp_path / "set", 2)
    (root / "gone.png").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DataError, match="gone.png can't be read: No such file"):
        load(root)


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(DataError, match="/set can't be read: Permission denied"):
        load(fill(tmp_path / "set", 1))


def test_mixed_channels_are_counted_and_named(tmp_path: Path) -> None:
    root = fill(fill(tmp_path / "set", 3, prefix="c"), 2, prefix="g", mode="L")
    with pytest.raises(DataError) as caught:
        load(root)
    for text in ("2 grey", "g000.png", "3 in colour", "c000.png", "--channels 3 or --channels 1"):
        assert text in str(caught.value)
    assert load(root, channels=3).spec["image"].shape == (3, 16, 16)
    assert load(root, channels=1).spec["image"].shape == (1, 16, 16)
    assert load(root, channels=4).spec["image"].shape == (4, 16, 16)


def test_channels_follow_the_files(tmp_path: Path) -> None:
    assert load(fill(tmp_path / "grey", 2, mode="L")).spec["image"].shape[0] == 1
    assert load(fill(tmp_path / "colour", 2)).spec["image"].shape[0] == 3
    said: list[str] = []
    assert load(fill(tmp_path / "clear", 2, mode="RGBA"), say=said.append).spec["image"].shape[0] == 3
    assert said[-1].endswith("2 pictures have transparency, laid on white (--channels 4 keeps it)")
    assert load(tmp_path / "clear", channels=4, say=said.append).spec["image"].shape[0] == 4 and len(said) == 1


@pytest.mark.parametrize(("side", "size"), [(5, 8), (8, 8), (9, 16), (28, 32), (33, 64), (64, 64), (99, 64)])
def test_the_default_size(tmp_path: Path, side: int, size: int) -> None:
    assert load(fill(tmp_path / "set", 2, size=side), say=silent).spec["image"].shape == (3, size, size)


def test_the_median_picture_gives_the_size(tmp_path: Path) -> None:
    root = fill(fill(tmp_path / "set", 5, prefix="a", size=32), 2, prefix="b", size=60)
    assert load(root, say=silent).spec["image"].shape == (3, 32, 32)


@pytest.mark.parametrize("size", [3, 257, 0])
def test_sizes_out_of_bounds(size: int) -> None:
    with pytest.raises(DataError, match=f"must be from 4 to 256 pixels a side, found {size}"):
        load("digits", size=size)


def test_any_size_may_be_asked_for() -> None:
    said: list[str] = []
    source = load("digits", size=7, say=said.append)
    assert source.spec["image"].shape == (1, 7, 7)
    assert "1797 pictures 8x8 are resized to 7x7" in said[0]


def test_resizing_is_said_in_one_line(tmp_path: Path) -> None:
    root = fill(fill(tmp_path / "set", 2, prefix="a", size=40), 1, prefix="b", size=70)
    said: list[str] = []
    source = load(root, size=64, say=said.append)
    assert said == [f"{root}: 3 pictures 40x40 and 70x70 are resized to 64x64, which enlarges 2 of them"]
    assert source.describe() == "3 pictures 40x40 and 70x70 colour, resized to 64x64"
    said.clear()
    load(fill(tmp_path / "exact", 2), say=said.append)
    assert said == []


def test_missing_path_names_the_nearest(tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    fill(tmp_path / ".photo", 1)  # hidden files are not what is meant
    with pytest.raises(DataError, match="did you mean .*/photos"):
        load(tmp_path / "photo")
    with pytest.raises(DataError, match="did you mean .*/photos"):
        load(tmp_path / "phtoos" / "train")
    with pytest.raises(DataError, match="no data set or file 'mnits'; did you mean 'mnist'"):
        load("mnits")
    with pytest.raises(DataError, match="zzz does not exist, and no data set is called that .there are digits, mnist"):
        load("zzz")


def test_empty_and_pictureless_folders(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    with pytest.raises(DataError, match="set is an empty folder; put pictures"):
        load(tmp_path / "set")
    (tmp_path / "set" / "a.txt").write_text("x")
    with pytest.raises(DataError, match="holds no pictures .* only 1 other files such as a.txt"):
        load(tmp_path / "set")
    (tmp_path / "set" / "a.png").write_text("x")
    with pytest.raises(DataError, match="no readable picture among its 1:\n  a.png is not a picture"):
        load(tmp_path / "set", on_bad_file="skip")
    (tmp_path / "set" / "a.png").write_bytes(PNG[:-200])
    with pytest.raises(DataError, match="no usable picture among its 1:\n  a.png is truncated"):
        load(tmp_path / "set", on_bad_file="skip", say=silent)


def test_files_of_other_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("x")
    (tmp_path / "a.png").write_bytes(PNG)
    with pytest.raises(DataError, match="a.docx is of a kind that is not read; give a folder, .zip"):
        load(tmp_path / "a.docx")
    with pytest.raises(DataError, match="a.png is a single picture; give the folder"):
        load(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": 2}, "channels must be 1"),
        ({"fit": "squeeze"}, "fit must be crop or pad or stretch, found 'squeeze'"),
        ({"on_bad_file": "ignore"}, "on_bad_file must be error or skip"),
        ({"split": "dev"}, "split must be train or test"),
        ({"limit": 0}, "limit must be at least 1"),
    ],
)
def test_wrong_options(options: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load("digits", **options)


def test_limit_is_spread_evenly_and_shares_the_cache(tmp_path: Path, cache: Path) -> None:
    for kind in ("a", "b"):
        fill(tmp_path / "set" / kind, 10)
    source = load(tmp_path / "set", limit=4)
    labels = source.batch(torch.arange(4), torch.zeros(4, dtype=torch.int64))["label"]
    assert len(source) == 4 and labels.tolist() == [0, 0, 1, 1]
    assert len(load(tmp_path / "set")) == 20 and len(list((cache / "pictures").glob("*/images.npy"))) == 1


def test_a_source_is_handed_back() -> None:
    source = load("ring", limit=10)
    assert load(source) is source and len(source) == 10


def test_a_name_wins_over_a_folder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "digits", 2)
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    assert len(load("digits", say=said.append)) == 1797 and "write ./digits" in said[0]
    assert len(load("./digits")) == 2


def test_the_same_picture_whatever_the_container(tmp_path: Path) -> None:
    image = noise(16, 16)
    fill(tmp_path / "set", 1)
    np.savez(tmp_path / "set.npz", images=np.asarray(noise(16, 16, seed=0))[None])
    folder, array = load(tmp_path / "set"), load(tmp_path / "set.npz")
    assert np.array_equal(folder.images, array.images)
    assert np.array_equal(
        folder.restore(folder.batch(torch.tensor([0]), torch.tensor([0]))["image"])[0], np.asarray(image)
    )
