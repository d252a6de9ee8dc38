"""Standard output for results, standard error for everything else.

Both may be closed, full, an abandoned pipe or unable to encode a character. None of these may
end in a traceback, and a result that did not arrive whole must not end in exit status 0.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EBADF
from typing import TYPE_CHECKING, TextIO

from difftool.errors import DifftoolError

if TYPE_CHECKING:
    from difftool.render.screen import Screen


def output() -> TextIO:
    """Standard output; DifftoolError of kind "file" if it is closed."""
    if sys.stdout is None:
        raise DifftoolError(
            "standard output is closed, so there is nowhere to print the result",
            kind="file",
            hint="leave standard output open, or send it to /dev/null",
        )
    return sys.stdout


def write(pieces: Iterable[str]) -> None:
    """Write the pieces of a result and see them out of the process.

    Raises BrokenPipeError when the reader went away, DifftoolError of kind "file" when standard
    output is closed or takes no more.
    """
    stream = _ready()
    with writing():
        stream.writelines(pieces)
        stream.flush()


class Printer:
    """Standard output for a program that runs: `printer(text)` sees each text out at once.

    So a reader sees a line when it is printed, and an interrupt loses none. The OSError of a stream
    that takes no more passes through whoever prints; `writing` says what it means.
    """

    def __init__(self) -> None:
        self._stream: TextIO | None = None

    def __call__(self, text: str) -> None:
        if self._stream is None:
            if sys.stdout is None:
                raise OSError(EBADF, os.strerror(EBADF))
            self._stream = _ready()
        self._stream.write(text)
        self._stream.flush()


@contextmanager
def writing() -> Iterator[None]:
    """Turn the OSError of a standard output that takes nothing into a DifftoolError."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        output()
        abandon()
        raise DifftoolError(
            f"standard output does not take the result: {error.strerror or error}",
            kind="file",
            hint="make room where it goes, or send it elsewhere",
        ) from None


def _ready() -> TextIO:
    """Standard output, which then writes every character: one it doesn't have as an escape."""
    stream = output()
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    return stream


def say(text: str) -> None:
    """Write lines for people to standard error; where that is closed or full, nobody is told."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        return


def screen(stream: TextIO | None, color: bool | None) -> Screen:
    """What views have to know of `stream`; `color` is the user's choice, if there is one."""
    from difftool.render.screen import Screen, screen_of

    return Screen() if stream is None else screen_of(stream, os.environ, color)


def abandon() -> None:
    """Send what is left in the buffers nowhere.

    Otherwise the interpreter tries once more to write it at exit, and complains.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            descriptor = stream.fileno()
        except (AttributeError, OSError, ValueError):
            continue
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)
