"""The lab draws what is there, and changes nothing of the game that it looks at."""

import math
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from rivals.data.toys import toy
from rivals.feed import Feed
from rivals.loop import fit, set_random_state
from rivals.play import state_of
from rivals.recipes import RECIPES, Machine
from rivals.run.lab import film_game
from rivals.run.portrait import Portrait
from rivals.run.run import configured
from rivals.run.watch import pulled, watching
from tests.run.commands import start

EXTRA: dict[str, dict[str, Any]] = {
    "nsgan": {"generator_norm": "batch", "discriminator_norm": "layer", "dropout": 0.2, "instance_noise": 0.1},
    "gan": {"unrolled_steps": 2},
    "lsgan": {"past_discriminators": 1, "past_every": 1},
}


def opened(name: str, **options: Any) -> tuple[Any, Any, Any]:
    """A setup on the two Gaussians, its source and its options."""
    small = {each: 8 for each in ("width", "discriminator_width") if each not in RECIPES[name].without}
    given = configured(name, {"data": "two-gaussians", "batch": 16} | small | options)
    set_random_state(0)
    source = toy("two-gaussians", size=400)
    return RECIPES[name].build(given.options, source.spec, Machine()), source, given.options


ALONE = [name for name in RECIPES if RECIPES[name].family in ("codes", "density")]


@pytest.mark.parametrize("name", [name for name, of in RECIPES.items() if name not in ALONE and "points" in of.presets])
def test_looking_changes_nothing(name: str) -> None:
    ends = []
    for looks in (False, True):
        setup, source, options = opened(name, **EXTRA.get(name, {}))
        portrait = Portrait(setup, source, options, seed=0) if looks else None
        for _ in fit(setup.game, Feed(source, 16), rounds=range(4)):
            if portrait:
                assert np.isfinite(portrait.moment("").shade).all()
        ends.append(state_of(setup.game))
    same(*ends)


def same(a: Any, b: Any) -> None:
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a:
            same(a[key], b[key])
    elif isinstance(a, torch.Tensor):
        assert torch.equal(a, b)


def test_the_pull_is_minus_the_slope_of_the_loss_in_each_fake() -> None:
    """Of the non-saturating loss: (1 - D) times the slope of the logit."""
    setup, source, _ = opened("nsgan")
    game, z = setup.game, torch.randn(40, 2)
    with watching(game):
        fake, pull = pulled(game, source.points[:40], z)
        x = game.generator(z).requires_grad_()
        (slope,) = torch.autograd.grad(game.discriminator(x).sum(), x)
        expected = (1 - game.discriminator(x).sigmoid())[:, None] * slope
    torch.testing.assert_close(fake, x)
    torch.testing.assert_close(pull, expected)


def test_the_colour_is_the_probability_and_the_title_has_the_divergences() -> None:
    setup, source, options = opened("gan")
    portrait = Portrait(setup, source, options, seed=0)
    moment, i, j = portrait.moment("gan"), 20, 100
    place = (torch.stack([portrait.xs[i], portrait.ys[j]]) - torch.from_numpy(source.mean)) / source.scale
    with watching(setup.game):
        D = setup.game.discriminator(place.float()[None]).sigmoid().item()
    assert moment.shade[j, i] == pytest.approx(2 * D - 1, abs=1e-6)
    forward, reverse = (float(part.split()[-1]) for part in moment.title.split("     ")[1:])
    assert 0 < forward < math.inf and 0 < reverse < math.inf


def test_frames_and_film(tmp_path: Path) -> None:
    config = configured("nsgan", {"data": "two-gaussians", "rounds": 6, "width": 8, "discriminator_width": 8})
    done = film_game(config, tmp_path / "a.gif", frames=3)
    assert done.signal == 0 and done.film == tmp_path / "a.gif"
    assert [path.name for path in sorted((tmp_path / "a").iterdir())] == ["000000.png", "000003.png", "000006.png"]
    with Image.open(done.film) as film:
        assert film.n_frames == 3
    with pytest.raises(ValueError, match="is there already; name another --out"):
        film_game(config, tmp_path / "a.gif", frames=3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": "mixture"}, "those of mixture have 1"),
        ({"data": "ring", "pack": 3, "batch": 16}, "cannot be cut into packs of 3"),
    ],
)
def test_what_cannot_be_drawn_is_named_and_leaves_nothing(
    options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        film_game(configured("nsgan", options), tmp_path / "a.gif", frames=3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in ALONE if "points" in RECIPES[name].presets])
def test_what_is_no_duel_is_sent_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"use `rivals train {name} --data ring` and `rivals video`"):
        film_game(configured(name, {"data": "ring", "batch": 16}), tmp_path / "a.gif", frames=3)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_a_film_of_what_was_played(tmp_path: Path) -> None:
    out = tmp_path / "a.gif"
    words = ("lab", "two-gaussians", "nsgan", "--rounds", "100000", "--frames", "5001", "--out", str(out))
    command = start(*words, "--width", "8", "--discriminator-width", "8", log=tmp_path / "log")
    command.until(lambda: len(list((tmp_path / "a").glob("[0-9]*.png"))) >= 2)
    assert command.signal(signal.SIGINT) == 130
    frames = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert frames[:2] == ["000000.png", "000020.png"]
    with Image.open(out) as film:
        assert 2 <= film.n_frames <= len(frames) + 1
    assert {path.name for path in tmp_path.iterdir()} == {"a", "a.gif", "log"}
