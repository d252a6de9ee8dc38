"""The text a command is about: an expression from standard input, a program from its file.

`command` reads it before click reads the options, since its free names are options; `inputs` reads
what their values are.
"""

from __future__ import annotations

import os
import sys

from difftool.errors import DifftoolError

STANDARD_INPUT = "standard input"

# What stands in a program sooner or later, and hardly in the name of its file.
OF_PROGRAMS = frozenset("=();\n")


def place_of(file: str | None) -> str | None:
    """What errors call the text of a program's file; None for an expression, which has no name."""
    return STANDARD_INPUT if file == "-" else file


def read_expression() -> str:
    """The text of standard input, for the expression `-`."""
    data = _standard_input("expression", at_terminal=False)
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        message = f"is no text: byte {error.start + 1} is not UTF-8"
        raise _unread(message, "expression") from None
    if not text:
        raise _unread("is empty, so there is no expression", "expression")
    return text


def read_program(file: str) -> str:
    """The text of a program's file, line ends as newlines; `-` is standard input, also when typed.

    Raises DifftoolError of kind "file" if there is no such file or no text in it.
    """
    from difftool.tensors.source import Source, shown
    from difftool.tensors.text import text_of

    if file == "-":
        return text_of(Source(STANDARD_INPUT, file, data=_standard_input("program")))
    name = shown(file)
    if file.endswith(".ipynb"):
        raise DifftoolError(
            f"{name} is a notebook, not a program",
            kind="file",
            hint=f"its cells become a program with: jupyter nbconvert --to script {name}",
        )
    try:
        return text_of(Source(name, file, path=file))
    except DifftoolError as error:
        if not os.path.exists(file) and not OF_PROGRAMS.isdisjoint(file):
            error.hint = "name the program's file; a text is piped into: difftool run -"
        raise


def _standard_input(noun: str, *, at_terminal: bool = True) -> bytes:
    """All of standard input; `at_terminal`: also what is typed there."""
    stream = sys.stdin
    if stream is None or stream.closed:
        raise _unread(f"is closed, so there is no {noun} to read", noun)
    if stream.isatty() and not at_terminal:
        raise _unread(f"is a terminal, so there is no {noun} to read", noun)
    try:
        return stream.buffer.read()
    except OSError as error:
        raise _unread(f"can't be read: {error.strerror or error}", noun) from None


def _unread(fault: str, noun: str) -> DifftoolError:
    otherwise = "write it instead of -" if noun == "expression" else "name its file"
    return DifftoolError(
        f"{STANDARD_INPUT} {fault}", kind="file", hint=f"pipe the {noun} in, or {otherwise}"
    )
