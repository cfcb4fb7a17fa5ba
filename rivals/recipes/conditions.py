"""What a generator can be asked for, from words: a class, tags, a sentence. Imports no torch until it is asked."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rivals.data.sentences import numbered, plain, tokens, words_of
from rivals.recipes.recipe import Conditions, Setup

if TYPE_CHECKING:
    from torch import Tensor

    from rivals.feed import Field

SHOWN = 10
"""Conditions that a sheet of samples shows at most."""
LISTED = 30
"""Known words that an error lists at most."""


def conditions_of(name: str, field: "Field", under: "Callable[[Tensor], Setup]") -> Conditions:
    """The conditions of a data field `label`, `tags` or `text`; `under` binds the generator to one of them.

    Raises ValueError for another field, and for tags or text without words.
    """
    readers = {"label": read_label, "tags": read_tags, "text": read_text}
    if name not in readers:
        raise ValueError(f"a generator can be asked for a label, tags or text, not for {name}")
    if name != "label" and not field.words:
        raise ValueError(f"the data's {name} have no words that they could be asked for by")
    return Conditions(partial(readers[name], field), shown_of(name, field), under)


def read_label(field: "Field", words: str) -> "Tensor":
    """A class by its name, in any case, or by its number unless all names are numbers: () int64."""
    import torch

    names = class_names(field)
    number = {} if all(map(str.isdigit, names)) else {str(place): place for place in range(len(names))}
    number |= {plain(name): place for place, name in enumerate(names)} | numbered(names)
    place = number.get(words, number.get(plain(words)))
    if place is None:
        raise unknown("class", words, names)
    return torch.tensor(place)


def read_tags(field: "Field", words: str) -> "Tensor":
    """Tags, "blue hair, red eyes", with or without commas between them: float32 (k,) of zeros and ones."""
    import torch

    number = {plain(tag): place for place, tag in enumerate(field.words)}
    found = torch.zeros(len(field.words))
    for part in filter(None, map(plain, words.split(","))):
        tags = cut(part, number)
        if not tags:
            raise unknown("tag", part, field.words)
        found[[number[tag] for tag in tags]] = 1.0
    if not found.any():
        raise ValueError(f"--condition: {words!r} names no tag; {known(field.words)}")
    return found


def read_text(field: "Field", words: str) -> "Tensor":
    """A sentence over the words of the training captions: int64 (T,), 0 where it has ended."""
    import torch

    number, found = numbered(field.words), words_of(words)
    if not found:
        raise ValueError(f"--condition: {words!r} holds no word; give a sentence such as those of the captions")
    for word in found:
        if word not in number:
            raise unknown("word", word, field.words[2:])
    return torch.tensor(tokens(words, number, field.shape[0]))


def class_names(field: "Field") -> tuple[str, ...]:
    """The names of a label's classes; their numbers where they have none."""
    return field.words or tuple(str(number) for number in range(int(field.high) + 1))


def shown_of(name: str, field: "Field") -> tuple[str, ...]:
    """Words of at most ten conditions: those that the data gives as examples, else evenly from all there are."""
    words = field.examples or {"label": class_names(field), "tags": field.words, "text": ()}[name]
    step = max(len(words) / SHOWN, 1)
    return tuple(words[int(place * step)] for place in range(min(len(words), SHOWN)))


def cut(phrase: str, known: Mapping[str, int]) -> list[str]:
    """The known phrases that a phrase is put together from, the longest first; none if that cannot be."""
    words = phrase.split()
    for end in range(len(words), 0, -1):
        if (head := " ".join(words[:end])) in known:
            rest = cut(" ".join(words[end:]), known)
            if rest or end == len(words):
                return [head, *rest]
    return []


def unknown(what: str, word: str, words: Sequence[str]) -> ValueError:
    """The error for a word that is not known, with the nearest that are, or those that have a part of it."""
    asked, names = plain(word), [plain(each) for each in words]
    parts = {*asked.split()}
    close = difflib.get_close_matches(asked, names, 3, 0.6) or [each for each in names if parts & {*each.split()}][:3]
    hint = f"did you mean {' or '.join(map(quoted, close))}? " if close else ""
    return ValueError(f"--condition: unknown {what} {quoted(word)}; {hint}{known(words)}")


def known(words: Sequence[str]) -> str:
    """The known words, the first thirty of them."""
    more = f" and {len(words) - LISTED} more" if len(words) > LISTED else ""
    return f"known: {', '.join(words[:LISTED])}{more}"


def quoted(word: str) -> str:
    return f'"{word}"'
