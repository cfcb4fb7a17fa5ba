"""BEGAN on pictures: its preset's balance keeps plain grey, the easiest thing to rebuild, from being good enough."""

import torch
from torch import Tensor

from rivals.data.load import load
from rivals.feed import Feed
from rivals.loop import fit, set_random_state
from rivals.recipes import Machine, recipe
from rivals.run.run import configured


def unlike(fake: Tensor, real: Tensor) -> float:
    """Energy distance as a share of its greatest value: 0 for equal distributions, 1 for ones far apart."""
    fake, real = fake.flatten(1), real.flatten(1)
    between, within = torch.cdist(fake, real).mean(), (torch.cdist(fake, fake).mean() + torch.cdist(real, real).mean())
    return float((2 * between - within) / (2 * between))


def test_began_draws_digits() -> None:
    quick = {"width": 16, "discriminator_width": 16, "code": 12, "latent": 12, "batch": 32}
    o = configured("began", {"data": "digits", "generator_lr": 1e-3, "discriminator_lr": 1e-3, **quick}).options
    set_random_state(0)
    source = load("digits")
    setup = recipe("began").build(o, source.spec, Machine())
    feed = Feed(source, o.training.batch, fields=setup.fields, seed=1)
    real = source.batch(torch.arange(500), torch.zeros(500, dtype=torch.int64))["image"]
    assert unlike(setup.sample(500), real) > 0.2
    for _ in fit(setup.game, feed, rounds=range(2000)):
        pass
    assert unlike(setup.sample(500), real) < 0.05
