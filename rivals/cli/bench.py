"""rivals bench [TABLE] [OPTIONS]"""

from rivals.run.bench import benchmark, benchmarks, run_quietly
from rivals.run.bench import run as run_benchmark

ABOUT = """Reproduces a published table, or times this package; without a table it lists them.

usage: rivals bench [TABLE] [--json] [OPTIONS]

  rivals bench ring-grid --seeds 4
  rivals bench stacked-mnist --minutes 60 --json

Results are written to benchmarks/results/. --json prints the table as JSON on standard output, progress goes to
standard error. `rivals bench TABLE --help` shows the options of a table; tables of several parts share --seeds N,
--minutes M (begin no part after them), --jobs N and --full (the paper's own protocol), keep each part as it finishes,
and go on where they were stopped."""


def run(arguments: list[str]) -> int:
    """Lists the tables, or runs one."""
    json = "--json" in arguments
    rest = [word for word in arguments if word != "--json"]
    if not rest:
        return listed(json)
    if rest[0] in ("-h", "--help"):
        print(ABOUT)
        return 0
    if rest[0].startswith("-"):
        raise ValueError(f"bench needs a table before {rest[0]}; `rivals bench` lists them")
    chosen = benchmark(rest[0])
    if json:
        print(run_quietly(chosen, rest[1:]))
    else:
        run_benchmark(chosen, rest[1:])
    return 0


def listed(json: bool) -> int:
    """Prints the tables: name, paper, what it takes."""
    rows = [{"name": b.name, "paper": b.paper, "takes": b.takes, "about": b.about} for b in benchmarks().values()]
    if json:
        from json import dumps

        print(dumps(rows, indent=1))
        return 0
    for row in rows:
        print(f"{row['name']:<15} {row['about']}")
        for what in ("paper", "takes"):
            if row[what]:
                print(f"{'':<15} {what}: {row[what]}")
    return 0
