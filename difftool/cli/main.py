"""The entry point: the words of the command line in, the exit status out.

Nothing but this and `ending` is imported before the run is guarded, so that even an interrupt or
a fault during the imports ends with its own exit status and no traceback.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

from difftool.cli.ending import Ending


def start() -> NoReturn:
    """The process `difftool`: run its command line and end with the exit status."""
    # A request is short and leaves little garbage in cycles. To search for it while modules load,
    # and to take every object apart at the end, took a fifth of the whole process's time.
    gc.set_threshold(100_000)
    status = main()
    gc.freeze()
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `difftool` with `arguments` (default: those of the process); return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with Ending(words) as ending:
        from difftool.cli.program import run

        ending.status = run(words)
    return ending.status
