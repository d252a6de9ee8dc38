"""The values of the command line as arrays: what `--x`, `--let`, `--inputs` and `-` give.

A value is a tensor expression, which the session evaluates, or a place to read from, which
`tensors` does. What is nearer to the command line wins: its own values, then those of
`DIFFTOOL_LET`, then those of `--inputs`. Standard input can be read once, by one value or as the
text itself, which `texts` reads.
"""

from __future__ import annotations

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
    """An expression or a program, and what was given for its free names.

    Attributes:
        text: the expression or the program.
        file: the program's file as it was named, "-" for standard input; None for an expression.
        is_read: whether the text came from standard input.
        names: its free names, in order of appearance.
        given: the values of the command line and the environment, by name.
        reserved: those of `names` that are options, so that only `--let` can give them.
    """

    text: str
    file: str | None
    is_read: bool
    names: Sequence[str]
    given: Mapping[str, Given]
    reserved: Sequence[str]

    @property
    def noun(self) -> str:
        """What the text is, for messages."""
        return "expression" if self.file is None else "program"


def bindings(words: Iterable[str], place: str, option: str = "--let") -> dict[str, Given]:
    """The values of `--let NAME=TENSOR` by name; `place` is the option or its variable."""
    bound: dict[str, Given] = {}
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise failure.usage(
                f"{place} takes NAME=TENSOR, not '{word}'",
                f'for example {option} "x=[1, 2]"',
                place,
            )
        if name in bound:
            raise given_twice(name, place)
        bound[name] = Given(text, f"{place} {name}")
    return bound


def given_twice(name: str, place: str) -> DifftoolError:
    """The error for a name with two values, where neither can be meant to win."""
    return failure.usage(f"`{name}` is given twice", "give each name one tensor", place)


def hint_of_reserved(name: str) -> str:
    """How to give a tensor to a name whose option has another meaning."""
    return f"--{name} is an option, so give the tensor with --let {name}=TENSOR"


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

        self._leave_text(text, place)
        return read(text, stdin=self.standard_input, place=place)

    def tangents(self, words: Sequence[str], is_default: bool) -> dict[str, Array]:
        """The arrays of `--tangent NAME=TENSOR`, in the order of the free names.

        `is_default`: they come from the environment, which may name what the text doesn't.
        """
        place = "DIFFTOOL_TANGENT" if is_default else "--tangent"
        given = bindings(words, place, "--tangent")
        names = self.request.names
        for name in given:
            if name not in names and not is_default:
                raise failure.usage(
                    f"the {self.request.noun} has no free name `{name}`",
                    f"its free names: {', '.join(names) or 'none'}",
                    place,
                )
        return {name: self.tensor(given[name]) for name in names if name in given}

    def inputs(self, file: str | None) -> dict[str, Array]:
        """An array for each free name that has one, in the order of the names.

        They are drawn in that order too, so that the order of options does not change what a
        seed gives. `file` gives those that the command line does not.
        """
        arrays: dict[str, Array] = {}
        if file is not None:
            from difftool.tensors import read_inputs

            self._leave_text(file, "--inputs")
            arrays.update(read_inputs(file, stdin=self.standard_input))
        names, given = self.request.names, self.request.given
        for name in self.request.reserved if self.request.file is None else ():
            # A program may never come to the place where it uses the name.
            if name not in given and name not in arrays:
                raise DifftoolError(
                    f"`{name}` has no value",
                    kind="name",
                    hint=hint_of_reserved(name),
                    source=self.request.text,
                )
        for name, value in given.items():
            if name not in names:
                raise failure.usage(
                    f"the {self.request.noun} has no free name `{name}`",
                    f"its free names: {', '.join(names) or 'none'}",
                    value.place,
                )
        return {
            name: self.tensor(given[name]) if name in given else arrays[name]
            for name in names
            if name in given or name in arrays
        }

    def _leave_text(self, text: str, place: str) -> None:
        """Refuse to read standard input for a tensor after the text was read from it."""
        if self.request.is_read and text.removeprefix("@").partition(":")[0] == "-":
            raise failure.usage(
                f"standard input is read once, but the {self.request.noun} and {place} both ask "
                "for it",
                f"give the tensor a file: {place} @FILE",
                place,
            )


def source_of(request: Request, settings: Mapping[str, Any]) -> Source:
    """The source of a request's tensors, in a session with the settings of its options."""
    from difftool.session import Session

    names = ("dtype", "seed", "max_memory", "engine", "threads")
    return Source(Session(**{name: settings[name] for name in names}), request)
