import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rivals.data import shelf
from rivals.data.archive import clean, read_tar, read_zip
from rivals.data.bad import DataError
from rivals.data.load import load
from tests.data.conftest import encoded, noise

Members = dict[str, bytes]
PICTURES = {f"{kind}/{i}.png": encoded(noise(8, 8, seed=i + len(kind))) for i in range(2) for kind in ("cat", "mouse")}


def zipped(folder: Path, members: Members, name: str = "set.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return folder / name


def tarred(folder: Path, members: Members, name: str = "set.tar.gz") -> Path:
    mode = {"gz": "w:gz", "xz": "w:xz", "bz2": "w:bz2", "tar": "w"}[name.rsplit(".", 1)[1]]
    with tarfile.open(folder / name, mode) as archive:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return folder / name


def all_of(source: object) -> dict[bytes, int | None]:
    return {image.tobytes(): label for image, label in zip(source.images, source.labels.tolist(), strict=True)}


@pytest.mark.parametrize("name", ["set.tar.gz", "set.tar", "set.tar.xz", "set.tar.bz2"])
def test_a_zip_and_a_tar_give_what_the_folder_gives(tmp_path: Path, name: str) -> None:
    for member, content in PICTURES.items():
        (tmp_path / "set" / member).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / member).write_bytes(content)
    sources = [load(tmp_path / "set"), load(zipped(tmp_path, PICTURES)), load(tarred(tmp_path, PICTURES, name))]
    assert all(source.classes == ("cat", "mouse") for source in sources)
    assert all_of(sources[0]) == all_of(sources[1]) == all_of(sources[2])
    assert sources[0].index_sha256 == sources[1].index_sha256


def test_names_that_lead_out_are_read_in_memory_only(tmp_path: Path) -> None:
    members = {"../../out.png": PICTURES["cat/0.png"], "/abs.png": PICTURES["cat/1.png"]}
    for path, read in ((zipped(tmp_path, members), read_zip), (tarred(tmp_path, members), read_tar)):
        assert sorted(entry.name for entry in read(path).entries()) == ["abs.png", "out.png"]
        assert len(load(path)) == 2
    assert not list(tmp_path.rglob("*.png")) and not (tmp_path.parent.parent / "out.png").exists()
    assert clean("..\\..\\a//./b.png") == "a/b.png"


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PICTURES["cat/0.png"])
    with tarfile.open(tmp_path / "set.tar", "w") as archive:
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.png")
        archive.addfile(link)
    with pytest.raises(DataError, match="holds no pictures"):
        load(tmp_path / "set.tar")


def test_huge_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rivals.data.archive.LARGEST", 1000)
    assert shelf.LARGEST > 1000
    members = {"a.png": PICTURES["cat/0.png"], "big.png": bytes(3000)}
    for path in (zipped(tmp_path, members), tarred(tmp_path, members)):
        with pytest.raises(DataError, match="big.png is too large to be a picture"):
            load(path)
        assert len(load(path, on_bad_file="skip", say=lambda line: None)) == 1


@pytest.mark.parametrize("name", ["set.tar.gz", "set.tar", "set.zip"])
@pytest.mark.parametrize("keep", [0.0, 0.01, 0.3, 0.6, 0.8])
def test_truncated_archives_are_named(tmp_path: Path, name: str, keep: float) -> None:
    members = {f"{i}.png": encoded(noise(16, 16, seed=i)) for i in range(30)}
    path = zipped(tmp_path, members) if name.endswith("zip") else tarred(tmp_path, members, name)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(DataError, match=f"{name} is not a (zip|tar) file, or is truncated"):
        load(path)


def test_a_tar_cut_between_two_members_is_named(tmp_path: Path) -> None:
    path = tarred(tmp_path, {"a.png": PICTURES["cat/0.png"], "b.png": PICTURES["cat/1.png"]}, "set.tar")
    with tarfile.open(path) as archive:
        second = archive.getmembers()[1].offset
    for end in (second, second + 100, second + 512):
        cut = tmp_path / "cut.tar"
        cut.write_bytes(path.read_bytes()[:end])
        with pytest.raises(DataError, match="cut.tar is not a tar file, or is truncated or damaged"):
            load(cut)


def test_a_damaged_member_of_a_zip_is_a_bad_file(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.png": PICTURES["cat/0.png"], "b.png": PICTURES["cat/1.png"]})
    content = bytearray(path.read_bytes())
    content[60:70] = bytes(10)
    path.write_bytes(content)
    with pytest.raises(DataError, match="a.png can't be read from the zip"):
        load(path)


def test_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="set.zip holds no pictures.*only 1 other files"):
        load(zipped(tmp_path, {"notes.txt": b"hello", "__MACOSX/._a.png": b""}))


def test_splits_inside(tmp_path: Path) -> None:
    members = {f"all/{split}/{i}.png": encoded(noise(8, 8, seed=i)) for split in ("train", "test") for i in range(3)}
    del members["all/test/0.png"]
    path = zipped(tmp_path, members)
    assert (len(load(path)), len(load(path, split="test"))) == (3, 2)
    assert "label" not in load(path).spec


def test_streams_in_order(tmp_path: Path) -> None:
    members = {f"{i:03}.png": encoded(noise(8, 8, seed=i)) for i in range(200)}
    source = load(tarred(tmp_path, members))
    for i in (0, 77, 199):
        assert np.array_equal(source.images[i].transpose(1, 2, 0), np.asarray(noise(8, 8, seed=i)))
