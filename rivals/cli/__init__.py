"""The command line: one file a command, no logic of its own."""

import difflib
import sys
from importlib import import_module

COMMANDS = {
    "demo": "train on the embedded digits for about two minutes and show what came out",
    "list": "the recipes: name, family, paper, what data they train on",
    "train": "train a recipe on your data",
    "resume": "go on with a run, exactly where it stopped",
    "sample": "draw samples from a run: a grid, a folder of files, or raw arrays",
    "augment": "generated pictures of each class as more training data",
    "explore": "sheets of latent walks, interpolations, fixed codes and nearest training pictures",
    "directions": "directions in a run's latent space, by labels or without, for edit",
    "edit": "find the code of a given picture, move it, and carry the edit back",
    "video": "the samples over training as a film",
    "lab": "film a game in the plane as it is played: rivals lab ring wgan-gp",
    "eval": "the scores of a run",
    "compare": "runs beside each other: options, how they went, scores of one protocol",
    "doctor": "what is wrong with a training, the evidence, and what to change",
    "report": "write a run's report.html again",
    "bench": "reproduce a published table, or time this package",
    "data": "look at a data set before training: rivals data check PATH",
}
MODULES = {"list": "listing"}

USAGE = """Adversarial learning: learners that improve by playing against each other.

usage: rivals COMMAND [OPTIONS]

  rivals demo                                     two minutes on the embedded digits
  rivals train r3gan --data photos/ --minutes 30  train on a folder of pictures
  rivals sample runs/r3gan-20260101-120000 -n 64 --out grid.png

commands:
{commands}

`rivals COMMAND --help` tells more. --debug shows the whole traceback of an error, --version the version."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command line and returns its exit code: 0 done, 1 failed, 2 wrong usage or input, 130 after Ctrl-C."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    given = [word for word in given if word != "--debug"]
    if not given or given[0] in ("-h", "--help"):
        print(USAGE.format(commands="\n".join(f"  {name:<11}{about}" for name, about in COMMANDS.items())))
        return 0
    if given[0] == "--version":
        from rivals import __version__

        print(__version__)
        return 0
    name, *rest = given
    if name not in COMMANDS:
        close = difflib.get_close_matches(name, COMMANDS, 1)
        hint = f"did you mean `rivals {close[0]}`?" if close else "`rivals --help` lists the commands"
        print(f"rivals: unknown command `{name}`; {hint}", file=sys.stderr)
        return 2
    from rivals.cli.ending import ended

    return ended(lambda: import_module(f"rivals.cli.{MODULES.get(name, name)}").run(rest), debug)
