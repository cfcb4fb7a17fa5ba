"""The report as a reader's browser gets it."""

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rivals.report.embed import embedded
from rivals.report.html import clock, write_report


class Page(HTMLParser):
    """What of a page could reach outside, its texts, and whether its elements close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]
        if tag not in ("img", "meta", "input", "path", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def run_folder(folder: Path, grids: int = 25) -> Path:
    (folder / "samples").mkdir(parents=True)
    draw = np.random.default_rng(0)
    for n in range(grids):
        picture = Image.fromarray(draw.integers(0, 256, (64, 64, 3), np.uint8))
        picture.save(folder / "samples" / f"{n * 100:06}.png")
    rows = [{"round": n, "seconds": n * 2.0, "samples_seen": n * 64, "g/loss": 1 / (n + 1)} for n in range(50)]
    (folder / "metrics.jsonl").write_text("\n".join(map(json.dumps, rows)) + '\n{"round": 5')
    (folder / "config.yaml").write_text("recipe: wgan-gp\ndata: a & b\nnote: <script>alert(1)</script>\n")
    (folder / "environment.json").write_text(json.dumps({"torch": "2.13.0", "<i>": {"x": None}}))
    (folder / "events.jsonl").write_text(json.dumps({"round": 3, "kind": "finding", "message": "<b>loud</b>"}))
    (folder / "scores.jsonl").write_text(json.dumps(SCORES))
    return folder


SCORES = {
    "round": 9,
    "scores": {"modes": {"value": 8, "low": 7.5, "high": 8.0}},
    "protocol": {"samples": 2500, "empty": ""},
    "floor": {},
    "ceiling": {"modes": 1.2},
}


def test_the_page_is_whole_escaped_and_reaches_for_nothing(tmp_path: Path) -> None:
    text = write_report(run_folder(tmp_path / "a run")).read_text()
    page = Page(text)
    assert page.open == []
    assert len(page.addresses) == 10 and all(address.startswith("data:image/") for address in page.addresses)
    assert not re.search(r"url\(|@import|https?://", text)
    assert "<script>alert" not in text and "<b>loud" not in text and "<i>" not in text
    words = " ".join(page.texts)
    assert "wgan-gp · a & b" in words and "<b>loud</b>" in words and "samples 2500" in words
    assert f"rivals resume '{tmp_path}/a run'" in words
    assert "round 2,400" in text and "1 min 38 s" in text and "3,136" in text


def test_a_score_stands_beside_its_interval_and_what_real_data_and_noise_get(tmp_path: Path) -> None:
    later = SCORES | {"round": 12, "scores": {"modes": {"value": None, "low": None, "high": None}}}
    folder = run_folder(tmp_path / "run")
    (folder / "scores.jsonl").write_text("\n".join(map(json.dumps, (SCORES, later))))
    words = " ".join(Page(write_report(folder).read_text()).texts)
    assert "score value 95% from to real data untrained modes 8 7.5 8 – 1.2" in words
    assert words.index("Round 12") < words.index("Round 9")


def test_scores_say_how_they_were_taken_and_stand_once(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    other = SCORES | {"protocol": {"features": "random convolutions", "data": "digits <8x8>"}}
    (folder / "scores.jsonl").write_text("\n".join(map(json.dumps, (SCORES, other, SCORES))))
    words = " ".join(Page(write_report(folder).read_text()).texts)
    assert words.count("Round 9") == 2 and "random convolutions, digits <8x8>" in words


BROKEN = {"config.yaml": "a: [", "environment.json": "{", "events.jsonl": "\n\n", "scores.jsonl": "3\n"}


@pytest.mark.parametrize("files", [{}, {"metrics.jsonl": '{"round": 0, "g/loss": NaN}\n'}, BROKEN])
def test_a_run_just_begun_or_damaged_has_a_page(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    page = Page(write_report(tmp_path).read_text())
    assert page.open == [] and "No sample grid has been written yet." in page.texts


def test_no_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no run folder .*absent"):
        write_report(tmp_path / "absent")


def test_pictures_keep_to_the_budget_with_the_first_and_the_newest(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run") / "samples"
    (folder / "1000000.png").write_bytes((folder / "000000.png").read_bytes())
    (folder / "000050.png").write_text("no picture")
    pictures = embedded(folder, budget=60_000)
    names = [name for name, _ in pictures]
    assert (names[0], names[-1]) == ("round 0", "round 1,000,000") and 8 <= len(names) <= 10
    assert sum(len(address) for _, address in pictures) <= 60_000
    data = base64.b64decode(pictures[0][1].split(",")[1])
    assert Image.open(io.BytesIO(data)).size in ((64, 64), (32, 32))


def test_small_pictures_are_embedded_byte_by_byte(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", grids=1) / "samples"
    (name, address), = embedded(folder)  # fmt: skip
    assert name == "round 0" and base64.b64decode(address.split(",")[1]) == (folder / "000000.png").read_bytes()


def test_clock() -> None:
    assert [clock(s) for s in (0.4, 59.6, 185, 7800)] == ["0 s", "1 min 00 s", "3 min 05 s", "2 h 10 min"]
