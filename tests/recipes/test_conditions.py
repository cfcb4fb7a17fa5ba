"""Words become conditions, and unknown ones an error with the nearest that are known."""

import pytest

from rivals.feed import Field
from rivals.recipes.conditions import conditions_of
from rivals.recipes.recipe import Conditions, Setup

LABEL = Field((), 0, 3, "label", ("T-shirt", "ankle_boot", "3", "Bag"))
TAGS = Field((4,), 0, 1, "tags", ("blue hair", "red eyes", "blue", "hair band"))
TEXT = Field((4,), 0, 5, "text", ("", "?", "a", "red", "flower", "petals"), ("a red flower", "petals"))


def asked(name: str, field: Field) -> Conditions:
    return conditions_of(name, field, lambda condition: Setup(None, (), lambda n: condition))


def test_a_class_by_name_in_any_case_or_by_number() -> None:
    parse = asked("label", LABEL).parse
    assert [parse(words).item() for words in ("T-shirt", "t-SHIRT", "Ankle boot", "3", "0", " bag ")] == [
        0,
        0,
        1,
        2,
        0,
        3,
    ]
    assert parse("bag").shape == () and parse("bag").dtype.is_signed
    numbers = Field((), 0, 9, "label")
    assert asked("label", numbers).parse("7").item() == 7 and asked("label", numbers).shown[3] == "3"
    with pytest.raises(
        ValueError, match='unknown class "bags"; did you mean "bag"[?] known: T-shirt, ankle_boot, 3, Bag'
    ):
        parse("bags")
    with pytest.raises(ValueError, match='unknown class "4"; known'):
        parse("4")
    counted = asked("label", Field((), 0, 2, "label", ("1", "2", "3"))).parse
    assert counted("3").item() == 2
    with pytest.raises(ValueError, match='unknown class "0"; known: 1, 2, 3'):
        counted("0")


def test_tags_with_or_without_commas() -> None:
    parse = asked("tags", TAGS).parse
    assert parse("blue hair, red eyes").tolist() == [1, 1, 0, 0]
    assert parse("Red_Eyes").tolist() == [0, 1, 0, 0]
    assert parse("blue hair red eyes").tolist() == [1, 1, 0, 0]
    assert parse("blue hair band").tolist() == [0, 0, 1, 1]  # the longest first, as long as all of it is known
    with pytest.raises(ValueError, match='--condition: unknown tag "blu hair"; did you mean "blue hair"'):
        parse("red eyes, blu hair")
    with pytest.raises(ValueError, match='unknown tag "red"; did you mean "red eyes"'):
        parse("red")
    with pytest.raises(ValueError, match="' , ' names no tag; known: blue hair, red eyes, blue, hair band"):
        parse(" , ")


def test_a_sentence_over_the_vocabulary() -> None:
    conditions = asked("text", TEXT)
    assert conditions.parse("A red FLOWER!").tolist() == [2, 3, 4, 0]
    assert conditions.parse("a a a a red").tolist() == [2, 2, 2, 2]
    assert conditions.shown == ("a red flower", "petals")
    with pytest.raises(
        ValueError, match='unknown word "flowers"; did you mean "flower"[?] known: a, red, flower, petals'
    ):
        conditions.parse("red flowers")
    with pytest.raises(ValueError, match="holds no word"):
        conditions.parse("...")


def test_what_is_shown_is_spread_over_many_classes() -> None:
    many = Field((), 0, 39, "label", tuple(f"class {i}" for i in range(40)))
    assert asked("label", many).shown == tuple(f"class {4 * i}" for i in range(10))
    assert asked("tags", TAGS).shown == TAGS.words
    with pytest.raises(ValueError, match="known: class 0, .*, class 29 and 10 more"):
        asked("label", many).parse("nothing like it")


def test_only_what_has_words_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match="a label, tags or text, not for audio"):
        asked("audio", LABEL)
    with pytest.raises(ValueError, match="the data's tags have no words"):
        asked("tags", Field((4,)))


def test_a_condition_binds_the_generator() -> None:
    conditions = asked("label", LABEL)
    assert conditions.under(conditions.parse("bag")).sample(1).item() == 3
