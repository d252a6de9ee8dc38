"""The command `run`: a program printing while it runs, and what it leaves when it is done.

`program` declares it and calls `run`; `texts` has read the program, the session runs it, `output`
writes its variables.
"""

from __future__ import annotations

import os
from typing import Any

from difftool.cli import streams
from difftool.cli.inputs import Request, Source
from difftool.cli.output import Form, finish
from difftool.cli.texts import place_of
from difftool.errors import DifftoolError
from difftool.session import Session

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
        with streams.writing():
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
        raise
    drawn = seed if seed in (before, session.seed) else None
    if record.seed is None:
        record = record._replace(seed=before)
    return finish(record._replace(file=str(request.file)), form, drawn)


def _keep_quiet(text: str) -> None:
    """What a program prints is in the JSON."""
