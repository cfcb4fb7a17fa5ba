"""The first two minutes, in seconds."""

from pathlib import Path

import pytest

from rivals.run import demo as first
from rivals.run.run import load


def test_the_demo_leaves_digits_that_a_classifier_reads_with_a_film_and_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "ROUNDS_A_MINUTE", 60)
    (tmp_path / "demo").mkdir()
    left = first.demo(10.0, str(tmp_path / "demo"), 0)
    assert Path(left["samples"]).parent.parent == tmp_path / "demo-2"
    assert {Path(left[name]).stat().st_size > 1000 for name in ("samples", "film", "report")} == {True}
    scores = dict(each.split() for each in left["scores"].split(", "))
    assert float(scores["confident"]) > 0.5
    assert float(scores["commonest_class"]) < 0.3
    assert load(tmp_path / "demo-2").session.round == 600
