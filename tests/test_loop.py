"""The loop: names for the players, and a random state that depends on (seed, rank, round) alone."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from rivals.loop import fit, seed_of
from rivals.play import Player


@dataclass
class Draws:
    """A game that only draws random numbers."""

    def play_round(self, feed: Any) -> dict[str, Any]:
        numbers = (torch.rand(()).item(), float(np.random.rand()), random.random())
        return {"numbers": numbers, "batch": next(feed)}


def numbers(rounds: range, seed: int = 0, rank: int = 0, disturbed: bool = False) -> list[Any]:
    drawn = []
    for _, facts in fit(Draws(), iter(range(100)), rounds=rounds, seed=seed, rank=rank):
        drawn.append(facts["numbers"])
        if disturbed:
            torch.rand(9), np.random.rand(9), random.random()
    return drawn


def test_a_round_does_not_depend_on_what_came_before() -> None:
    whole = numbers(range(10))
    assert whole == numbers(range(10), disturbed=True)
    assert whole[4:] == numbers(range(4, 10))
    assert whole != numbers(range(10), seed=1) and whole != numbers(range(10), rank=1)
    everything = [number for facts in whole for number in facts]
    assert len(set(everything)) == 30


def test_rounds_and_the_feed_go_on_together() -> None:
    played = [(round, facts["batch"]) for round, facts in fit(Draws(), iter(range(50, 60)), rounds=[3, 7, 9])]
    assert played == [(3, 50), (7, 51), (9, 52)]


def test_players_are_called_what_the_game_calls_them() -> None:
    @dataclass
    class Pull:
        left: Player
        right: Player

        def play_round(self, feed: Any) -> dict[str, Any]:
            facts = self.left.descend(lambda: (self.left.network.weight.square().sum(), {"size": torch.tensor(1.0)}))
            return facts | self.right.descend(lambda: (self.right.network.weight.sum(), {}))

    networks = [nn.Linear(1, 1), nn.Linear(1, 1)]
    game = Pull(*(Player(n, torch.optim.SGD([n.weight], lr=0.1)) for n in networks))
    ((_, facts),) = fit(game, None, rounds=range(1))
    assert facts.keys() == {"left/loss", "left/size", "right/loss"}


KEYS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=4)


@given(KEYS, KEYS)
def test_seeds_are_63_bits_and_tell_keys_apart(one: list[int], other: list[int]) -> None:
    assert 0 <= seed_of(*one) < 2**63
    assert (seed_of(*one) == seed_of(*other)) == (one == other)


def test_nearby_seeds_are_unrelated() -> None:
    word = np.array([[seed_of(0, 0, round) >> bit & 1 for bit in range(63)] for round in range(4000)])
    assert np.abs(word.mean(0) - 0.5).max() < 0.04
    assert np.abs((word[1:] == word[:-1]).mean(0) - 0.5).max() < 0.04


def test_the_package_gives_the_function_whatever_was_imported_before() -> None:
    import rivals.run.run  # noqa: F401
    from rivals import fit as given

    assert given is fit
