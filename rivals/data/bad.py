"""The bad-file policy: a file that can't be used is named with its reason, and never dropped in silence."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True)
class Bad:
    """A file that can't be used, and why: `reason` goes on from "it ..."."""

    name: str
    reason: str

    def __str__(self) -> str:
        name = self.name.encode("utf-8", "backslashreplace").decode()  # a name that is no text must print too
        return f"{name} {self.reason}"


class DataError(ValueError):
    """Data that can't be used as it is; the first line says what is wrong and what to do."""

    def __init__(self, message: str, bad: Sequence[Bad] = ()) -> None:
        super().__init__(message)
        self.bad = tuple(bad)


def bad_files(where: str, bad: Sequence[Bad], total: int) -> DataError:
    """The error of `--on-bad-file error`: the first twenty bad files, and how many there are."""
    files = "1 file" if len(bad) == 1 else f"{len(bad)} of its {total} files"
    them = "it" if len(bad) == 1 else "them"
    lines = [f"{where}: {files} can't be used; repair or remove {them}, or train without {them} by --on-bad-file skip:"]
    return DataError("\n".join(lines + shown(bad)), bad)


def shown(bad: Sequence[Bad]) -> list[str]:
    """The first twenty bad files, one a line, and the number of those not shown."""
    more = [f"  … and {len(bad) - SHOWN} more"] if len(bad) > SHOWN else []
    return [f"  {each}" for each in bad[:SHOWN]] + more
