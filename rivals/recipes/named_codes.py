"""Asking a generator whose codes have a meaning for values of them: "c1=3, c2=-0.5". No torch until it is asked."""

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rivals.recipes.conditions import SHOWN, known, unknown
from rivals.recipes.recipe import Conditions, Setup

if TYPE_CHECKING:
    from torch import Tensor

    from rivals.parts.codes import Codes


def named_conditions(setup: Setup, codes: "Codes") -> Conditions:
    """Values of the codes as conditions: c1, c2 and so on, the categories first (1606.03657, sec. 7.2)."""
    values = codes.categories[0] if codes.categories else 0
    step = max(values / SHOWN, 1)
    shown = tuple(f"c1={int(place * step)}" for place in range(min(values, SHOWN)))
    return Conditions(partial(read_codes, codes), shown, partial(held, setup, codes))


def read_codes(codes: "Codes", words: str) -> "Tensor":
    """Values of named codes, (latent,), nan where a code is free; "3" alone is c1=3.

    Raises ValueError for a code that there is not, a value that a category has not, what is no number, and no code.
    """
    import torch

    found = torch.full((codes.latent,), math.nan)
    names = [f"c{place + 1}" for place in range(len(codes.categories) + codes.continuous)]
    for part in filter(None, map(str.strip, words.split(","))):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not equals and codes.categories:
            name, value = "c1", name
        if name.lower() not in names:
            raise unknown("code", name, names)
        place = names.index(name.lower())
        if place < len(codes.categories):
            found[codes.places[place]] = category(name, value, codes.categories[place])
        else:
            found[codes.numbers[place - len(codes.categories)]] = number(name, value)
    if found.isnan().all():
        raise ValueError(f"--condition: {words!r} names no code; {known(names)}")
    return found


def category(name: str, value: str, size: int) -> "Tensor":
    """A value of a category as its one-hot code (size,)."""
    import torch
    from torch.nn.functional import one_hot

    if not value.isdecimal() or int(value) >= size:
        raise ValueError(f"--condition: {name} is a category of {size} values; give 0 to {size - 1}, found {value!r}")
    return one_hot(torch.tensor(int(value)), size).float()


def number(name: str, value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"--condition: {name} is a number, trained on -1 to 1; found {value!r}")
    return found


def held(setup: Setup, codes: "Codes", values: "Tensor") -> Setup:
    """The setup with some codes held at values (latent,), whatever it is given; those that are nan stay free."""
    generate, generator = setup.generate, setup.generator
    assert generate is not None and generator is not None

    def hold(z: "Tensor") -> "Tensor":
        at = values.to(z)
        return at.where(~at.isnan(), z)

    return replace(
        setup,
        sample=lambda n: generate(hold(codes(n))),
        generate=lambda z: generate(hold(z)),
        generator=lambda z: generator(hold(z)),
        prior=lambda n: hold(codes(n)),
        draw=None,
        codes=None,
        conditions=None,
    )
