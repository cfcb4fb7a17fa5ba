"""`rivals edit` and `rivals directions` on a small run: what they write, what they keep, and what they turn down."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.cli.conftest import drawn
from tests.run.commands import called

QUICK = ("--steps", 5, "--restarts", 1, "--edit-steps", 5, "--encoder-rounds", 3)


@pytest.fixture
def run(pictures_run: Path, tmp_path: Path) -> Path:
    """A run of 8x8 colour pictures with eight dimensions, to be changed."""
    return shutil.copytree(pictures_run, tmp_path / "run")


@pytest.fixture
def face(tmp_path: Path) -> Path:
    return drawn(tmp_path / "given", 1, size=8) / "000.png"


def strokes(path: Path, size: int = 8) -> Path:
    """A blue stroke in the upper left corner."""
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, size // 4 - 1, size // 4 - 1), fill=(0, 0, 255, 255))
    picture.save(path)
    return path


def mask(path: Path, height: int = 8) -> Path:
    picture = Image.new("L", (8, height), 0)
    ImageDraw.Draw(picture).rectangle((0, 0, 1, 1), fill=255)
    picture.save(path)
    return path


def edit(run: Path, image: Path, *words: object) -> tuple[str, str]:
    """Standard output and error of an edit that must end well."""
    code, printed, said = called("edit", run, image, *QUICK, *words)
    assert code == 0, said
    return printed, said


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_a_picture_is_inverted_and_shown_beside_itself(run: Path, face: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    printed, said = edit(run, face, "--out", out)
    assert printed.splitlines() == [str(out), str(tmp_path / "a-sheet.png")]
    assert "inverted by descent: error 0." in said and said.rstrip().endswith(" s")
    assert np.array_equal(pixels(out), pixels(face))  # nothing was wished
    again = tmp_path / "b.png"
    edit(run, face, "--out", again)
    assert (tmp_path / "a-sheet.png").read_bytes() == (tmp_path / "b-sheet.png").read_bytes()
    edit(run, face, "--out", again, "--seed", 1)
    assert (tmp_path / "a-sheet.png").read_bytes() != (tmp_path / "b-sheet.png").read_bytes()


def test_a_picture_of_another_size_is_resized_with_a_word(run: Path, tmp_path: Path) -> None:
    large = drawn(tmp_path / "large", 1, size=24) / "000.png"
    _, said = edit(run, large, "--out", tmp_path / "a.png")
    assert "000.png: 24x24 is resized to 8x8, the size that this run makes" in said
    assert pixels(tmp_path / "a.png").shape == (8, 8, 3)


def test_an_encoder_is_learned_once_and_found_again(run: Path, face: Path, tmp_path: Path) -> None:
    _, said = edit(run, face, "--method", "both", "--out", tmp_path / "a.png")
    assert "learning an encoder" in said and "inverted by both" in said
    kept = run / "encoder" / "encoder.safetensors"
    before = kept.read_bytes()
    _, said = edit(run, face, "--out", tmp_path / "a.png")  # auto
    assert "learning" not in said and "inverted by both" in said and kept.read_bytes() == before
    _, said = edit(run, face, "--method", "encoder", "--out", tmp_path / "a.png")
    assert "learning" not in said and "inverted by encoder" in said
    assert [path.name for path in kept.parent.iterdir()] == ["encoder.safetensors"]
    _, said = edit(run, face, "--method", "encoder", "--encoder-rounds", 2, "--out", tmp_path / "a.png")
    assert "learning" not in said
    _, said = edit(run, face, "--method", "encoder", "--encoder-rounds", 70, "--out", tmp_path / "a.png")
    assert "once: 70 rounds" in said and kept.read_bytes() != before
    kept.write_bytes(before[:100])
    code, _, said = called("edit", run, face, *QUICK, "--out", tmp_path / "a.png")
    assert code == 2 and "remove it to learn it anew" in said.splitlines()[-1]


def test_strokes_change_their_place_and_nothing_beyond(run: Path, face: Path, tmp_path: Path) -> None:
    _, said = edit(run, face, "--strokes", strokes(tmp_path / "s.png"), "--edit-steps", 60, "--out", tmp_path / "a.png")
    before, after = pixels(face).astype(int), pixels(tmp_path / "a.png").astype(int)
    assert np.array_equal(before[4:, 4:], after[4:, 4:]) and not np.array_equal(before[:2, :2], after[:2, :2])
    words = said.splitlines()[-1].split()
    assert float(words[3].rstrip(",")) > float(words[5].rstrip(";"))  # wish missed by ..., then ...;
    assert "of this run's own samples" in said


def test_a_mask_is_filled_or_coloured(run: Path, face: Path, tmp_path: Path) -> None:
    hole = mask(tmp_path / "hole.png")
    edit(run, face, "--mask", hole, "--out", tmp_path / "a.png")
    assert np.array_equal(pixels(face)[4:, 4:], pixels(tmp_path / "a.png")[4:, 4:])
    damaged = pixels(face).copy()
    damaged[:2, :2] = 77
    Image.fromarray(damaged).save(tmp_path / "damaged.png")
    edit(run, tmp_path / "damaged.png", "--mask", hole, "--out", tmp_path / "b.png")
    assert np.array_equal(pixels(tmp_path / "a.png")[:2, :2], pixels(tmp_path / "b.png")[:2, :2])  # never looked at
    _, said = edit(run, face, "--mask", hole, "--colour", "#ff0000", "--out", tmp_path / "c.png")
    assert "wish missed by" in said


def test_directions_are_found_named_and_added(run: Path, face: Path, tmp_path: Path) -> None:
    code, printed, said = called("directions", run, "--count", 3)
    assert code == 0, said
    kept = json.loads((run / "directions.json").read_text())
    assert list(kept) == ["sefa1", "sefa2", "sefa3", "pc1", "pc2", "pc3"]
    assert all(np.linalg.norm(each["vector"]) == pytest.approx(1, abs=1e-5) for each in kept.values())
    assert printed.splitlines()[-1] == str(run / "directions.png")
    assert called("directions", run, "--name", "pc3=smiling", "--name", "sefa1=older")[0] == 0
    assert called("directions", run, "--name", "pc1=wide", "--name", "wide=wider")[0] == 0
    named = json.loads((run / "directions.json").read_text())
    assert named["wider"]["vector"] == kept["pc1"]["vector"]
    assert named["smiling"]["vector"] == kept["pc3"]["vector"] and len(named) == 10
    for words, line in {
        ("--name", "pc1=first", "--name", "pc1=pc2"): "--name pc1=pc2: `pc2` is a direction already (GANSpace, comp",
        ("--name", "pc1=first", "--name", "nosuch=x"): "unknown direction `nosuch`",
        ("--name", "pc1=a=b"): "--name pc1=a=b: say which direction and its name, such as pc3=smiling",
        ("--name", "pc1=first", "--data", tmp_path / "nowhere"): "nowhere",
        ("--out", tmp_path / "sheet.txt"): "sheet.txt: the sheet is a picture; name a .png file",
    }.items():
        code, _, said = called("directions", run, *words)
        assert code == 2 and line in said.splitlines()[-1]
        assert json.loads((run / "directions.json").read_text()) == named  # nothing of it is kept
    film = tmp_path / "way.webp"
    words = ("--add", "smiling=4", "--add", "older=-2.5", "--film", film)
    printed, _ = edit(run, face, *words, "--out", tmp_path / "a.png")
    assert not np.array_equal(pixels(tmp_path / "a.png"), pixels(face)) and printed.splitlines()[-1] == str(film)
    with Image.open(film) as frames:
        assert frames.n_frames >= 3  # frames that are alike are one


def test_labels_tell_attributes(run: Path, tmp_path: Path) -> None:
    shutil.copytree(drawn(tmp_path / "some", 6, size=8), tmp_path / "kinds" / "red")
    shutil.copytree(drawn(tmp_path / "others", 4, size=8, mode="L"), tmp_path / "kinds" / "grey")
    words = ("--data", tmp_path / "kinds", "--steps", 5, "--restarts", 1)
    code, _, said = called("directions", run, *words)
    assert code == 0, said
    kept = json.loads((run / "directions.json").read_text())
    assert list(kept) == ["grey", "red"]
    assert np.allclose(kept["grey"]["vector"], -np.array(kept["red"]["vector"]), atol=1e-5)
    assert "grey: 4 pictures with it, 6 without" in said


def test_a_folder_is_converted_picture_by_picture(run: Path, tmp_path: Path) -> None:
    called("directions", run, "--count", 1)
    folder, out = drawn(tmp_path / "photos", 3, size=8), tmp_path / "older"
    printed, said = edit(run, folder, "--add", "sefa1=3", "--out", out)
    assert printed.splitlines() == [str(out), str(tmp_path / "older-sheet.png")]
    assert "mean of 3 pictures" in said
    assert sorted(path.name for path in out.iterdir()) == ["000.png", "001.png", "002.png"]
    for path in out.iterdir():
        assert pixels(path).shape == (8, 8, 3) and not np.array_equal(pixels(path), pixels(folder / path.name))


def test_on_the_way_to_another_picture_both_ends_are_exact(run: Path, tmp_path: Path) -> None:
    import torch

    from rivals.data.pictures import pixels_of
    from rivals.run.edit import morphed
    from rivals.run.run import load
    from rivals.run.wishes import Inversion
    from rivals.run.workbench import Workbench

    first, last = sorted(drawn(tmp_path / "two", 2, size=8).iterdir())
    way = morphed(Workbench(load(run)), first, last, Inversion(steps=3, restarts=1), count=5)
    ends = pixels_of(way.pictures[[0, -1]])
    assert np.array_equal(ends[0], pixels(first)) and np.array_equal(ends[1], pixels(last))
    assert torch.allclose(way.made[[0, -1]], way.found.made, atol=1e-2)
    out, film = tmp_path / "way.png", tmp_path / "way.gif"
    printed, _ = edit(run, first, "--to", last, "--out", out, "--film", film)
    assert printed.splitlines() == [str(out), str(film)]


Make = Callable[[Path], Path]


def text(path: Path) -> Path:
    (path / "no.png").write_text("hello, I am no picture")
    return path / "no.png"


def opaque(path: Path) -> Path:
    Image.new("RGB", (8, 8), "red").save(path / "opaque.png")
    return path / "opaque.png"


def empty(path: Path) -> Path:
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(path / "empty.png")
    return path / "empty.png"


def nowhere(path: Path) -> Path:
    return path / "nowhere.png"


WRONG: dict[str, tuple[tuple[object, ...], str]] = {
    "an unknown direction": (("--add", "smilng=1"), "unknown direction `smilng`; did you mean `smiling`?"),
    "no amount": (("--add", "smiling"), "--add smiling: say which direction and how much of it, as in smiling=1.5"),
    "an amount that is no number": (("--add", "smiling=nan"), "--add smiling=nan: say which direction"),
    "strokes without a ground": (("--strokes", opaque), "covers the whole picture; save what is drawn alone"),
    "strokes without a stroke": (("--strokes", empty), "is transparent everywhere; draw something on it"),
    "strokes that are not there": (("--strokes", nowhere), "nowhere.png: no such file"),
    "a mask of one colour": (("--mask", empty), "is all black; a mask is white where the picture is to change"),
    "a colour without a place": (("--colour", "red"), "--colour red needs a --mask"),
    "a mask of other proportions": (
        ("--mask", lambda path: mask(path / "m.png", height=4)),
        "m.png is 8x4 and",
    ),
    "an unknown colour": (
        ("--mask", lambda path: mask(path / "m.png"), "--colour", "redd"),
        "--colour redd: give a name",
    ),
    "mask and strokes": (("--mask", opaque, "--strokes", opaque), "--mask does not go with --strokes"),
    "no step": (("--steps", 0), "--steps must be at least 1; found 0"),
    "a negative weight": (("--closeness", -1), "--closeness must be at least 0; found -1"),
    "a condition": (("--condition", "3"), "nsgan takes no condition; leave it out"),
    "a film of nothing": (("--film", "a.webp"), "--film shows the way of an edit"),
    "a film of another kind": (("--film", "a.avi"), "a film ends in .mp4, .gif or .webp"),
    "a wish on the way": (("--to", opaque, "--add", "smiling=1"), "--to goes to another picture as it is"),
    "an out of another kind": (("--out", "a.jpg"), "--out a.jpg: the edited picture is written as .png"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_wished_is_one_line(what: str, run: Path, face: Path, tmp_path: Path) -> None:
    called("directions", run, "--count", 1)
    called("directions", run, "--name", "pc1=smiling")
    words, expected = WRONG[what]
    made = [word(tmp_path) if callable(word) else word for word in words]
    out = () if "--out" in made else ("--out", tmp_path / "out.png")
    code, printed, said = called("edit", run, face, *QUICK[:4], *made, *out)
    assert code == 2 and expected in said.splitlines()[-1] and "Traceback" not in said
    assert not (tmp_path / "out-sheet.png").exists()


def test_nothing_that_is_given_is_overwritten_and_no_edit_by_another(run: Path, tmp_path: Path) -> None:
    folder = drawn(tmp_path / "faces", 2, size=8)
    (folder / "001.png").rename(folder / "000.bmp")
    for image, out in ((folder / "000.png", folder / "000.png"), (folder, folder), (folder, folder / "edited")):
        code, _, said = called("edit", run, image, *QUICK, "--out", out)
        assert code == 2 and "would be written over what is given; name another place" in said
    edit(run, folder, "--out", tmp_path / "edited")
    assert sorted(path.name for path in (tmp_path / "edited").iterdir()) == ["000.bmp.png", "000.png.png"]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (nowhere, "nowhere.png: no such picture or folder"),
        (text, "no.png is not a picture: it holds text"),
        (lambda path: drawn(path / "tiny", 1, size=3) / "000.png", "000.png is 3x3, less than half of 8x8"),
    ],
    ids=["nothing", "text", "tiny"],
)
def test_what_is_no_picture_is_named(make: Make, expected: str, run: Path, tmp_path: Path) -> None:
    code, printed, said = called("edit", run, make(tmp_path), "--out", tmp_path / "out.png")
    assert (code, printed) == (2, "") and expected in said.splitlines()[-1] and "--size" not in said


def test_a_folder_with_a_bad_picture_is_not_half_converted(run: Path, tmp_path: Path) -> None:
    folder = drawn(tmp_path / "photos", 2, size=8)
    (folder / "bad.png").write_bytes(b"")
    code, printed, said = called("edit", run, folder, "--out", tmp_path / "out")
    assert (code, printed) == (2, "") and "1 of its 3 pictures can't be used" in said and "bad.png is empty" in said
    assert not (tmp_path / "out").exists()


def test_runs_without_pictures_or_codes_say_so(points_run: Path, run: Path, face: Path, tmp_path: Path) -> None:
    code, _, said = called("edit", points_run, face, "--out", tmp_path / "a.png")
    assert code == 2 and "makes no pictures to edit" in said.splitlines()[-1]
    code, _, said = called("directions", run, "--name", "pc9=x")
    assert code == 2 and "unknown direction `pc9`" in said.splitlines()[-1]
    code, _, said = called("directions", run, "--name", "pc9")
    assert code == 2 and "say which direction and its name, such as pc3=smiling" in said


def test_neither_the_sheet_nor_a_film_nor_the_edit_is_laid_on_what_is_given(
    run: Path, face: Path, tmp_path: Path
) -> None:
    called("directions", run, "--count", 1)
    sheet, other = (Path(shutil.copy(face, tmp_path / name)) for name in ("x-sheet.png", "other.png"))
    film, hole = tmp_path / "face.webp", mask(tmp_path / "hole.png")
    Image.open(face).save(film, lossless=True)
    given = [sheet, other, film, hole]
    before = [path.read_bytes() for path in given]
    wrong: list[tuple[object, ...]] = [
        (sheet, "--out", tmp_path / "x.png"),
        (film, "--add", "pc1=1", "--film", film, "--out", tmp_path / "y.png"),
        (face, "--mask", hole, "--out", hole),
        (face, "--strokes", hole, "--out", tmp_path / "." / "hole.png"),
        (face, "--to", other, "--out", other),
        (face, "--to", sheet, "--out", sheet),
    ]
    for words in wrong:
        code, _, said = called("edit", run, *words, *QUICK)
        assert code == 2 and "would be written over what is given; name another place" in said, words
    assert [path.read_bytes() for path in given] == before


def test_one_bad_picture_of_a_folder_can_be_left_out(run: Path, tmp_path: Path) -> None:
    folder = drawn(tmp_path / "faces", 11, size=8)
    (folder / "bad.png").write_bytes(b"no picture")
    code, _, said = called("edit", run, folder, *QUICK, "--out", tmp_path / "out.v1")
    assert code == 2 and "1 of its 12 pictures can't be used" in said and "--on-bad-file skip" in said
    _, said = edit(run, folder, "--on-bad-file", "skip", "--out", tmp_path / "out.v1")
    assert "left out 1 of 12 pictures" in said and len(list((tmp_path / "out.v1").iterdir())) == 11
    assert (tmp_path / "out.v1-sheet.png").exists()


def test_an_archive_is_to_be_unpacked(run: Path, tmp_path: Path) -> None:
    (tmp_path / "faces.zip").write_bytes(b"PK")
    code, _, said = called("edit", run, tmp_path / "faces.zip", *QUICK)
    assert code == 2 and said.strip().endswith("faces.zip is an archive; unpack it, and give the folder")
