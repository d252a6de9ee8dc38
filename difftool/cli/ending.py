"""How a run ends: every way out of `program.run` becomes an exit status, none a traceback.

Results are already on standard output when a run ends well; what is said of any other ending goes
to standard error through `failure`.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType

from difftool.errors import DifftoolError

DONE = 0
FAILED = 1
REFUSED = DifftoolError.exit_status
DEFECT = 3
INTERRUPTED = 130
PIPE_CLOSED = 141


class Ending:
    """Guards a run: `with Ending(words) as ending: ending.status = ...`.

    Attributes:
        words: the words of the command line, which say in what form errors are wanted.
        status: the exit status, whatever ended the block.
    """

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.status = DONE

    def __enter__(self) -> Ending:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        if isinstance(error, SystemExit):
            return False
        try:
            self.status = self._status_of(error)
        except BrokenPipeError:
            self.status = PIPE_CLOSED
        if self.status == PIPE_CLOSED:
            from difftool.cli.streams import abandon

            abandon()
        return True

    def _status_of(self, error: BaseException) -> int:
        if isinstance(error, KeyboardInterrupt):
            return INTERRUPTED
        if isinstance(error, BrokenPipeError):
            return PIPE_CLOSED
        from difftool.cli import failure

        if isinstance(error, MemoryError):
            error = failure.out_of_memory(error)
        if isinstance(error, DifftoolError):
            failure.show(error, self.words)
            return error.exit_status
        failure.show_defect(error, self.words)
        if os.environ.get("DIFFTOOL_DEBUG") == "1":
            sys.excepthook(type(error), error, error.__traceback__)
        return DEFECT
