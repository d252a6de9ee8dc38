"""One writer for all results: a record goes out as JSON or a view, its arrays into a file.

The session made the record; `report` writes its JSON and `render` its table. Warnings go to
standard error, whatever form the result has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from difftool.cli import streams
from difftool.cli.ending import DONE, FAILED
from difftool.errors import DifftoolError

if TYPE_CHECKING:
    import numpy as np

    from difftool.report.derivatives import DerivativeRecord
    from difftool.report.record import EvalRecord, GradRecord, Output, Record, RunRecord
    from difftool.tensors import MappedFile

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
    Computed: TypeAlias = EvalRecord | GradRecord | DerivativeRecord


class Form(NamedTuple):
    """In which form a result is wanted: the values of the options that say so.

    Attributes:
        seeded: whether the user gave the seed, who need not be told it then.
    """

    json: bool
    color: bool | None
    precision: int
    out: str | None
    finite: bool
    seeded: bool

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Form:
        """The form that a command's options ask for."""
        return cls(
            json=settings["json"],
            color=settings["color"],
            precision=settings.get("precision", 4),
            out=settings.get("out"),
            finite=settings.get("finite", False),
            seeded=settings.get("seed") is not None,
        )

    def check(self, count: int | None = None) -> None:
        """Refuse a file that can't be written, or can't hold `count` arrays if that is known.

        This comes before anything is computed.
        """
        if self.out is not None:
            from difftool.tensors import check_writable

            check_writable(self.out, count=count)


    @contextmanager
    def file(self) -> Iterator[MappedFile | None]:
        """The file that a result can be computed into, removed again if it isn't kept."""
        from difftool.tensors import MappedFile

        if self.out is None or not MappedFile.suits(self.out):
            yield None
            return
        file = MappedFile(self.out)
        try:
            yield file
        finally:
            file.discard()


def show(record: Record, form: Form) -> None:
    """Print a record on standard output."""
    if form.json:
        from difftool.report.json_lines import pieces

        streams.write(pieces(record))
    else:
        from difftool.render.view import text

        screen = streams.screen(streams.output(), form.color)
        streams.write((text(record, screen, precision=form.precision),))


def deliver(record: Computed, form: Form, file: MappedFile | None = None) -> int:
    """Write, print and warn as `form` asks; return the exit status.

    With a file and without JSON there is nothing on standard output: the file is the result.

    Args:
        file: the one of `--out`, if the result may have been computed into it.
    """
    if form.out is not None:
        _save(form.out, _arrays(record), file)
    if form.out is None or form.json:
        show(record, form)
    if not form.json and (form.out is not None or record.command == "eval"):
        _tell_seed(record.seed, form)
    for warning in record.warnings:
        _warn(warning, form)
    return FAILED if form.finite and not _is_finite(record) else DONE


def finish(record: RunRecord, form: Form, drawn: int | None) -> int:
    """Write what a program left, after it has printed; return the exit status.

    Args:
        drawn: the seed it drew random numbers with that nobody gave.
    """
    if form.out is not None:
        _save(form.out, {name: tensor.data for name, tensor in record.variables.items()})
    if form.json:
        show(record, form)
    else:
        _tell_seed(drawn, form)
    return DONE


def _save(path: str, arrays: Mapping[str, Array], file: MappedFile | None = None) -> None:
    from difftool.tensors import write

    if not arrays:
        raise DifftoolError(
            "no variable of the program holds a tensor, so there is nothing to write",
            kind="usage",
            hint="leave --out away",
            place="--out",
        )
    if file is not None and len(arrays) == 1 and file.holds(next(iter(arrays.values()))):
        file.keep()
    else:
        write(path, arrays)
    # The blocks of a Hessian have a comma in their names.
    between = "; " if any("," in name for name in arrays) else ", "
    streams.say(f"wrote {between.join(arrays)} to {path}\n")


def _tell_seed(seed: int | None, form: Form) -> None:
    if seed is not None and not form.seeded:
        streams.say(f"seed: {seed} (--seed {seed} draws the same numbers)\n")


def _arrays(record: Computed) -> Mapping[str, Array]:
    """The tensors that `--out` writes: the derivatives by name, or the output as "output"."""
    from difftool.report.record import EvalRecord, GradRecord, OutputRecord

    if isinstance(record, GradRecord):
        return {name: gradient.array for name, gradient in record.gradients.items()}
    if not isinstance(record, EvalRecord):
        return record.arrays
    if isinstance(record.output, OutputRecord):
        return {"output": record.output.data}
    raise DifftoolError(
        "the output is not a tensor, so it can't be written to a file",
        kind="usage",
        hint="leave --out away to print it",
        place="--out",
    )


def _is_finite(record: Computed) -> bool:
    """Whether the result, output and derivatives, is free of NaN and infinity."""
    from difftool.execute.finite import is_finite
    from difftool.report.record import EvalRecord, OutputRecord, TupleRecord

    arrays = [] if isinstance(record, EvalRecord) else list(_arrays(record).values())
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
