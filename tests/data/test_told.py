"""Tables meet their pictures by name, wherever both lie, and what does not match is said."""

import os
from pathlib import Path

import pytest
import torch

from rivals.data.bad import DataError
from rivals.data.check import check
from rivals.data.load import load
from rivals.data.remembered import Remembered, memory_of
from rivals.recipes.conditions import conditions_of
from tests.data.conftest import encoded, fill, noise
from tests.data.test_archive import tarred, zipped

HAIR = ["red", "blue", "red", "blue"]
TABLE = "file,hair\n" + "".join(f"{i:03}.png,{hair}\n" for i, hair in enumerate(HAIR))
RED = [0.0, 1.0]


def silent(line: str) -> None:
    """Says nothing."""


def tags_of(source: object) -> list[list[float]]:
    index = torch.arange(len(source))
    return source.batch(index, torch.zeros_like(index))["tags"].tolist()


def with_table(path: Path, text: str = TABLE, name: str = "set/tags.csv") -> Path:
    fill(path / "set", 4)
    (path / name).write_text(text)
    return path / "set"


def is_right(source: object) -> bool:
    field = source.spec["tags"]
    return field.words == ("blue hair", "red hair") and tags_of(source) == [RED if h == "red" else [1, 0] for h in HAIR]


@pytest.mark.parametrize("name", ["set/tags.csv", "tags.csv"])
def test_a_table_inside_a_folder_or_beside_it(tmp_path: Path, name: str) -> None:
    said: list[str] = []
    source = load(with_table(tmp_path, name=name), say=said.append)
    assert is_right(source) and "2 tags" in source.describe()
    assert said == [f"{tmp_path / name}: 2 tags"]


def test_a_table_in_or_beside_an_archive(tmp_path: Path) -> None:
    members = {f"faces/{i:03}.png": encoded(noise(seed=i)) for i in range(4)}
    inside = {"faces/tags.csv": TABLE.encode()}
    assert is_right(load(zipped(tmp_path, members | inside), say=silent))
    assert is_right(load(tarred(tmp_path, members | inside), say=silent))
    (tmp_path / "tags.csv").write_text(TABLE)
    assert is_right(load(tarred(tmp_path, members, "other.tar"), say=silent))


@pytest.mark.parametrize("called", ["{i:03}.png", "{i:03}", "./{i:03}.png", "set/{i:03}.png", "data\\{i:03}.png"])
def test_pictures_are_found_by_path_file_name_or_stem(tmp_path: Path, called: str) -> None:
    text = "img_id,hair\n" + "".join(f"{called.format(i=i)},{hair}\n" for i, hair in enumerate(HAIR))
    assert is_right(load(with_table(tmp_path, text), say=silent))


def test_an_option_names_a_table_elsewhere_or_leaves_one_aside(tmp_path: Path) -> None:
    folder = with_table(tmp_path, "file,hair\n" + "".join(f"{i:03}.png,green\n" for i in range(4)))
    (tmp_path / "more.csv").write_text(TABLE)
    assert is_right(load(folder, tags=str(tmp_path / "more.csv"), say=silent))
    assert "tags" not in load(folder, tags="none", say=silent).spec
    with pytest.raises(
        DataError, match="nowhere.csv can't be read: No such file or directory; --tags names a CSV file"
    ):
        load(folder, tags=str(tmp_path / "nowhere.csv"), say=silent)


def test_pictures_without_a_row_are_an_error_or_left_out(tmp_path: Path) -> None:
    folder = with_table(tmp_path, TABLE.replace("001.png,blue\n", ""))
    fill(folder, 5)  # and one more that has no row
    with pytest.raises(DataError) as caught:
        load(folder, say=silent)
    assert [each.name for each in caught.value.bad] == ["001.png", "004.png"]
    assert f"001.png has no row in {folder}/tags.csv" in str(caught.value) and "--on-bad-file skip" in str(caught.value)
    said: list[str] = []
    source = load(folder, on_bad_file="skip", say=said.append)
    assert tags_of(source) == [[1], [1], [0]] and source.spec["tags"].words == ("red hair",)
    assert f"{folder}: left out 2 of 5 files:" in said
    found = check(folder, say=silent)
    assert not found.trains and [each.name for each in found.bad] == ["001.png", "004.png"]


def test_bad_pictures_do_not_shift_the_rows(tmp_path: Path) -> None:
    folder = with_table(tmp_path)
    (folder / "001.png").write_bytes(b"")
    source = load(folder, on_bad_file="skip", say=silent)
    assert source.spec["tags"].words == ("blue hair", "red hair") and tags_of(source) == [RED, RED, [1, 0]]
    assert tags_of(load(folder, on_bad_file="skip", limit=2, say=silent)) == [RED, [1, 0]]


def test_a_table_of_other_pictures_is_left_aside_where_nobody_asked_for_it(tmp_path: Path) -> None:
    other = "x.png,a b\ny.png,b a\n"
    said: list[str] = []
    source = load(with_table(tmp_path, other, "tags.csv"), say=said.append)
    assert list(source.spec) == ["image"]
    assert said == [f"{tmp_path}/tags.csv has no row for any picture of {tmp_path}/set and is left aside"]
    with pytest.raises(DataError, match="has no row for any picture: x.png there, 000.png here"):
        load(with_table(tmp_path, other), say=silent)


def test_second_rows_and_rows_of_two_pictures_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"tags.csv, line 6: a second row of 001.png, after line 3"):
        load(with_table(tmp_path, TABLE + "001.png,red\n"), say=silent)
    for half in "ab":
        fill(tmp_path / "halves" / half, 1)
    (tmp_path / "halves" / "tags.csv").write_text("file,hair\n000.png,red\n1.png,red\n")
    with pytest.raises(DataError, match="line 2: 000.png may be a/000.png and b/000.png; write the path of each"):
        load(tmp_path / "halves", say=silent)


def test_rows_of_no_picture_are_told(tmp_path: Path) -> None:
    said: list[str] = []
    load(with_table(tmp_path, TABLE + "098.png,red\nelsewhere/99.png,blue\n"), say=said.append)
    assert said[-1] == f"{tmp_path / 'set/tags.csv'}: 2 rows name no picture here (098.png, elsewhere/99.png)"
    assert (
        check(with_table(tmp_path / "more", TABLE + "098.png,red\n"), say=silent)
        .plan[-1]
        .endswith("1 row names no picture here (098.png)")
    )


def test_further_captions_are_counted(tmp_path: Path) -> None:
    text = "file,text\n" + "".join(f"{i:03}.png,a {word} cat\n" for i in range(4) for word in ("red", "blue"))
    said: list[str] = []
    source = load(with_table(tmp_path, text), say=said.append)
    assert said[-1].endswith("tags.csv: 4 further captions of the same pictures are not used")
    field = source.spec["text"]
    assert [field.words[token] for token in source.batch(torch.arange(1), torch.arange(1))["text"][0]] == [
        "a",
        "red",
        "cat",
    ]
    assert field.examples == ("a red cat",)


def test_a_table_of_classes_gives_labels(tmp_path: Path) -> None:
    source = load(with_table(tmp_path, TABLE.replace("hair", "label")), say=silent)
    assert source.spec["label"].words == ("blue", "red")
    assert source.batch(torch.arange(4), torch.arange(4))["label"].tolist() == [1, 0, 1, 0]
    for half in "ab":
        fill(tmp_path / "halves" / half, 1, prefix=half)
    (tmp_path / "halves" / "tags.csv").write_text("file,label\na000.png,x\nb000.png,y\n")
    with pytest.raises(DataError, match="tells classes, and the folders of .*halves do already"):
        load(tmp_path / "halves", say=silent)


def test_pictures_without_names_cannot_be_told_of(tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text(TABLE)
    with pytest.raises(DataError, match="pictures of an npz file have no names that --tags could tell them by"):
        load("digits", tags=str(tmp_path / "tags.csv"), say=silent)
    with pytest.raises(DataError, match="--tags tells of pictures, and ring holds points; leave it out"):
        load("ring", tags=str(tmp_path / "tags.csv"))


def test_the_cache_is_that_of_the_pictures_and_the_digest_is_not(tmp_path: Path, cache: Path) -> None:
    folder = with_table(tmp_path)
    tagged, plain = load(folder, say=silent), load(folder, tags="none", say=silent)
    assert len([place for place in (cache / "pictures").iterdir() if not place.name.startswith(".")]) == 1
    (folder / "tags.csv").write_text(TABLE.replace("003.png,blue", "003.png,red"))
    assert len({tagged.index_sha256, plain.index_sha256, load(folder, say=silent).index_sha256}) == 3


def test_a_run_remembers_the_words_of_its_tags(tmp_path: Path) -> None:
    source = load(with_table(tmp_path), say=silent)
    field = Remembered(memory_of(source)).spec["tags"]
    assert field == source.spec["tags"]
    assert conditions_of("tags", field, lambda c: None).parse("red hair").tolist() == RED


def test_a_named_set_has_its_own_table_and_its_test_split_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "anime_faces"
    home.mkdir()
    monkeypatch.setenv("RIVALS_DATA", str(tmp_path))
    for split in ("train", "test"):
        members = {f"{split}/{i:03}.png": encoded(noise(seed=i)) for i in range(4)}
        os.rename(tarred(tmp_path, members), home / f"{split}.tar.gz")
    assert "tags" not in load("anime", say=silent).spec
    table = TABLE.replace("\n0", "\ntrain/0")
    (home / "train_tags.csv").write_text(table)
    (home / "test_tags.csv").write_text(table.replace("train/", "test/").replace("red", "green"))
    assert is_right(load("anime", say=silent))
    test = load("anime", split="test", say=silent)
    assert test.spec["tags"].words == ("blue hair", "red hair") and tags_of(test)[:2] == [[0, 0], [1, 0]]
