"""The values of the command line as arrays: what `--x`, `--let`, `--inputs` and `-` give.

A value is a tensor expression, which the session evaluates, or a place to read from, which
`tensors` does. What is nearer to the command line wins: its own values, then those of
`DIFFTOOL_LET`, then those of `--inputs`. Standard input can be read once, by one value or as the
expression.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from difftool.cli import failure
from difftool.errors import DifftoolError

if TYPE_CHECKING:
    import numpy as np

    from difftool.session import Session

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class Given(NamedTuple):
    """The text of a value, and the place it stands in, by which errors name it ("--x")."""

    text: str
    place: str


class Request(NamedTuple):
    """An expression and what was given for its free names.

    Attributes:
        expression: its text.
        is_read: whether that came from standard input.
        names: its free names, in order of appearance.
        given: the values of the command line and the environment, by name.
        reserved: those of `names` that are options, so that only `--let` can give them.
    """

    expression: str
    is_read: bool
    names: Sequence[str]
    given: Mapping[str, Given]
    reserved: Sequence[str]


def bindings(words: Iterable[str], place: str) -> dict[str, Given]:
    """The values of `--let NAME=TENSOR` by name; `place` is `--let` or its variable."""
    bound: dict[str, Given] = {}
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise failure.usage(
                f"{place} takes NAME=TENSOR, not '{word}'", 'for example --let "x=[1, 2]"', place
            )
        if name in bound:
            raise given_twice(name, place)
        bound[name] = Given(text, f"{place} {name}")
    return bound


def given_twice(name: str, place: str) -> DifftoolError:
    """The error for a name with two values, where neither can be meant to win."""
    return failure.usage(f"`{name}` is given twice", "give each name one tensor", place)


class Source:
    """Turns values into arrays; standard input is read once for all of them."""

    def __init__(self, session: Session, request: Request) -> None:
        from difftool.tensors import StandardInput

        self.session = session
        self.request = request
        self.standard_input = StandardInput()

    def tensor(self, given: Given) -> Array:
        """The array that a value gives."""
        text, place = given
        if text != "-" and not text.startswith("@"):
            return self.session.tensor(text, place=place)
        from difftool.tensors import read

        self._leave_expression(text, place)
        return read(text, stdin=self.standard_input, place=place)

    def inputs(self, file: str | None) -> dict[str, Array]:
        """An array for each free name that has one, in the order of the names.

        They are drawn in that order too, so that the order of options does not change what a
        seed gives. `file` gives those that the command line does not.
        """
        arrays: dict[str, Array] = {}
        if file is not None:
            from difftool.tensors import read_inputs

            self._leave_expression(file, "--inputs")
            arrays.update(read_inputs(file, stdin=self.standard_input))
        names, given = self.request.names, self.request.given
        for name in self.request.reserved:
            if name not in given and name not in arrays:
                raise DifftoolError(
                    f"`{name}` has no value",
                    kind="name",
                    hint=f"--{name} is an option, so give the tensor with --let {name}=TENSOR",
                    source=self.request.expression,
                )
        for name, value in given.items():
            if name not in names:
                raise failure.usage(
                    f"the expression has no free name `{name}`",
                    f"its free names: {', '.join(names) or 'none'}",
                    value.place,
                )
        return {
            name: self.tensor(given[name]) if name in given else arrays[name]
            for name in names
            if name in given or name in arrays
        }

    def _leave_expression(self, text: str, place: str) -> None:
        """Refuse to read standard input for a tensor after the expression was read from it."""
        if self.request.is_read and text.removeprefix("@").partition(":")[0] == "-":
            raise failure.usage(
                f"standard input is read once, but the expression and {place} both ask for it",
                f"give the tensor a file: {place} @FILE",
                place,
            )


def read_expression() -> str:
    """The text of standard input, for the expression `-`."""

    def fault(message: str) -> DifftoolError:
        return DifftoolError(
            message, kind="file", hint="pipe the expression in, or write it instead of -"
        )

    stream = sys.stdin
    if stream is None or stream.closed:
        raise fault("standard input is closed, so there is no expression to read")
    if stream.isatty():
        raise fault("standard input is a terminal, so there is no expression to read")
    try:
        text = stream.buffer.read().decode("utf-8-sig").strip()
    except OSError as error:
        raise fault(f"standard input can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise fault(f"standard input is no text: byte {error.start + 1} is not UTF-8") from None
    if not text:
        raise fault("standard input is empty, so there is no expression")
    return text
