"""Free text as numbers: sentences of lower-case words over a vocabulary. Imports nothing heavy."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

PADDING, UNKNOWN = "", "?"
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LONGEST = 32
"""Words of a sentence beyond which the rest is cut off."""
FEWEST = 2
"""Sentences that a word must stand in to be in the vocabulary."""


def plain(words: str) -> str:
    """Words in lower case with one space between them, underscores being spaces."""
    return " ".join(words.lower().replace("_", " ").split())


def words_of(sentence: str) -> list[str]:
    """The words of a sentence, in lower case, without punctuation."""
    return WORD.findall(sentence.lower())


def vocabulary(sentences: Iterable[str]) -> tuple[str, ...]:
    """Padding, unknown, and every word of at least two sentences, the commonest first."""
    counted = Counter(word for sentence in sentences for word in sorted(set(words_of(sentence))))
    often = sorted((word for word, count in counted.items() if count >= FEWEST), key=lambda w: (-counted[w], w))
    return (PADDING, UNKNOWN, *often)


def tokens(sentence: str, number: dict[str, int], length: int) -> list[int]:
    """The numbers of a sentence's words, cut or padded with 0 to `length`; 1 for those not in the vocabulary."""
    found = [number.get(word, 1) for word in words_of(sentence)[:length]]
    return found + [0] * (length - len(found))


def numbered(words: Sequence[str]) -> dict[str, int]:
    """The number of each word."""
    return {word: place for place, word in enumerate(words)}
