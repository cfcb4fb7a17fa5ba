"""Our training step beside those of other toolkits: the same networks, batches and optimisers, timed in turns.

Of each peer the user gives a checkout, as cloned from GitHub.

Run: rivals bench peers --peer mimicry=PATH --peer pytorch-gan=PATH --peer torchgan=PATH --peer r3gan=PATH
"""

import itertools
import statistics
import time
import warnings
from argparse import ArgumentTypeError, Namespace
from importlib import import_module

import torch
from options import Options, positive
from peers.match import Match, alternated, ratio
from table import Row, write_table

from rivals.run.environment import device_of, wants_bf16

SOURCE = "none: the peers' own code, run here"
TAKES = "1 to 2 minutes of a core a peer; a checkout of each peer"
PEERS = ("mimicry", "pytorch-gan", "torchgan", "r3gan")
PROTOCOL = (
    "A peer's own training step, from its checkout, and ours on copies of the peer's networks with the same batches, "
    "losses and Adam: {matches}. {repeats} rounds of each in turns after 2 to warm up, {threads} thread(s), in seconds "
    "of the processor if it is one, on a GPU until all is done. Times as fast: the median of the ratio of "
    "neighbouring rounds; its interval holds the middle half of them. fp32: eager, both sides. Ours as the recipes "
    "make players: channels-last (but for R3GAN, "
    "whose networks reshape channels into the batch), fused Adam, the player that does not move frozen. What logging a "
    "peer's step does within it is part of it; no averaged weights on ours, since the peers keep none. {bf16}"
)


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    warnings.simplefilter("ignore")  # what the peers' code is warned of
    begun, rows, met = time.monotonic(), list[Row](), dict[str, Match]()
    fast = wants_bf16("auto", given.device)
    for (name, path), bf16 in itertools.product(given.peer, (False, True) if fast else (False,)):
        for each in import_module(f"peers.{name}").matches(path):  # anew: trained networks may refuse to be copied
            rows += rows_of(each, given.repeats, bf16, given.device)
            met[each.name] = each
    protocol = PROTOCOL.format(
        matches="; ".join(f"{each.name}: {each.moves}, batch {each.batch}" for each in met.values()),
        repeats=given.repeats,
        threads=given.threads,
        bf16="bf16: our default here." if fast else "This processor has no bf16: our default here is fp32.",
    )
    write_table(
        "peers",
        rows,
        source=SOURCE,
        protocol=protocol,
        seconds=time.monotonic() - begun,
        device=given.device.replace("cpu", ""),
    )


def arguments() -> Namespace:
    parser = Options(__doc__)
    parser.add_argument(
        "--peer", action="append", type=named, required=True, metavar="NAME=PATH", help=", ".join(PEERS)
    )
    parser.add_argument("--repeats", type=positive, default=15)
    parser.add_argument("--threads", type=positive, default=1)
    parser.add_argument("--device", type=device_of, default="cpu", help="cpu or cuda")
    return parser.parse_args()


def named(text: str) -> tuple[str, str]:
    """NAME=PATH as the module of the peer and the path of its checkout."""
    name, _, path = text.partition("=")
    if name not in PEERS or not path:
        raise ArgumentTypeError(f"must be NAME=PATH with one of {', '.join(PEERS)}, found {text}")
    return name.replace("-", "_"), path


def rows_of(match: Match, repeats: int, bf16: bool, device: str) -> list[Row]:
    """How long both rounds take, and how many times as fast ours is."""
    theirs, ours = alternated(*match.steps(bf16, device), repeats, device)
    middle, bounds = ratio(theirs, ours)
    precision = "bf16" if bf16 else "fp32"
    bar = ">= 1.40" if bf16 else ">= 1.00"
    return [
        Row(f"{match.name}, its own", "milliseconds a round", [1e3 * statistics.median(theirs)], control=True),
        Row(f"{match.name}, ours in {precision}", "milliseconds a round", [1e3 * statistics.median(ours)]),
        Row(f"{match.name}, ours in {precision}", "times as fast", [middle], bar=bar, bounds=bounds),
    ]


if __name__ == "__main__":
    main()
