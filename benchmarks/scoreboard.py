"""Writes docs/scoreboard.md, and the table in README.md, from the results that are there. Nothing is typed by hand.

Run: python benchmarks/scoreboard.py
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FEW = 3
"""Rows that README.md names one by one."""
START, END = "<!-- scoreboard -->", "<!-- end of scoreboard -->"


def main() -> None:
    tables = [json.loads(path.read_text()) for path in sorted((ROOT / "benchmarks" / "results").glob("*.json"))]
    whole = "\n\n".join(section(table) for table in tables)
    intro = (
        "# Scoreboard\n\nWhat was measured, by which command, on which machine. A row that misses its bar stays.\n\n"
    )
    (ROOT / "docs" / "scoreboard.md").write_text(intro + whole + "\n")
    readme = (ROOT / "README.md").read_text()
    before, rest = readme.split(START)
    _, after = rest.split(END)
    head = "| table | source | bars reached | what falls short |\n|---|---|---|---|\n"
    (ROOT / "README.md").write_text(f"{before}{START}\n{head}" + "\n".join(map(summary, tables)) + f"\n{END}{after}")


def summary(table: dict[str, Any]) -> str:
    """A table in one line: how many of its bars are reached, and the rows that are not."""
    barred = [row for row in table["rows"] if row["bar"] and not row["control"]]
    short = [row for row in barred if not row["reached"]]
    link = f"[{table['table']}](docs/scoreboard.md#{table['table']})"
    cells = (
        link,
        table["source"],
        f"{len(barred) - len(short)} of {len(barred)}" if barred else "none set",
        missed(short),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def missed(rows: list[dict[str, Any]]) -> str:
    """What falls short, row by row; many rows under one bar as their count and the best and worst of them."""
    bars, means = {row["bar"] for row in rows}, [row["ours"]["mean"] for row in rows]
    if len(rows) > FEW and len(bars) == 1:
        return f"{len(rows)} rows, {shown(min(means))} to {shown(max(means))} ({bars.pop()})"
    return "; ".join(f"{row['name']}: {row['metric']} {spanned(row)} ({row['bar']})" for row in rows)


def spanned(row: dict[str, Any]) -> str:
    """The mean and, where there are several values, from which to which they go."""
    values = row["ours"]["seeds"]
    span = f", {shown(min(values))} to {shown(max(values))}" if len(values) > 1 else ""
    return shown(row["ours"]["mean"]) + span


def section(table: dict[str, Any]) -> str:
    """One table with its protocol."""
    machine = table["machine"]
    gpu = f", {machine['gpu']}" if machine.get("gpu") else ""
    where = f"{machine['cpu']} ({machine['cores']} cores{gpu})"
    head = "| what | measure | paper | ours | bar | reached |\n|---|---|---|---|---|---|\n"
    rows = "\n".join(line("", row).replace("|  | ", "| ", 1) for row in table["rows"])
    return (
        f"## {table['table']}\n\n{head}{rows}\n\n{table['protocol']}\n\nSource: {table['source']}. "
        f"`{table['command']}`, "
        f"{table['seconds']:.0f} s on {where}, commit {str(table['commit'])[:10]}."
    )


def line(table: str, row: dict[str, Any]) -> str:
    """One row: the mean with its interval, and the bar that it is held against."""
    ours = row["ours"]
    spread = f" [{shown(ours['low'])}, {shown(ours['high'])}]" if ours["low"] is not None else ""
    name = f"{row['name']} (control)" if row["control"] else row["name"]
    reached = "" if row["reached"] is None else "yes" if row["reached"] else "no"
    cells = (table, name, row["metric"], shown(row["paper"]), shown(ours["mean"]) + spread, row["bar"] or "", reached)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def shown(number: float | None) -> str:
    """A number in few digits."""
    return "" if number is None else f"{number:.4g}"


if __name__ == "__main__":
    main()
