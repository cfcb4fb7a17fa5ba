"""Where batches come from: toys, pictures, pairs; the cache; the bad-file policy.

Nothing here is imported before it is used, so that the command line can ask `rivals.data.names` without torch.
`load` and `check` are functions of the files of the same name: `from rivals.data.load import load`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rivals.data.bad import Bad, DataError
    from rivals.data.check import Report
    from rivals.data.names import NAMED, TOYS, kind_of
    from rivals.data.pictures import Pictures
    from rivals.data.toys import Points, toy
    from rivals.data.unpaired import Unpaired

__all__ = [
    "NAMED",
    "TOYS",
    "Bad",
    "DataError",
    "Pictures",
    "Points",
    "Report",
    "Unpaired",
    "kind_of",
    "toy",
]
HOMES = {
    "Bad": "bad",
    "DataError": "bad",
    "NAMED": "names",
    "Pictures": "pictures",
    "Points": "toys",
    "Report": "check",
    "TOYS": "names",
    "Unpaired": "unpaired",
    "kind_of": "names",
    "toy": "toys",
}


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(import_module(f"rivals.data.{HOMES[name]}"), name)
    raise AttributeError(f"module 'rivals.data' has no attribute {name!r}")
