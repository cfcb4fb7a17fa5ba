"""What columns of a table say of pictures, as tags, classes and sentences, and as numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rivals.data.bad import DataError
from rivals.data.sentences import PADDING, UNKNOWN, vocabulary, words_of
from rivals.data.table import read_table
from rivals.data.tags import reading_of


def reading(text: str):
    return reading_of(read_table(text.encode(), "tags.csv"))


def rows(*cells: str, times: int = 1) -> str:
    return "".join(f"{i}.jpg,{cell}\n" for i, cell in enumerate(cells * times))


def test_columns_are_groups_of_tags_yes_or_no_and_ranges() -> None:
    ages = range(16)
    text = "file,hair,smiling,age\n" + "".join(
        f"{a}.jpg,{'red' if a % 2 else 'Light_Blue'},{a % 4 == 0:d},{a}\n" for a in ages
    )
    found = reading(text)
    assert found.tags == (
        "light blue hair", "red hair", "smiling", "age 0 to 3", "age 12 to 15", "age 4 to 7", "age 8 to 11",
    )  # fmt: skip
    assert found.tags_of(("red", "0", "5")) == ["red hair", "age 4 to 7"]
    assert found.tags_of(("", "1", "99")) == ["smiling", "age 12 to 15"]
    tags = found.fields([("red", "1", "0"), ("", "0", "")])["tags"]
    assert tags.values.tolist() == [[0, 1, 1, 1, 0, 0, 0], [0] * 7]
    assert (tags.field.shape, tags.field.kind, tags.field.words) == ((7,), "tags", found.tags)


def test_minus_one_is_no_and_few_numbers_are_values() -> None:
    found = reading("image_id,Wavy_Hair,doors\n" + "".join(f"{i},{1 - 2 * (i % 2)},{i % 3}\n" for i in range(6)))
    assert found.tags == ("wavy hair", "0 doors", "1 doors", "2 doors")
    assert found.tags_of(("-1", "2")) == ["2 doors"]


def test_a_tag_is_two_where_its_phrases_end_in_the_same_words() -> None:
    found = reading(rows("aqua hair red eyes", "blue hair red eyes", "blue hair gray eyes", times=3))
    assert found.tags == ("aqua hair", "blue hair", "gray eyes", "red eyes")
    assert found.tags_of(("blue hair aqua eyes",)) == ["blue hair", "aqua eyes"]


def test_what_repeats_is_tags_and_what_does_not_is_text() -> None:
    assert reading(rows("a, b", "b, c", "a, c", times=2)).tags == ("a", "b", "c")
    found = reading(rows("a cat sits, black", "a dog runs, white", "a black hen sits"))
    assert found.tags == () and found.words == (PADDING, UNKNOWN, "a", "black", "sits") and found.length == 4
    assert "headed file,tags they are tags" in found.about[0]


def test_a_heading_decides_against_the_rule() -> None:
    assert reading("file,caption\n" + rows("a cat", times=9)).words == (PADDING, UNKNOWN, "a", "cat")
    assert reading("file,tags\n" + rows("a cat", "a cat", "a dog")).tags == ("a cat",)


def test_rare_tags_are_dropped_with_a_word() -> None:
    found = reading("file,tags\n" + rows(*["common"] * 597, "common;seldom", "seldom;once", "common;twice"))
    assert found.tags == ("common",)
    assert found.about[1] == "3 tags of fewer than 3 pictures are not used (seldom, once, twice)"
    with pytest.raises(DataError, match="tags.csv: no tag, class or word of it stands in two rows"):
        reading("file,tags\n" + rows("a", "b"))


def test_classes_by_a_heading_numbers_in_order() -> None:
    found = reading("file,label\n" + rows("10", "9", "cat", "9"))
    label = found.fields([("9",), ("cat",)])["label"]
    assert label.field.words == ("9", "10", "cat") and label.values.tolist() == [0, 2]
    with pytest.raises(DataError, match="the class 'dog' is not among the classes of the training split"):
        found.fields([("dog",)])
    with pytest.raises(DataError, match="line 3: 1.jpg has no class"):
        reading("file,label,x\n0.jpg,a,b\n1.jpg,,b\n")
    with pytest.raises(DataError, match="the columns text and caption are of one kind"):
        reading("file,text,caption\n0.jpg,a,b\n")


def test_examples_show_the_commonest_combinations_and_all_tags() -> None:
    found = reading(
        "file,hair,eyes\n" + rows(*["red,blue"] * 5, *["red,gray"] * 4, *["pink,gray"] * 3, *["pink,blue"] * 2)
    )
    tags = found.fields([("red", "blue")] * 5 + [("red", "gray")] * 4 + [("pink", "gray")] * 3 + [("pink", "blue")] * 2)
    assert tags["tags"].field.examples == ("red hair, blue eyes", "red hair, gray eyes", "pink hair, gray eyes")


def test_a_sentence_is_cut_padded_and_unknown_words_are_one() -> None:
    found = reading("file,text\n" + rows("The cat's hat!", "the cat's in", "the"))
    text = found.fields([("the CAT'S dog",), ("",)])["text"]
    assert found.words == (PADDING, UNKNOWN, "the", "cat's") and text.field.shape == (3,)
    assert text.values.tolist() == [[2, 3, 1], [0, 0, 0]]


@given(
    st.lists(st.lists(st.sampled_from(["a", "b c", "d e f", "g"]), min_size=1, unique=True), min_size=2, max_size=20)
)
def test_every_tag_that_is_kept_comes_back(found: list[list[str]]) -> None:
    text = "file,tags\n" + "".join(f'{i}.png,"{", ".join(tags)}"\n' for i, tags in enumerate(found))
    kept = {tag for tag in ("a", "b c", "d e f", "g") if sum(tag in tags for tags in found) >= 2}
    if not kept:
        return
    table = read_table(text.encode(), "tags.csv")
    made = reading_of(table).fields([row.cells for row in table.rows])["tags"]
    assert {*made.field.words} == kept
    for row, tags in zip(made.values, found, strict=True):
        assert {made.field.words[place] for place in np.flatnonzero(row)} == kept & {*tags}


@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_vocabulary_holds_what_two_sentences_share(sentences: list[str]) -> None:
    words = vocabulary(sentences)
    assert words[:2] == ("", "?") and len({*words}) == len(words)
    assert {*words[2:]} == {w for s in sentences for w in words_of(s) if sum(w in words_of(o) for o in sentences) > 1}
