"""The only loop: rounds of a game, each with a random state of its own."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch

from rivals.play import Facts, Game, average_buffers, players


def fit(game: Game, feed: Any, *, rounds: Iterable[int], seed: int = 0, rank: int = 0) -> Iterator[tuple[int, Facts]]:
    """Plays the given rounds and yields (round, facts) after each.

    The random state is a function of (seed, rank, round), set at each round and never saved: a run that is
    stopped and resumed, or whose caller draws random numbers between rounds, goes on exactly as if it had not.
    """
    for name, player in players(game).items():
        player.name = name
    for round in rounds:
        set_random_state(seed, rank, round)
        facts = game.play_round(feed)
        average_buffers(game)
        yield round, facts


def set_random_state(*key: int) -> None:
    """Seeds torch (every device in use), numpy and Python from a tuple of whole numbers.

    Differs from `torch.manual_seed`: devices that nobody uses are left asleep, since waking their seeds takes longer
    than a small network's step.
    """
    word = seed_of(*key)
    torch.default_generator.manual_seed(word)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(word)
    np.random.seed(word & 0xFFFFFFFF)
    random.seed(word)


def seed_of(*key: int) -> int:
    """A 63-bit seed from a tuple of whole numbers; nearby tuples give unrelated seeds (splitmix64)."""
    word = 0
    for number in key:
        word = (word ^ (number & 0xFFFFFFFFFFFFFFFF)) + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        word = (word ^ word >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        word ^= word >> 31
    return word >> 1
