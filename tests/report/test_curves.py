"""Curves: what is read, what thinning keeps, and how values are grouped."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rivals.report.curves import Series, averaged, chart, read_jsonl, read_metrics, thinned
from rivals.report.groups import grouped


def series(values: list[float]) -> Series:
    line = Series()
    for round, value in enumerate(values):
        line.add(round, value)
    return line


def test_reading_what_is_not_finite_or_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(
        '{"round": 0, "g/loss": 1.5}\n{"round": 1, "g/loss": null}\n\n[3]\n{"round": 2, "g/loss": "NaN"}\n'
        '{"round": 3, "g/loss": Infinity, "note": "text"}\n{"round": 4, "g/loss": 2}\n{"round": 5, "g/lo'
    )
    line = read_metrics(path)["g/loss"]
    assert list(line.rounds) == [0, 1, 2, 3, 4]
    assert [value for value in line.values if not math.isnan(value)] == [1.5, 2.0]
    assert read_jsonl(tmp_path / "absent.jsonl") == []


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1, max_size=400), st.integers(1, 20))
def test_thinning_keeps_every_stretch_low_and_high(values: list[float], buckets: int) -> None:
    x, y = np.arange(len(values), dtype=float), np.array(values)
    kept_x, kept_y = thinned(x, y, buckets)
    assert len(kept_x) <= 3 * buckets
    assert (np.diff(kept_x) > 0).all() or len(kept_x) == 1
    assert np.array_equal(y[kept_x.astype(int)], kept_y, equal_nan=True)
    if np.isfinite(y).any():
        assert (np.nanmin(kept_y), np.nanmax(kept_y)) == (np.nanmin(y), np.nanmax(y))


def test_average_of_stretches() -> None:
    x, y = averaged(np.arange(6.0), np.array([0, 2, 1, math.nan, math.nan, math.nan]), 3)
    assert x.tolist() == [0.5, 2.5, 4.5]
    assert y[:2].tolist() == [1, 1] and math.isnan(y[2])


def test_a_million_values_stay_small() -> None:
    line = Series()
    line.rounds.extend(range(1_000_000))
    line.values.extend(np.random.default_rng(0).normal(size=1_000_000))
    assert len(chart("noise", {"noise": line})) < 30_000


@pytest.mark.parametrize(
    ("values", "logarithmic"),
    [([1e-3, 1, 50], True), ([1, 2, 3], False), ([-1, 1, 1000], False), ([0, 1, 1000], False)],
)
def test_positive_values_over_decades_take_a_logarithmic_axis(values: list[float], logarithmic: bool) -> None:
    assert ("log</small>" in chart("t", {"a": series(values)})) is logarithmic


def test_gaps_are_not_joined_and_are_told() -> None:
    svg = chart("<t>", {"a<b": series([1, 2, math.nan, 3, 4, math.nan, 5])})
    assert svg.count("M58.0") == 1 and svg.split('class="l s0" d="')[1].split('"')[0].count("M") == 3
    assert "<circle" in svg  # the 5 stands alone
    assert "not finite: 2 of 7" in svg and "&lt;t&gt;" in svg and "a&lt;b" in svg


def test_a_chart_of_nothing_finite_is_still_there() -> None:
    assert "not finite: 2 of 2" in chart("t", {"a": series([math.nan, math.inf])})


def test_groups(tmp_path: Path) -> None:
    rows = [
        {"round": n, "seconds": n / 4, "samples_seen": n, "critic/loss": 1 + n, "generator/loss": 2}
        | {"critic/distance": 3, "critic/penalty": 0.001, "critic/gradient_norm": 1, "augment": 0.5}
        for n in range(4)
    ]
    path = tmp_path / "metrics.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    groups = grouped(read_metrics(path))
    assert {title: list(lines) for title, lines in groups.items()} == {
        "Losses": ["critic/loss", "generator/loss"],
        "Critic: distance": ["critic/distance"],  # three thousand times the penalty: not in one chart
        "Critic: penalty": ["critic/penalty"],
        "Facts": ["augment"],
        "Gradient norms": ["critic/gradient_norm"],
        "Speed": ["rounds a second"],
    }
    assert list(groups["Speed"]["rounds a second"].values) == [4, 4, 4]


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_values_that_hardly_differ_are_drawn_like_equal_ones(value: float, steps: int) -> None:
    other = value
    for _ in range(steps):
        other = math.nextafter(other, math.inf)
    assert "<svg" in chart("t", {"a": series([value, other])})


def test_one_round_has_one_tick_and_a_figure_says_what_it_shows() -> None:
    line = Series()
    line.add(100, 0.5)
    drawn = chart("loss & more", {"g": line})
    assert drawn.count('text-anchor="middle"') == 1 and ">100</text>" in drawn
    assert 'aria-label="loss &amp; more over the rounds"' in drawn
