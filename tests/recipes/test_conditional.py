"""Conditional recipes: what is asked for is what comes, in a language of two words; commands and errors."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

import rivals
from rivals.feed import Feed, Field
from rivals.loop import fit, set_random_state
from rivals.recipes import Machine, Setup, recipe
from rivals.recipes.conditional_players import KINDS, condition_field
from rivals.run.run import configured
from tests.cli.conftest import drawn
from tests.run.commands import called

COLOURS, SHAPES = ("red", "green", "blue"), ("post", "bar")
WORDS = ("", "?", *COLOURS, *SHAPES)
SMALL = {"latent": 8, "width": 16, "discriminator_width": 16, "augment": "none", "penalty_weight": 0.1}
FAST = {"generator_lr": 3e-3, "discriminator_lr": 3e-3}


class Shapes:
    """Pictures 8x8 of a post or a bar in one of three colours, somewhere, with their class, tags and sentence."""

    def __init__(self, n: int = 2000) -> None:
        draws = torch.Generator().manual_seed(0)
        kind, self.samples = torch.arange(n) % 6, -torch.ones(n, 3, 8, 8)
        place = torch.randint(2, 5, (n, 2), generator=draws)
        for picture, k, (row, column) in zip(self.samples, kind.tolist(), place.tolist(), strict=True):
            if k % 2 == 0:
                picture[k // 2, :, column : column + 2] = 1.0
            else:
                picture[k // 2, row : row + 2] = 1.0
        self.samples += 0.05 * torch.randn(self.samples.shape, generator=draws)
        sentence = torch.stack([2 + kind // 2, 5 + kind % 2, torch.zeros_like(kind)], 1)
        tags = torch.nn.functional.one_hot(sentence[:, :2], len(WORDS)).sum(1)[:, 2:].float()
        self.told = {"label": kind, "tags": tags, "text": sentence}

    @property
    def spec(self) -> Mapping[str, Field]:
        names = tuple(f"{colour} {shape}" for colour in COLOURS for shape in SHAPES)
        return {
            "image": Field((3, 8, 8), -1.0, 1.0, "picture"),
            "label": Field((), 0, 5, "label", names),
            "tags": Field((5,), 0, 1, "tags", WORDS[2:]),
            "text": Field((3,), 0, 6, "text", WORDS, names),
        }

    def __len__(self) -> int:
        return len(self.samples)

    def batch(self, index: Tensor, draw: Tensor) -> dict[str, Tensor]:
        return {"image": self.samples[index]} | {name: told[index] for name, told in self.told.items()}


def read(pictures: Tensor) -> np.ndarray:
    """What pictures (n, 3, 8, 8) show, in words: the brightest colour; a bar is wider than it is high."""
    colour = pictures.mean((2, 3)).argmax(1)
    ink = (pictures.amax(1) + 1).clamp_min(0)
    ink = ink / ink.sum((1, 2), keepdim=True)
    place = torch.arange(8.0)

    def spread(mass: Tensor) -> Tensor:
        mean = (mass * place).sum(1, keepdim=True)
        return (mass * (place - mean).square()).sum(1)

    bar = spread(ink.sum(1)) > spread(ink.sum(2))
    return np.array([f"{COLOURS[c]} {SHAPES[int(b)]}" for c, b in zip(colour.tolist(), bar.tolist(), strict=True)])


def learned(name: str, rounds: int, **changes: object) -> Setup:
    """A small recipe that was trained on the shapes."""
    unknown = {"augment", "penalty_weight", *recipe(name).without} if name == "supervised" else set()
    options = {flag: value for flag, value in (SMALL | FAST).items() if flag not in unknown}
    config = configured(name, {"data": "digits", "rounds": rounds} | options | changes)
    set_random_state(0)
    source = Shapes()
    setup = recipe(name).build(config.options, source.spec, Machine())
    for _ in fit(setup.game, Feed(source, 32, fields=setup.fields, seed=1), rounds=range(rounds)):
        pass
    return setup


def obeyed(setup: Setup) -> float:
    """The share of pictures that show what was asked for in words."""
    assert setup.conditions is not None
    torch.manual_seed(1)
    wanted = [f"{colour} {shape}" for colour in COLOURS for shape in SHAPES]
    made = [read(setup.conditions.under(setup.conditions.parse(words)).sample(50)) == words for words in wanted]
    print(np.concatenate(made).mean())
    return float(np.concatenate(made).mean())


def test_the_shapes_can_be_read() -> None:
    source = Shapes(60)
    assert read(source.samples).tolist() == [source.spec["label"].words[k] for k in source.told["label"].tolist()]


@pytest.mark.parametrize(
    "name, changes",
    [
        ("cgan", {"condition": "label"}),
        ("cgan", {"condition": "tags", "discriminator_condition": "two-heads"}),
        ("text-to-image", {}),
        ("acgan", {"condition": "label"}),
    ],
)
def test_what_is_asked_for_is_what_comes(name: str, changes: dict[str, object]) -> None:
    assert obeyed(learned(name, 200, **changes)) > 0.9


def test_the_supervised_baseline_blurs() -> None:
    """A post stands in one of three places, and all samples are the mean of the three: as wide, and half as bright."""
    setup = learned("supervised", 150, distance="l2")
    assert setup.conditions is not None
    pictures = setup.conditions.under(setup.conditions.parse("red post")).sample(50)
    assert obeyed(setup) == 1
    assert pictures.std(0).mean() < 0.1
    columns = pictures[:, 0].mean((0, 1))
    assert torch.allclose(columns, torch.tensor([-1, -1, -1 / 3, 1 / 3, 1 / 3, -1 / 3, -1, -1]), atol=0.2)


def test_a_bound_setup_has_codes_and_a_judge() -> None:
    setup = learned("cgan", 2, condition="label")
    assert setup.conditions is not None and setup.generate is None and setup.judge is None
    one, other = (setup.conditions.under(torch.tensor(k)) for k in (0, 5))
    assert one.prior is not None and one.generate is not None and one.generator is not None and one.judge is not None
    codes = one.prior(3)
    assert torch.equal(one.generate(codes), one.generate(codes)) and one.sample(2).shape == (2, 3, 8, 8)
    assert not torch.equal(one.generate(codes), other.generate(codes))
    assert not torch.equal(one.judge(Shapes().samples[:4]), other.judge(Shapes().samples[:4]))
    codes.requires_grad_()
    one.generator(codes).sum().backward()
    assert codes.grad is not None and bool(codes.grad.abs().sum() > 0)


def test_samples_are_asked_for_as_often_as_in_the_data() -> None:
    setup = learned("cgan", 40, condition="label")
    asked = setup.game.seen.draw(3000)
    assert (torch.bincount(asked, minlength=6) / 3000 - 1 / 6).abs().max() < 0.05


@pytest.mark.parametrize(
    "wanted, has, kinds, words",
    [
        ("auto", ("image",), KINDS, "needs labels or tags or text beside the samples, and the data has image; give a"),
        ("label", ("image", "tags"), KINDS, "needs labels .*, and the data has image, tags; use --condition tags"),
        ("text", ("image", "label"), KINDS, "needs text beside .*; head .* file,text .*, or use --condition label"),
        ("auto", ("image", "tags"), ("text",), "needs text .*, and the data has image, tags; .*cgan. heeds the tags"),
    ],
)
def test_data_without_conditions_is_refused(
    wanted: str, has: tuple[str, ...], kinds: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        condition_field(wanted, {name: Field(()) for name in has}, kinds)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"network": "r3gan"}, "needs --network dcgan or resnet with --generator-norm batch"),
        ({"generator_norm": "none"}, "use --generator-condition input"),
    ],
)
def test_networks_that_cannot_heed_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        learned("cgan", 1, **changes)


def test_the_command_line_names_what_the_data_lacks(tmp_path: Path) -> None:
    data = drawn(tmp_path / "data", 12, size=8)
    for name in ("cgan", "acgan", "supervised", "text-to-image"):
        code, _, said = called("train", name, "--data", data, "--out", tmp_path / name, "--rounds", 3)
        assert code == 2 and "beside the samples, and the data has image" in said.splitlines()[-1]


def test_a_run_is_asked_explored_and_gone_on_with(tmp_path: Path) -> None:
    words = ["--data", "digits", "--latent", 4, "--width", 8, "--discriminator-width", 8, "--batch", 8]
    cadence = ["--log-every", 5, "--doctor-every", 5, "--save-every", 10]
    whole, half = tmp_path / "whole", tmp_path / "half"
    assert called("train", "cgan", *words, *cadence, "--rounds", 20, "--decay", "none", "--out", whole)[0] == 0
    assert called("sample", whole, "-n", 4, "--condition", "3", "--out", tmp_path / "three.npz")[0] == 0
    assert called("explore", whole, "--condition", "7", "--out", tmp_path / "sheets")[0] == 0
    assert (tmp_path / "sheets" / "random.png").exists()
    code, _, said = called("sample", whole, "--condition", "ten", "--out", tmp_path / "ten.png")
    assert code == 2 and "unknown class" in said
    threes = np.load(tmp_path / "three.npz")["samples"]
    run = rivals.load(whole)
    assert threes.shape == (4, 8, 8, 1) and np.array_equal(threes, run.arrays(4, condition="3"))
    shutil.copytree(whole, half)
    shutil.rmtree(half / "checkpoints" / "000020")
    assert called("resume", half)[0] == 0
    assert np.array_equal(rivals.load(half).arrays(4, condition="3"), threes)
