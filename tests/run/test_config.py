"""What a run was asked to do: the same in YAML, on the command line and in Python, and checked before it starts."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import rivals
from rivals.cli.train import asked_for, first_look
from rivals.recipes import RECIPES, recipe
from rivals.run.config import Config, RunOptions, changed, read_config
from rivals.run.run import configured
from tests.run.commands import called
from tests.run.tiny import POINTS, bits

FEW = ("--rounds", 6, "--save-every", 3)


def written(path: Path, **content: object) -> Path:
    path.write_text(yaml.safe_dump(content))
    return path


def gan(**changes: object) -> Config:
    return configured("gan", {"data": "ring", **changes})


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in RECIPES for kind in RECIPES[name].presets])
def test_every_preset_is_read_back_as_it_was_written(name: str, kind: str, tmp_path: Path) -> None:
    data = {"points": "ring", "pictures": "digits"}[kind]
    config = Config(name, RunOptions(data=data, seed=3), recipe(name).preset(kind))
    config.write(tmp_path / "config.yaml")
    assert read_config(tmp_path / "config.yaml") == config


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0, 1e6),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 10**9),
    st.booleans(),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=9),
)
def test_any_value_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rate: float, share: float, count: int, flag: bool, text: str
) -> None:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    config = gan(generator_lr=rate, dropout=share, rounds=count, spectral=flag, out=text)
    config.write(path)
    assert read_config(path) == config


def test_a_file_may_hold_only_what_differs(tmp_path: Path) -> None:
    path = written(tmp_path / "c.yaml", recipe="gan", run={"data": "ring"}, options={"training": {"batch": 8}})
    assert read_config(path) == gan(batch=8)


def test_a_number_that_yaml_reads_as_text_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        "recipe: gan\nrun: {data: ring}\noptions: {optimisers: {generator_lr: 1e-3, discriminator_lr: 1}}\n"
    )
    assert read_config(path) == gan(generator_lr=1e-3, discriminator_lr=1.0)


WRONG = {
    "c.yaml: unknown key `runs`; did you mean `run`?": {"recipe": "gan", "runs": {}},
    "run: unknown key `sead`; did you mean `seed`?": {"recipe": "gan", "run": {"sead": 1}},
    "options.networks: unknown key `widht`; did you mean `width`?": {
        "recipe": "gan",
        "options": {"networks": {"widht": 1}},
    },
    "run.seed must be of type int; found 'x'": {"recipe": "gan", "run": {"seed": "x"}},
    "run.seed must be of type int; found True": {"recipe": "gan", "run": {"seed": True}},
    "run.flip must be of type bool; found 1": {"recipe": "gan", "run": {"flip": 1}},
    "run.fit must be one of crop, pad, stretch; found 'padd'; did you mean `pad`?": {
        "recipe": "gan",
        "run": {"fit": "padd"},
    },
    "run must be a mapping of options, found 3": {"recipe": "gan", "run": 3},
    "unknown recipe `wgann`; did you mean `wgan`?": {"recipe": "wgann"},
    "needs a key `recipe`": {"run": {}},
    "has format 9; this version reads format 1": {"format": 9, "recipe": "gan"},
    "--batch must be at least 1; found 0": {"recipe": "gan", "options": {"training": {"batch": 0}}},
    "--dropout must be at least 0 and below 1; found 1.5": {"recipe": "gan", "options": {"networks": {"dropout": 1.5}}},
    "--minutes must be at least 0; found inf": {"recipe": "gan", "run": {"minutes": float("inf")}},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_a_file_has_wrong_is_named(message: str, tmp_path: Path) -> None:
    path = written(tmp_path / "c.yaml", **WRONG[message])
    with pytest.raises(ValueError) as caught:
        read_config(path)
    assert message in str(caught.value)
    assert called("train", "--config", path)[::2] == (2, f"rivals: {caught.value}\n")


@pytest.mark.parametrize("text", ["a: [", "- 1", "", "\x00", "3"])
def test_a_file_that_is_no_configuration_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match="is no YAML|needs a key"):
        read_config(path)


def test_flags_stand_above_the_file_and_the_file_above_the_preset(tmp_path: Path) -> None:
    path = written(
        tmp_path / "c.yaml",
        recipe="gan",
        run={"data": "ring", "seed": 5, "out": "old"},
        options={"training": {"batch": 8, "rounds": 7}},
    )
    words = ["--config", str(path), "--batch", "4", "--keep", "2"]
    config = asked_for(first_look(words))
    preset = recipe("gan").preset("points")
    assert config.run == RunOptions(data="ring", seed=5, keep=2)
    assert config.options == replace(preset, training=replace(preset.training, batch=4, rounds=7))
    assert asked_for(first_look(["gan", *words])) == config


def test_python_and_the_command_line_ask_for_the_same() -> None:
    words = ["gan", "--data", "ring", "--label-smoothing", "0.1", "--no-flip", "--penalty", "r1+r2", "--seed", "4"]
    by_words = asked_for(first_look(words))
    assert by_words == gan(label_smoothing=0.1, flip=False, penalty="r1+r2", seed=4)
    assert asdict(by_words.options)["label_smoothing"] == 0.1


def test_unknown_options_in_python_suggest_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown key `label_smothing`; did you mean `label_smoothing`"):
        gan(label_smothing=0.1)
    with pytest.raises(ValueError, match="seed must be of type int"):
        changed(gan(), {"seed": "many"})


def test_the_same_bits_from_the_command_line_its_own_file_and_python(tmp_path: Path) -> None:
    flags, file, code = (tmp_path / name for name in ("flags", "file", "code"))
    assert called("train", *POINTS, *FEW, "--penalty-weight", "0.1", "--out", flags)[0] == 0
    assert called("train", "--config", flags / "config.yaml", "--out", file)[0] == 0
    small = {"batch": 16, "width": 16, "discriminator_width": 16, "log_every": 1, "save_every": 3, "sample_every": 20}
    run = rivals.train("r3gan", data="ring", rounds=6, penalty_weight=0.1, out=code, quiet=True, **small)
    assert run.session.round == 6
    assert bits(file) == bits(flags) == bits(code)
    assert (file / "config.yaml").read_text().replace(str(file), str(flags)) == (flags / "config.yaml").read_text()
