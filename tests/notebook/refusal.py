"""The form of a case in the tables of errors (`refusals`)."""

from __future__ import annotations

from typing import NamedTuple


class Refusal(NamedTuple):
    """One program, and how difftool ends it.

    Attributes:
        name: of the case, unique.
        program: its text.
        line: the line that the error names.
        kind: the error's kind.
        says: words that stand in the message or the hint.
        status: the exit status.
        options: further options of `difftool run`.
        runs_in_python: False where PyTorch is not asked: the program doesn't end.
    """

    name: str
    program: str
    line: int
    kind: str
    says: tuple[str, ...]
    status: int = 2
    options: tuple[str, ...] = ()
    runs_in_python: bool = True
