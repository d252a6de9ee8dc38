"""The one error of difftool: what is wrong, where in the user's text, and the way out.

Every room to the right raises `DifftoolError`; whoever holds the text adds the place to it
(`at`), and `render.diagnostic` draws it. This module imports nothing of difftool.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of character offsets into the text the user typed."""

    start: int
    end: int


class DifftoolError(Exception):
    """A request that can't be met; the only exception difftool's public functions raise.

    Attributes:
        kind: what sort of fault it is, a stable word for scripts: "syntax", "name", "shape",
            "dtype", "argument", "value", "index", "file", "limit", "usage" or "unsupported".
        message: one line that says what is wrong.
        hint: the way out, or None.
        span: where in `source` the fault is, or None.
        notes: facts that stand below the caret ("a is (2, 3), b is (4,)").
        source: the text that `span` counts in, or None.
        place: where that text came from when it is not the expression itself ("--x"), or None.
    """

    exit_status = 2

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        hint: str | None = None,
        span: Span | None = None,
        notes: tuple[str, ...] = (),
        source: str | None = None,
        place: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint
        self.span = span
        self.notes = notes
        self.source = source
        self.place = place

    def at(self, span: Span | None, source: str | None, place: str | None = None) -> DifftoolError:
        """Fill in the place where it is still unknown, and return the error itself."""
        if self.span is None:
            self.span = span
        if self.source is None:
            self.source = source
            self.place = self.place or place
        return self

    def __reduce__(self) -> tuple[object, tuple[()]]:
        # Exceptions are copied to another process by their arguments, which here have names.
        again = partial(
            type(self),
            self.message,
            kind=self.kind,
            hint=self.hint,
            span=self.span,
            notes=self.notes,
            source=self.source,
            place=self.place,
        )
        return again, ()

    @property
    def line(self) -> int | None:
        """The line of `span` in `source`, counted from 1."""
        if self.span is None or self.source is None:
            return None
        return self.source.count("\n", 0, self.span.start) + 1

    @property
    def column(self) -> int | None:
        """The column of `span` in its line, counted from 1 in characters."""
        if self.span is None or self.source is None:
            return None
        return self.span.start - self.source.rfind("\n", 0, self.span.start)

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message} (hint: {self.hint})"
