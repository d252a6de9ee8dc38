"""Lines and blocks: the layer over the scanner that makes tokens of Python's indentation.

`program_parser` runs its tables with this driver. Each line that has words ends with one
`_NEWLINE`; where the next one stands further in, an `_INDENT` follows, and a `_DEDENT` for each
block that ends. Blank lines, comments and lines inside brackets count for nothing. The rules are
those of "Indentation" in The Python Language Reference, section 2.1.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from difftool.errors import DifftoolError, Span
from difftool.language.lalr import Action, Driver, Tables, Token

MOST_BLOCKS = 100  # inside each other, as in Python
TAB = 8  # columns from one tab stop to the next

BYTE_ORDER_MARK = "\ufeff"


class Margin(NamedTuple):
    """What stands before the first word of a line.

    Attributes:
        text: as it was typed.
        width: its columns.
        narrow: its columns if a tab took only one; where the order of two margins depends on this,
            the text would mean something else in another editor.
    """

    text: str
    width: int
    narrow: int


class BlockDriver(Driver):
    """A driver of tables that have `_INDENT`, `_DEDENT` and `_FIELD`."""

    def __init__(self, tables: Tables, actions: Mapping[str, Action]) -> None:
        super().__init__(tables, actions)
        self.newline, self.indent, self.dedent, self.field = map(
            tables.symbols.index, ("_NEWLINE", "_INDENT", "_DEDENT", "_FIELD")
        )

    def parse(self, text: str) -> object:
        """Parse a text with lines and blocks.

        Raises:
            Rejected: the text is not of the language.
            DifftoolError: its lines are indented in a way that no block is.
        """
        return self.parse_tokens(self.lines(text))

    def parse_field(self, tokens: Iterable[Token]) -> Any:
        """The expression between the braces of a formatted string, all in one line.

        Raises:
            Rejected: it is no expression.
        """
        return self.parse_tokens(self._after_mark(tokens))

    def _after_mark(self, tokens: Iterable[Token]) -> Iterator[Token]:
        mark = True
        for token in tokens:
            if mark:
                yield self.field, "", token[2]
                mark = False
            yield token

    def lines(self, text: str) -> Iterator[Token]:
        """The tokens of `text` with those of lines and blocks, which have no text.

        Raises:
            DifftoolError: a margin that fits no block.
        """
        newline, end = self.newline, self.tables.end
        margins = [Margin("", 0, 0)]
        # Where the line began of which no word has come yet; -1 within a line.
        line = first = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
        empty = True
        for token in self.scan(text, first):
            terminal, word, start = token
            if terminal == newline:
                if line < 0:
                    yield newline, "", start
                line = start + 1 + max(word.rfind("\n"), word.rfind("\r"))
                continue
            if terminal == end:
                if line < 0 or empty:
                    yield newline, "", start
                for _ in margins[1:]:
                    yield self.dedent, "", start
            elif line >= 0:
                if text[line:start] != margins[-1].text:
                    yield from self._margin(text, line, start, margins)
                line = -1
                empty = False
            yield token

    def _margin(self, text: str, line: int, start: int, margins: list[Margin]) -> Iterator[Token]:
        """The tokens of a line that begins otherwise than the one before; `margins`, those of the
        blocks it stands in, are brought up to date."""
        margin = _margin(text[line:start])
        above = margins[-1]
        if margin.width > above.width:
            if margin.narrow <= above.narrow:
                raise _mixed(line, start)
            if len(margins) > MOST_BLOCKS:
                raise _too_deep(line, start)
            margins.append(margin)
            yield self.indent, "", start
            return
        while margins[-1].width > margin.width:
            margins.pop()
            yield self.dedent, "", start
        if margins[-1].width < margin.width:
            raise _between(margin, margins[-1], above, line, start)
        if margins[-1].narrow != margin.narrow:
            raise _mixed(line, start)


def _margin(text: str) -> Margin:
    """The margin of a line; one that a backslash continues before its first word begins with what
    stands there, or if that is nothing, in the last of its lines, as in Python."""
    head, continued, _ = text.partition("\\")
    margin = _measured(head)
    if continued and margin.width == 0:
        margin = _measured(text[1 + max(text.rfind("\n"), text.rfind("\r")) :])
    return margin


def _measured(text: str) -> Margin:
    width = narrow = 0
    for sign in text:
        if sign == "\t":
            width += TAB - width % TAB
            narrow += 1
        elif sign == "\f":  # begins a page and with it the line
            width = narrow = 0
        else:
            width += 1
            narrow += 1
    return Margin(text, width, narrow)


def _mixed(line: int, start: int) -> DifftoolError:
    return DifftoolError(
        "tabs and blanks are mixed: how far in this line stands depends on the width of a tab",
        kind="syntax",
        hint="indent with four blanks for each block, and no tabs",
        span=Span(line, start),
    )


def _between(margin: Margin, outer: Margin, inner: Margin, line: int, start: int) -> DifftoolError:
    blanks = "1 blank" if margin.width == 1 else f"{margin.width} blanks"
    return DifftoolError(
        f"this line stands {blanks} in, as no line of a block around it does",
        kind="syntax",
        hint=f"indent it by {outer.width} or {inner.width} blanks, like the lines it belongs to",
        span=Span(line, start),
    )


def _too_deep(line: int, start: int) -> DifftoolError:
    return DifftoolError(
        f"more than {MOST_BLOCKS} blocks stand inside each other",
        kind="limit",
        hint="write some of the loops as operations on whole tensors",
        span=Span(line, start),
    )
