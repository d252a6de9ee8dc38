"""One writer for all results: a record goes out as JSON or a view, its arrays into a file.

The session made the record; `report` writes its JSON and `render` its table. Warnings go to
standard error, whatever form the result has.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from difftool.cli import streams
from difftool.cli.ending import DONE, FAILED
from difftool.errors import DifftoolError

if TYPE_CHECKING:
    import numpy as np

    from difftool.report.record import EvalRecord, GradRecord, Output, Record

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class Form(NamedTuple):
    """In which form a result is wanted: the values of the options that say so."""

    json: bool
    color: bool | None
    precision: int
    out: str | None
    finite: bool

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Form:
        """The form that a command's options ask for."""
        return cls(
            json=settings["json"],
            color=settings["color"],
            precision=settings.get("precision", 4),
            out=settings.get("out"),
            finite=settings.get("finite", False),
        )

    def check(self, count: int) -> None:
        """Refuse a file that can't be written, or can't hold `count` arrays.

        This comes before anything is computed.
        """
        if self.out is not None:
            from difftool.tensors import check_writable

            check_writable(self.out, count=count)


def show(record: Record, form: Form) -> None:
    """Print a record on standard output."""
    if form.json:
        from difftool.report.json_lines import pieces

        streams.write(pieces(record))
    else:
        from difftool.render.view import text

        screen = streams.screen(streams.output(), form.color)
        streams.write((text(record, screen, precision=form.precision),))


def deliver(record: EvalRecord | GradRecord, form: Form) -> int:
    """Write, print and warn as `form` asks; return the exit status.

    With a file and without JSON there is nothing on standard output: the file is the result.
    """
    if form.out is not None:
        from difftool.tensors import write

        arrays = _arrays(record)
        write(form.out, arrays)
        streams.say(f"wrote {', '.join(arrays)} to {form.out}\n")
    if form.out is None or form.json:
        show(record, form)
    for warning in record.warnings:
        _warn(warning, form)
    return FAILED if form.finite and not _is_finite(record) else DONE


def _arrays(record: EvalRecord | GradRecord) -> dict[str, Array]:
    """The tensors that `--out` writes: the gradients by name, or the output as "output"."""
    from difftool.report.record import GradRecord, OutputRecord

    if isinstance(record, GradRecord):
        return {name: gradient.array for name, gradient in record.gradients.items()}
    if isinstance(record.output, OutputRecord):
        return {"output": record.output.data}
    raise DifftoolError(
        "the output is not a tensor, so it can't be written to a file",
        kind="usage",
        hint="leave --out away to print it",
        place="--out",
    )


def _is_finite(record: EvalRecord | GradRecord) -> bool:
    """Whether the result, output and gradients, is free of NaN and infinity."""
    from difftool.execute.finite import is_finite
    from difftool.report.record import GradRecord, OutputRecord, TupleRecord

    arrays = []
    if isinstance(record, GradRecord):
        arrays += [gradient.array for gradient in record.gradients.values()]
    outputs: list[Output] = [record.output]
    for output in outputs:
        if isinstance(output, TupleRecord):
            outputs.extend(output.items)
        elif isinstance(output, OutputRecord):
            arrays.append(output.data)
    return all(map(is_finite, arrays))


def _warn(warning: str, form: Form) -> None:
    from difftool.render.diagnostic import warning_text

    streams.say(warning_text(warning, streams.screen(sys.stderr, form.color)))
