"""Whatever is wrong with what a user gives has a clear line of its own, exit code 2, and leaves nothing behind."""

import contextlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from rivals.cli import main
from tests.cli.conftest import drawn, zipped
from tests.run.commands import called

Make = Callable[[Path], Path]


def folder(path: Path) -> Path:
    (path / "data").mkdir()
    return path / "data"


def with_file(name: str, content: bytes, count: int = 3) -> Make:
    def make(path: Path) -> Path:
        (drawn(path / "data", count) / name).write_bytes(content)
        return path / "data"

    return make


def text_only(path: Path) -> Path:
    (folder(path) / "notes.txt").write_text("no picture")
    return path / "data"


def truncated(path: Path) -> Path:
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(drawn(path / "data", 3) / "cut.jpg")
    whole = (path / "data" / "cut.jpg").read_bytes()
    (path / "data" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    return path / "data"


def mixed(path: Path) -> Path:
    drawn(path / "data", 3, mode="L", prefix="grey")
    return drawn(path / "data", 3)


def pickled(path: Path) -> Path:
    np.savez(path / "data.npz", images=np.array([{"a": 1}, None], dtype=object))
    return path / "data.npz"


def bad_idx(path: Path) -> Path:
    (path / "images-idx3-ubyte").write_bytes(b"\x00\x00\x0d\x03" + bytes(20))
    return path / "images-idx3-ubyte"


def broken_zip(path: Path) -> Path:
    whole = zipped(drawn(path / "data", 3), path / "data.zip").read_bytes()
    (path / "data.zip").write_bytes(whole[:-30])
    return path / "data.zip"


DATA: dict[str, tuple[Make, str]] = {
    "no such path": (lambda path: path / "nowhere", "nowhere"),
    "an empty folder": (folder, "is an empty folder; put pictures"),
    "a folder of other files": (text_only, "no pictures"),
    "a truncated JPEG": (truncated, "cut.jpg"),
    "an empty file": (with_file("empty.png", b""), "empty.png"),
    "text with the name of a picture": (with_file("text.png", b"hello, I am no picture at all"), "text.png"),
    "grey and coloured pictures": (mixed, "choose --channels 3 or --channels 1"),
    "an npz of Python objects": (pickled, "objects"),
    "an idx file with a wrong header": (bad_idx, "images-idx3-ubyte"),
    "a broken zip": (broken_zip, "data.zip"),
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "run"


def refused(out: Path, *words: object) -> str:
    """What a command says that must fail: nothing on standard output, no folder, exit code 2."""
    code, printed, said = called(*words, "--out", out)
    assert (code, printed) == (2, ""), said
    assert not out.exists() and "Traceback" not in said
    assert said.splitlines()[-1].strip()
    return said


@pytest.mark.parametrize("what", DATA)
def test_data_that_cannot_be_used(what: str, tmp_path: Path, out: Path) -> None:
    make, named = DATA[what]
    said = refused(out, "train", "nsgan", "--data", make(tmp_path))
    assert named in said
    code, printed, more = called(
        "data", "check", make(tmp_path) if what == "no such path" else next(tmp_path.iterdir())
    )
    assert code == 2 and named in printed + more


def test_pictures_smaller_than_the_networks_are_enlarged_with_a_word(tmp_path: Path, out: Path) -> None:
    words = ("--batch", 4, "--rounds", 1, "--width", 8, "--discriminator-width", 8, "--out", out)
    code, _, said = called("train", "nsgan", "--data", drawn(tmp_path / "data", 4, size=5), *words)
    assert code == 0 and "4 pictures 5x5 are resized to 8x8, which enlarges" in said


def test_fewer_pictures_than_the_batch_asked_for(tmp_path: Path, out: Path) -> None:
    said = refused(out, "train", "nsgan", "--data", drawn(tmp_path / "data", 5), "--batch", 16)
    assert said.splitlines()[-1] == "rivals: 5 pictures are fewer than --batch 16; use --batch 5 or less"


LINES = {
    ("tarin",): "rivals: unknown command `tarin`; did you mean `rivals train`?",
    ("frobnicate",): "rivals: unknown command `frobnicate`; `rivals --help` lists the commands",
    ("train", "sngan"): "rivals: unknown recipe `sngan`; did you mean `hinge-sn`? `rivals list` shows them all",
    ("train", "wgann"): "rivals: unknown recipe `wgann`; did you mean `wgan`? `rivals list` shows them all",
    (
        "train",
        "r3gan",
        "--bacth",
        "3",
    ): "rivals train r3gan: unrecognized options: --bacth, 3; did you mean --batch?; --help lists the options",
    ("train", "gan", "--loss", "hing"): "invalid choice 'hing' for argument '--loss'. Expected one of ('minimax', ",
    ("train", "gan", "--batch", "many"): "--batch must be a whole number; found 'many'",
    ("train", "wgan", "--minutes", "ten"): "--minutes must be a number; found 'ten'",
    ("train", "wgann", "--data", "ring"): "did you mean `wgan`?",
    ("train", "digits"): "digits is data, and the recipe comes first: rivals train r3gan --data digits",
    (
        "train",
        "gan",
        "--size",
        "100",
    ): "rivals: --network dcgan needs a power of two from 8 to 256, found --size 100; use --size 128, or --network mlp",
    ("train", "pixelcnn", "--size", "3"): "rivals: the size must be from 4 to 256 pixels a side, found 3",
    ("train", "gan", "--channels", "2"): "channels must be 1 (grey), 3 (colour) or 4",
    ("train", "gan", "--device", "cuda:0"): "--device cuda:0: torch sees no CUDA device here; use --device cpu",
    ("train", "gan", "--device", "tpu"): "--device tpu is unknown; use auto, cpu or cuda",
    ("train", "gan", "--data", "rnig"): "did you mean",
    ("train", "gan", "--data", "ring", "--pack", "3"): "a batch of 256 cannot be cut into packs of 3",
    ("train", "gan", "--size", "8", "--batch", "1"): "batch normalisation cannot learn from one sample at a time",
    ("train", "gan", "--data", "ring", "--network", "dcgan"): "makes pictures, and this data is points",
    ("train", "gan", "--size", "8", "--network", "dcgan-course"): "is for colour pictures of 128x128",
    ("train", "gan", "--loss", "hinge", "--label-smoothing", "0.1"): "--label-smoothing needs --loss minimax",
    ("train", "gan", "--rounds", "0"): "rivals: --rounds must be at least 1; found 0",
    ("train", "gan", "--rounds", "-5"): "rivals: --rounds must be at least 1; found -5",
    ("train", "gan", "--rounds", "1.5"): "--rounds must be a whole number",
    ("train", "gan", "--save-every", "0"): "rivals: --save-every must be at least 1; found 0",
    ("train", "gan", "--keep", "0"): "rivals: --keep must be at least 1; found 0",
    ("train", "gan", "--generator-lr", "nan"): "rivals: --generator-lr must be at least 0; found nan",
    ("train", "gan", "--generator-lr", "-1"): "rivals: --generator-lr must be at least 0; found -1.0",
    ("train", "gan", "--minutes", "inf"): "rivals: --minutes must be at least 0; found inf",
    ("train", "gan", "--dropout", "1"): "rivals: --dropout must be at least 0 and below 1; found 1.0",
    ("train", "gan", "--latent", "0"): "rivals: --latent must be at least 1; found 0",
    ("train", "gan", "--seed", "-1"): "rivals: --seed must be at least 0; found -1",
    ("train", "wgan", "--critic-steps", "0"): "rivals: --critic-steps must be at least 1; found 0",
    ("train", "gan", "--batch"): "missing value for argument '--batch'. Expected 1 values; --help lists the options",
    (
        "train",
        "gan",
        "--batch",
        "3",
        "stray",
    ): "rivals train gan: unrecognized options: stray; --help lists the options",
    ("train",): "train needs a recipe: r3gan",
    ("train", "--config", "nowhere.yaml"): "nowhere.yaml: no such file; a run writes its own as config.yaml",
}


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_words_that_make_no_sense(words: tuple[str, ...], out: Path) -> None:
    if "cuda:0" in words and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    said = refused(out, *words)
    assert LINES[words] in said.splitlines()[-1]


NO_RUN = ["resume", "sample", "explore", "eval", "video", "report", "directions"]


@pytest.mark.parametrize("command", NO_RUN)
def test_what_is_no_run_is_named(command: str, tmp_path: Path) -> None:
    code, printed, said = called(command, tmp_path / "nowhere")
    assert (code, printed) == (2, "")
    assert said == f"rivals: {tmp_path / 'nowhere'}: no such folder; `rivals train` makes one\n"
    code, printed, said = called(command, tmp_path)
    assert (code, printed) == (2, "")
    assert said.startswith(f"rivals: {tmp_path} is no run: it has no config.yaml; ") and len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_already_is_not_touched(points_run: Path, tmp_path: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in points_run.rglob("*"))
    code, _, said = called("train", "gan", "--data", "ring", "--out", points_run)
    assert code == 2 and f"is a run already; go on with `rivals resume {points_run}`" in said
    assert sorted((path, path.stat().st_mtime_ns) for path in points_run.rglob("*")) == before
    (tmp_path / "mine.txt").write_text("keep me")
    assert (
        "is not empty; name a new folder with --out" in called("train", "gan", "--data", "ring", "--out", tmp_path)[2]
    )
    assert "is a file" in called("train", "gan", "--data", "ring", "--out", tmp_path / "mine.txt")[2]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, said = called("train", "gan", "--data", "ring", "--out", tmp_path / "file" / "run")
    assert code == 2 and str(tmp_path / "file") in said.splitlines()[-1]


@pytest.mark.parametrize(
    "words", [("-n", "0"), ("-n", "-3"), ("-n", "x"), ("--out", "samples.txt"), ("--device", "tpu")]
)
def test_samples_that_cannot_be_drawn(words: tuple[str, ...], points_run: Path) -> None:
    code, printed, said = called("sample", points_run, *words)
    assert (code, printed) == (2, "") and words[1] in said.splitlines()[-1]
    assert not os.path.exists("samples.txt")


def test_a_missing_folder_is_asked_for() -> None:
    assert called("sample") == (2, "", "rivals sample: missing: The run's folder; --help lists the options\n")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_mistyped_option_is_named_whatever_the_terminal(encoding: str) -> None:
    written, said = io.BytesIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(io.TextIOWrapper(written, encoding=encoding)),
        contextlib.redirect_stderr(said),
    ):
        assert main(["train", "gan", "--bacth", "3"]) == 2
    assert said.getvalue().endswith("options: --bacth, 3; did you mean --batch?; --help lists the options\n")


def test_no_sound_checkpoint_is_one_line(points_run: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(points_run, tmp_path / "run")
    for path in (tmp_path / "run" / "checkpoints").glob("*/state.json"):
        path.write_text("{}")
    code, printed, said = called("sample", tmp_path / "run")
    assert (code, printed) == (2, "")
    assert "has no sound checkpoint" in said.splitlines()[-1] and "state.json has changed" in said.splitlines()[-1]
