"""Which numbers of a run stand in one chart."""

from collections.abc import Mapping

import numpy as np

from rivals.report.curves import CLOCK, Series

GRADIENTS = ("gradient", "grad_norm", "grad-norm")
SPEED = ("per_second", "speed", "throughput", "memory")
LINES = 8  # in one chart at most


def grouped(series: Mapping[str, Series]) -> dict[str, dict[str, Series]]:
    """Chart title -> lines: losses of all players, the facts of each player, gradient norms, speed."""
    groups: dict[str, dict[str, Series]] = {}
    for name, line in series.items():
        if name not in CLOCK:
            groups.setdefault(title_of(name), {})[name] = line
    speed = rounds_per_second(series)
    if speed:
        groups.setdefault("Speed", {})["rounds a second"] = speed
    order = sorted(groups, key=lambda title: {"Losses": 0, "Gradient norms": 2, "Speed": 3}.get(title, 1))
    return {title: lines for name in order for title, lines in in_charts(name, groups[name]).items()}


def title_of(name: str) -> str:
    player, _, fact = name.rpartition("/")
    if fact == "loss":
        return "Losses"
    if any(word in fact for word in GRADIENTS):
        return "Gradient norms"
    if any(word in name for word in SPEED):
        return "Speed"
    return player.capitalize() if player else "Facts"


def in_charts(title: str, lines: Mapping[str, Series]) -> dict[str, dict[str, Series]]:
    """One chart for lines of like size; a line far larger than another would press it flat, so sizes part."""
    charts: list[tuple[float, dict[str, Series]]] = []
    for name, line in lines.items():
        size = typical(line)
        for reference, chart in charts:
            near = max(size, reference) <= 30 * min(size, reference) or 0.0 in (size, reference)
            if len(chart) < LINES and near:
                chart[name] = line
                break
        else:
            charts.append((size, {name: line}))
    if len(charts) == 1:
        return {title: charts[0][1]}
    heads = [next(iter(chart)) + " …" * (len(chart) > 1) for _, chart in charts]
    return {
        f"{title}: {head.removeprefix(f'{title.lower()}/')}": chart
        for head, (_, chart) in zip(heads, charts, strict=True)
    }


def typical(line: Series) -> float:
    """The usual absolute size of a series."""
    values = np.abs(np.asarray(line.values))
    values = values[np.isfinite(values)]
    return float(np.quantile(values, 0.9)) if len(values) else 0.0


def rounds_per_second(series: Mapping[str, Series]) -> Series | None:
    """Speed between log points; where a resumed run's clock stands back there is none."""
    clock = series.get("seconds")
    if clock is None or len(clock.rounds) < 2:
        return None
    rounds, seconds = np.diff(np.asarray(clock.rounds)), np.diff(np.asarray(clock.values))
    speed = Series()
    for at, gone, took in zip(clock.rounds[1:], rounds, seconds, strict=True):
        if took > 0 and gone > 0:
            speed.add(at, gone / took)
    return speed if speed.rounds else None
