"""The screen a text is written for: how wide it is, what it can show, whether it takes colour.

Views are pure functions of a record and a `Screen`. The command line makes one for each stream with
`screen_of`; tests make theirs by hand. Colours are ANSI codes written here, so that errors and
plain results need no terminal library.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import get_terminal_size
from typing import NamedTuple, TextIO

from difftool.render.characters import SUBSTITUTES, can_encode, known_encoding, shorten, shown

# The width of a terminal that doesn't tell its own.
USUAL_WIDTH = 80

# Narrower than this nothing reads well: text is laid out for this many columns and the terminal
# breaks it.
LEAST_WIDTH = 20

# Codes of "Select Graphic Rendition" (ECMA-48), by what they are used for.
STYLES = {
    "heading": "1",
    "dim": "2",
    "name": "36",
    "error": "1;31",
    "warning": "1;33",
    "hint": "1;36",
    "good": "32",
}


class Screen(NamedTuple):
    """What a view has to know of the stream its text goes to.

    Attributes:
        width: columns of the terminal; None for a pipe or a file, which has no edge.
        encoding: of the stream, a name Python knows.
        color: whether to colour.
    """

    width: int | None = None
    encoding: str = "utf-8"
    color: bool = False

    @property
    def draws(self) -> bool:
        """Whether the stream can show lines, arrows and the ellipsis, or needs ASCII for them."""
        return can_encode("".join(SUBSTITUTES), self.encoding)

    def symbol(self, symbols: str) -> str:
        """`symbols`, or what stands for them in ASCII."""
        if self.draws:
            return symbols
        return "".join(SUBSTITUTES.get(symbol, symbol) for symbol in symbols)

    def shown(self, text: str) -> str:
        """Text from outside as this stream can show it, on one line; see `characters.shown`."""
        return shown(text, self.encoding)

    def shorten(self, text: str, limit: int) -> str:
        """`text`, already `shown`, in at most `limit` columns, its middle left out."""
        return shorten(text, limit, self.symbol("…"))

    def paint(self, text: str, style: str) -> str:
        """`text` in a style of `STYLES`, if the stream takes colour."""
        if not self.color or not text:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def screen_of(stream: TextIO, environment: Mapping[str, str], color: bool | None = None) -> Screen:
    """The screen behind `stream`, going by `environment`; `color` overrides what that says."""
    is_terminal = stream.isatty()
    return Screen(
        width=_terminal_width(stream, environment) if is_terminal else None,
        encoding=known_encoding(stream.encoding),
        color=_wants_color(is_terminal, environment) if color is None else color,
    )


def _wants_color(is_terminal: bool, environment: Mapping[str, str]) -> bool:
    """The order of no-color.org, force-color.org and bixense.com/clicolors; then the terminal."""
    if environment.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        value = environment.get(name)
        if value:
            return value not in ("0", "false")
    if environment.get("CLICOLOR") == "0":
        return False
    return is_terminal and environment.get("TERM") not in ("dumb", "unknown")


def _terminal_width(stream: TextIO, environment: Mapping[str, str]) -> int:
    """COLUMNS if it is a number, as a user or a test sets it; else what the terminal says."""
    columns = environment.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) <= 6 and int(columns) > 0:
        return max(int(columns), LEAST_WIDTH)
    try:
        told = get_terminal_size(stream.fileno()).columns
    except OSError:
        told = 0
    return max(told, LEAST_WIDTH) if told else USUAL_WIDTH
