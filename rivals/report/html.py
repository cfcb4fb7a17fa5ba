"""A run as one page that needs nothing else: samples, curves, scores, events, and the commands to go on."""

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

from rivals.report.curves import Series, chart, read_jsonl, read_metrics
from rivals.report.embed import embedded
from rivals.report.groups import grouped
from rivals.report.look import PAGE, SCRIPT, STYLE
from rivals.whole import whole_file

ROWS = 200  # of a table at most, the newest
EVALUATIONS = 5
COLUMNS = ("value", "95% from", "to", "real data", "untrained")


def write_report(run_dir: Path | str, word: str = "") -> Path:
    """Writes `report.html` into a run folder and returns its path; what is not there yet is left out.

    `word` is the doctor's last, if there is a doctor. Raises ValueError where there is no such folder.
    """
    run_dir = Path(run_dir)
    if not run_dir.is_dir():
        raise ValueError(f"there is no run folder {run_dir}")
    series = read_metrics(run_dir / "metrics.jsonl")
    config = text_of(run_dir / "config.yaml")
    body = [
        heading(run_dir, config, series, word),
        samples(run_dir / "samples"),
        doctor(read_jsonl(run_dir / "events.jsonl")),
        curves(series),
        scores(read_jsonl(run_dir / "scores.jsonl")),
        events(read_jsonl(run_dir / "events.jsonl")),
        commands(run_dir),
        '<div class="two">',
        section("Configuration", f"<pre>{escape(config.strip())}</pre>") if config.strip() else "",
        environment(text_of(run_dir / "environment.json")),
        "</div>",
    ]
    page = PAGE.format(title=f"{escape(name_of(run_dir))} · rivals", style=STYLE, script=SCRIPT, body="\n".join(body))
    out = run_dir / "report.html"
    with whole_file(out) as part:
        part.write_text(page, encoding="utf-8")
    return out


def name_of(run_dir: Path) -> str:
    return run_dir.resolve().name


def text_of(path: Path) -> str:
    """The text of a file, nothing where it is absent."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>" if inside else ""


def heading(run_dir: Path, config: str, series: Mapping[str, Series], word: str = "") -> str:
    """The name of the run, what it trains, how far it is, and how it stands."""
    try:
        options = yaml.safe_load(config)
    except yaml.YAMLError:
        options = None
    options = options if isinstance(options, dict) else {}
    what = " · ".join(str(options[key]) for key in ("recipe", "data") if options.get(key))
    far = {
        "rounds": ("round", "{:,.0f}"),
        "samples seen": ("samples_seen", "{:,.0f}"),
        "time": ("seconds", ""),
    }
    tiles = []
    for title, (key, form) in far.items():
        finite = [value for value in series[key].values[-50:] if value == value] if key in series else []
        if finite:
            tiles.append((title, form.format(finite[-1]) if form else clock(finite[-1])))
    tiles += [("doctor", escape(word))] if word else []
    boxes = "".join(f'<div class="tile"><span>{title}</span><b>{value}</b></div>' for title, value in tiles)
    title = f'<h1>{escape(name_of(run_dir))}</h1><p class="sub">{escape(what)}</p>'
    return f'<header>{title}<div class="tiles">{boxes}</div></header>'


def clock(seconds: float) -> str:
    """A time for people: 42 s, 3 min 05 s, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60:02} min"


def samples(folder: Path) -> str:
    """The sample grids, to be scrubbed through."""
    pictures = embedded(folder)
    if not pictures:
        return section("Samples", '<p class="note">No sample grid has been written yet.</p>')
    newest = len(pictures) - 1
    tags = "".join(
        f'<img src="{address}" alt="{escape(name, quote=True)}"{"" if place == newest else " hidden"}>'
        for place, (name, address) in enumerate(pictures)
    )
    scrub = (
        f'<div class="scrub"><input type="range" max="{newest}" value="{newest}" aria-label="sample grid">'
        f"<output>{escape(pictures[-1][0])}</output></div>"
    )
    return section("Samples from fixed codes", f'<div class="samples">{scrub if newest else ""}{tags}</div>')


def curves(series: Mapping[str, Series]) -> str:
    charts = [chart(title, lines) for title, lines in grouped(series).items()]
    return section("Curves", f'<div class="charts">{"".join(charts)}</div>' if charts else "")


def scores(entries: Sequence[dict[str, Any]]) -> str:
    """The newest evaluations, the last of them first."""
    known: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry.get("scores"), Mapping) and entry not in known:  # asked for twice, shown once
            known.append(entry)
    cut = f'<p class="note">The newest {EVALUATIONS} of {len(known)}.</p>' if len(known) > EVALUATIONS else ""
    return section("Scores", "".join(map(evaluation, known[: -EVALUATIONS - 1 : -1])) + cut)


def evaluation(entry: Mapping[str, Any]) -> str:
    """A row a score: its value and interval, and what real data and an untrained generator get; then the protocol."""
    rows = []
    for name, found in entry["scores"].items():
        beside = [found.get(key) if isinstance(found, Mapping) else None for key in ("value", "low", "high")]
        limits = [(entry.get(key) or {}).get(name) for key in ("floor", "ceiling")]
        rows.append(dict(zip(("score", *COLUMNS), (name.replace("_", " "), *beside, *limits), strict=True)))
    how = entry.get("protocol") or {}
    protocol = pairs(how)
    told = ", ".join(str(how[key]) for key in ("features", "data") if how.get(key))
    return (
        f"<p><b>Round {words(entry.get('round'))}</b> {escape(told)}</p>{table(rows, ('score',), ())}"
        f"<details><summary>How they were taken</summary>{protocol}</details>"
    )


def doctor(entries: Sequence[dict[str, Any]]) -> str:
    """The doctor's findings that are not over: what is wrong, the evidence, why, and what to change."""
    current: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry.get("event") == "finding":
            current[str(entry.get("name"))] = entry
        elif entry.get("event") == "over":
            current.pop(str(entry.get("name")), None)
        elif entry.get("event") == "healed":
            current.clear()
    rows = [finding(entry) for entry in current.values()]
    if not rows and not any(entry.get("event") == "finding" for entry in entries):
        return ""
    return section("The doctor", "".join(rows) or '<p class="note">What was found is over.</p>')


def finding(entry: Mapping[str, Any]) -> str:
    remedy = entry.get("remedy")
    remedy = remedy if isinstance(remedy, Mapping) else {}
    flag = f"--{str(remedy.get('option', '')).replace('_', '-')} {words(remedy.get('value', ''))}"
    head = f"{entry.get('name')} ({entry.get('severity')}), since round {words(entry.get('since'))}"
    return (
        f"<p><b>{escape(head)}</b><br>{escape(words(entry.get('evidence', {})))}<br>"
        f"{escape(str(entry.get('why', '')))}<br><code>{escape(flag)}</code></p>"
    )


def events(entries: Sequence[dict[str, Any]]) -> str:
    """What happened: findings, remedies, resumes, changes of an option."""
    return section("Events", table(entries, ("round", "seconds", "time", "kind", "event"), ("message", "text")))


def table(entries: Sequence[dict[str, Any]], first: Iterable[str], last: Iterable[str]) -> str:
    """Objects as a table, newest last; the columns are their keys, `first` and `last` ones at their ends."""
    if not entries:
        return ""
    shown = entries[-ROWS:]
    keys = list(dict.fromkeys(key for entry in shown for key in entry))
    ends = [*first, *last]
    columns = [key for key in first if key in keys] + [key for key in keys if key not in ends]
    columns += [key for key in last if key in keys]
    head = "".join(f"<th>{escape(key.replace('_', ' '))}</th>" for key in columns)
    rows = "".join(f"<tr>{''.join(cell(entry.get(key, '')) for key in columns)}</tr>" for entry in shown)
    cut = f'<p class="note">The newest {ROWS} of {len(entries):,}.</p>' if len(entries) > ROWS else ""
    return f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>{cut}'


def cell(value: Any) -> str:
    """A value of a table; of an object a line a key, those without anything in them left out."""
    if isinstance(value, Mapping):
        lines = (f"{key}: {words(inner)}" for key, inner in value.items() if inner not in ("", [], {}, None))
        return f"<td>{'<br>'.join(map(escape, lines))}</td>"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"<td{' class=n' if number else ''}>{escape(words(value))}</td>"


def words(value: Any) -> str:
    """A value for people: numbers in five digits, objects as `key: value`."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "–"}[value]
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {words(inner)}" for key, inner in value.items() if inner not in ("", [], {}))
    return ", ".join(words(inner) for inner in value) if isinstance(value, list) else str(value)


def commands(run_dir: Path) -> str:
    """What to type to go on from here."""
    run = shlex.quote(str(run_dir))
    lines = [
        (f"rivals resume {run}", "go on from the newest checkpoint"),
        (f"rivals sample {run} -n 64 --out samples.png", "new samples; .npz for the arrays"),
        (
            f"rivals explore {run}",
            "samples beside their nearest training pictures; walks, where there are codes",
        ),
        (f"rivals video {run} --out training.gif", "the fixed samples over training"),
        (f"rivals eval {run}", "the scores of this kind of data"),
        (
            f"rivals train --config {shlex.quote(str(run_dir / 'config.yaml'))}",
            "the same again, from the start",
        ),
    ]
    width = max(len(line) for line, _ in lines) + 3
    text = "\n".join(f'{escape(line)}{" " * (width - len(line))}<span class="c"># {why}</span>' for line, why in lines)
    return section("Go on", f"<pre>{text}</pre>")


def environment(text: str) -> str:
    """environment.json as a table."""
    try:
        facts = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(facts, dict):
        return ""
    return section("Environment", pairs(facts))


def pairs(facts: Mapping[str, Any]) -> str:
    """An object as a table, a row a key."""
    rows = "".join(f"<tr><th>{escape(str(key).replace('_', ' '))}</th>{cell(facts[key])}</tr>" for key in facts)
    return f'<div class="wide"><table>{rows}</table></div>'
