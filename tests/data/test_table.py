"""Tables of what is known of pictures: every form gives back what was written, anything else names its line."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rivals.data.bad import DataError
from rivals.data.table import FIRST, Row, read_table

NAMES = st.from_regex(r"[a-z0-9/_]{1,8}\.(png|jpg)", fullmatch=True)
CELLS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8).filter(lambda cell: "\0" not in cell)
TAGS = st.from_regex(r"[a-z][a-z :>()']{0,8}[a-z]", fullmatch=True)


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@given(st.lists(st.tuples(NAMES, CELLS, CELLS), min_size=1, max_size=8))
def test_a_table_with_a_header_gives_its_cells_back(rows: list[tuple[str, str, str]]) -> None:
    table = read_table(written([["file", "hair", "eyes"], *map(list, rows)]), "tags.csv")
    assert table.headings == ("hair", "eyes")
    assert table.rows == tuple(Row(line, name, tuple(cells)) for line, (name, *cells) in enumerate(rows, 2))


@given(st.lists(st.tuples(NAMES, TAGS), min_size=1, max_size=8))
def test_two_columns_without_a_header(rows: list[tuple[str, str]]) -> None:
    table = read_table(written(list(map(list, rows))), "tags.csv")
    assert table.headings == ()
    assert [(row.name, *row.cells) for row in table.rows] == rows


@given(
    st.lists(st.tuples(st.integers(0, 99), st.lists(st.tuples(TAGS, st.integers(0, 10**6)), min_size=1)), min_size=1)
)
def test_the_counts_behind_tags_are_dropped(rows: list[tuple[int, list[tuple[str, int]]]]) -> None:
    lines = [f"{name}," + "\t".join(f"{tag}:{count}" for tag, count in tags) for name, tags in rows]
    table = read_table("\n".join(lines).encode(), "tags.csv")
    assert table.headings == ("tags",)
    assert [row.name for row in table.rows] == [str(name) for name, _ in rows]
    assert [row.cells[0].split("\t") for row in table.rows] == [[tag for tag, _ in tags] for _, tags in rows]


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | st.text('a,":1\t\n', max_size=40).map(str.encode)
)
@example(b"")
@example(b",,\n")
@example(b"file\n")
@example(b"file,a\n")
@example(b'0.jpg,"open')
@example(b"\xef\xbb\xbf0.jpg,a")
def test_whatever_is_given_is_a_table_or_one_clear_line(content: bytes) -> None:
    try:
        table = read_table(content, "tags.csv")
    except DataError as error:
        assert str(error).startswith("tags.csv") and len(str(error).splitlines()) == 1
    else:
        assert table.rows and all(row.name and len(row.cells) == max(len(table.headings), 1) for row in table.rows)


WRONG = {
    b"file,hair,eyes\n0.jpg,red,blue\n1.jpg,red\n": "line 3: found 2 cells in '1.jpg,red', expected a picture's name",
    b"0.jpg,a cat\n\n1.jpg\n": "line 3: found 1 cell in '1.jpg', expected a picture's name, a comma and its tags",
    b"0.jpg,a cat\n,a dog\n": "line 2: found no name of a picture in ',a dog'",
    b'0.jpg,a cat\n1.jpg,"a dog\n2.jpg,a hen\n': "line 2: unexpected end of data; repair the row, or its quotes",
    b"0.jpg,a cat\n1.jpg,\xff\n": "line 2: is not UTF-8",
    b"file,hair,hair\n0.jpg,a,b\n": "line 1: every column needs a heading of its own",
    b"0,cat:12\tdog:4\n1,cat:2\nnonsense\n": "line 3: 'nonsense' is no row; expected id,tag:count<tab>tag:count",
    b"file,hair\n": "holds no rows",
}


@pytest.mark.parametrize("content", WRONG)
def test_what_is_wrong_is_named_with_its_line(content: bytes) -> None:
    with pytest.raises(DataError) as caught:
        read_table(content, "tags.csv")
    assert str(caught.value).startswith("tags.csv") and WRONG[content] in str(caught.value)


def test_commas_without_quotes_belong_to_the_only_cell() -> None:
    for head in (b"", b"file,tags\n", b"filename,caption\n"):
        table = read_table(head + b"0.jpg, blue hair, red eyes\n1.jpg,pink hair\n", "tags.csv")
        assert [row.cells for row in table.rows] == [("blue hair, red eyes",), ("pink hair",)]
    assert "file" in FIRST and "img_id" in FIRST


def test_a_quoted_cell_may_run_over_lines() -> None:
    table = read_table(b'0.jpg,"a cat\nand a dog"\n1.jpg,b\n', "tags.csv")
    assert [row.line for row in table.rows] == [1, 3]
