"""How a command ends: its exit code, and one line about an error."""

import errno
import os
import sys
from collections.abc import Callable

WRONG, FAILED, INTERRUPTED = 2, 1, 130


def ended(command: Callable[[], int], debug: bool) -> int:
    """Runs a command and turns what goes wrong into one line on standard error and an exit code."""
    try:
        code = command()
        sys.stdout.flush()
        return code
    except SystemExit as end:
        return int(end.code or 0)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        return told(error)


def told(error: Exception) -> int:
    """One line about an error, and the exit code for its kind."""
    code = FAILED
    text = " ".join(str(error).split())
    if type(error).__name__ == "DataError":
        code, text = WRONG, str(error)  # it lists the bad files, one a line
    elif isinstance(error, ValueError) or (isinstance(error, ModuleNotFoundError) and "pip install" in text):
        code = WRONG
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        text = f"the disk is full{_where(error)}; nothing half-written was kept; free some space and try again"
        text += ", a training with `rivals resume`"
    elif isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        code, text = WRONG, f"{error.strerror}{_where(error)}; name a place that can be written to (or read from)"
    elif isinstance(error, OSError):
        code, text = WRONG, f"{error.strerror or error}{_where(error)}"
    elif "out of memory" in text.lower():
        text = f"out of memory: {text[:120]}; try a smaller --batch, --accumulate 2 or a smaller --width"
    elif type(error).__name__ != "Diverged":
        text = f"{type(error).__name__}: {text}; --debug shows where"
    print(f"rivals: {text}", file=sys.stderr)
    return code


def _where(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""
