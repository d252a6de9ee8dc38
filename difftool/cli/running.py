"""The command `run`: a program printing while it runs, and what it leaves when it is done.

`program` declares it and calls `run`; `texts` has read the program, the session runs it, `output`
writes its variables.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from difftool.cli import streams
from difftool.cli.inputs import Request, Source, hint_of_reserved
from difftool.cli.output import Form, finish
from difftool.cli.texts import place_of
from difftool.errors import DifftoolError
from difftool.session import Session

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

# PyTorch's own default dtype: what a program prints there, it prints here.
DTYPE = "float32"


def run(request: Request, settings: dict[str, Any]) -> int:
    """Run the program of a request with the values of its options; return the exit status.

    With `--json` nothing is printed before the program has ended well.
    """
    form = Form.of(settings)
    seed = settings["seed"] if form.seeded else int.from_bytes(os.urandom(4), "little")
    session = Session(settings["dtype"] or DTYPE, seed, settings["max_memory"])
    inputs = Source(session, request).inputs(settings["inputs"])
    form.check()
    before = session.seed
    try:
        with streams.writing(), _interrupts():
            record = session.run(
                request.text,
                inputs,
                write=_keep_quiet if form.json else streams.Printer(),
                max_steps=settings["max_steps"],
                place=place_of(request.file),
            )
    except DifftoolError as error:
        if not form.seeded and seed in (before, session.seed):
            # Whoever looks for the fault needs the same numbers once more.
            error.notes += (f"random numbers were drawn with --seed {seed}",)
        for name in request.reserved:
            if error.message == f"`{name}` has no value":
                error.hint = hint_of_reserved(name)
        raise
    drawn = seed if seed in (before, session.seed) else None
    if record.seed is None:
        record = record._replace(seed=before)
    return finish(record._replace(file=str(request.file)), form, drawn)


@contextmanager
def _interrupts() -> Iterator[None]:
    """See to it that Ctrl-C ends a long loop at whatever moment it comes.

    Python drops an exception, and this one too, that is raised in what it calls when an object
    dies; a loop lets thousands of nodes die. What was dropped is sent once more.
    """
    usual = sys.unraisablehook

    def again(dropped: UnraisableHookArgs) -> None:
        if not isinstance(dropped.exc_value, KeyboardInterrupt):
            usual(dropped)
            return
        from _thread import interrupt_main
        from threading import Timer

        Timer(0.001, interrupt_main).start()

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = usual


def _keep_quiet(text: str) -> None:
    """What a program prints is in the JSON."""
