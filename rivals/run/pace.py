"""How many rounds fit into some minutes: what falls over the rounds, rates and penalties, should end with the time."""

import time
from collections.abc import Callable

import torch

from rivals.feed import Feed
from rivals.loop import fit
from rivals.recipes.recipe import Setup

WARM, LEAST = 3, 5
"""Rounds before the clock starts, which are slower, and rounds that it runs at least."""
SHARE = 0.02
"""Share of the minutes that is spent on trying."""
SPARE = 0.85
"""Share of the minutes that rounds are planned for: the doctor, samples and checkpoints take the rest."""


def rounds_within(
    minutes: float, begin: Callable[[], tuple[Setup, Feed]], clock: Callable[[], float] = time.monotonic
) -> int:
    """Plays some rounds of a game that nobody keeps, and tells how many there is time for, at least one."""
    setup, feed = begin()
    budget, played, begun = 60 * minutes, 0, 0.0
    for index, _ in fit(setup.game, feed, rounds=range(2**31)):
        if index < WARM - 1:
            continue
        finish()
        if index == WARM - 1:
            begun = clock()
            continue
        played = index + 1 - WARM
        if played >= LEAST and clock() - begun > SHARE * budget:
            break
    return max(1, int(SPARE * budget * played / max(clock() - begun, 1e-9)))


def finish() -> None:
    """Waits for what a GPU is busy with."""
    if torch.cuda.is_initialized():
        torch.cuda.synchronize()
