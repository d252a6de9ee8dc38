"""Formatted strings: `f"loss {loss:.4f}"` taken apart into its texts and its values.

The scanner takes such a string as one word, as Python 3.11 does: no quote of its own kind stands
between the braces, nor a backslash. `program_parser` comes here with the word; each value is parsed
where it stands, so that its span counts in the whole text. The rules are those of "Formatted string
literals" in The Python Language Reference, section 2.4.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from difftool.errors import DifftoolError, Span
from difftool.language.blocks import BlockDriver
from difftool.language.kinds import Expression, String
from difftool.language.lalr import Rejected, Token
from difftool.language.literals import quotes_of, shorten, unescaped
from difftool.language.statements import FormattedString, FormattedValue

# Text up to the next brace, but for the braces of a character's name.
TEXT = re.compile(r"(?:[^{}\\]+|\\(?:N\{[^{}]*\}|[^{}])?)*")
BLANKS = re.compile(r"\s*")
ENDS = frozenset(("!", ":", "=", "}"))  # of a value, outside brackets
CONVERSIONS = frozenset("rsa")
DEEPEST = 2  # values may stand in the format of a value, but not in the format of these

Part: TypeAlias = str | FormattedValue


def formatted(word: str, span: Span, driver: BlockDriver) -> String | FormattedString:
    """What a formatted string means: a plain `String` if there are no values in it.

    Args:
        word: the string with its prefix and quotes.
        span: where it stands; everything in it is placed accordingly.
        driver: parses the values.

    Raises:
        DifftoolError: it is not of the language, with the place of the fault inside it.
    """
    width = quotes_of(word[1:])
    reader = _Reader(word[1 + width : -width], span.start + 1 + width, driver)
    return assembled(reader.parts(), span)


def assembled(parts: Iterable[Part], span: Span) -> String | FormattedString:
    """A string of texts and values; texts side by side become one."""
    joined: list[Part] = []
    for is_text, run in groupby(parts, lambda part: isinstance(part, str)):
        if is_text:
            text = "".join(map(str, run))
            joined += [text] if text else []
        else:
            joined += run
    if all(isinstance(part, str) for part in joined):
        return String("".join(map(str, joined)), span)
    return FormattedString(tuple(joined), span)


class _Reader:
    """Reads what stands between the quotes, from left to right."""

    def __init__(self, body: str, offset: int, driver: BlockDriver) -> None:
        self.body = body
        self.offset = offset
        self.driver = driver
        self.at = 0

    def parts(self) -> Iterator[Part]:
        """The parts of the whole string."""
        while self.at < len(self.body):
            yield self._text()
            if self.body[self.at : self.at + 2] in ("{{", "}}"):
                yield self.body[self.at]
                self.at += 2
            elif self.body[self.at : self.at + 1] == "}":
                raise self._fault(
                    "`}` closes no brace", "write }} for the sign itself", self.at, self.at + 1
                )
            elif self.at < len(self.body):
                yield from self._value(1)

    def _format(self, begun: int, level: int) -> Iterator[Part]:
        """The parts of a format, up to the brace that ends it; `begun` is where its value is."""
        while True:
            yield self._text()
            if self.at == len(self.body):
                raise self._open(begun)
            if self.body[self.at] == "}":
                return
            if level == DEEPEST:
                raise self._fault(
                    "values stand three deep inside each other",
                    "give the inner format a name: width = 8",
                    self.at,
                    self.at + 1,
                )
            yield from self._value(level + 1)

    def _text(self) -> str:
        match = TEXT.match(self.body, self.at)
        assert match is not None
        begun, self.at = self.at, match.end()
        return unescaped(match[0], self.offset + begun, prose=True)

    def _value(self, level: int) -> Iterator[Part]:
        """One value with its braces, and for `{x=}` its own text before it."""
        begun = self.at
        self.at += 1
        value = self._expression(begun)
        conversion: str | None = None
        format: str | FormattedString | None = None
        named = self._here("=")
        if named:
            blanks = BLANKS.match(self.body, self.at + 1)
            assert blanks is not None
            self.at = blanks.end()
            yield unescaped(self.body[begun + 1 : self.at], 0)
        if self._here("!"):
            conversion = self._conversion(begun)
        if self._here(":"):
            colon = self.at
            self.at += 1
            parts = list(self._format(begun, level))
            found = assembled(parts, self._span(colon, self.at))
            format = found.value if isinstance(found, String) else found
        if not self._here("}"):
            if self.at == len(self.body):
                raise self._open(begun)
            raise self._fault(
                f"`{self.body[self.at]}` can't stand after a value",
                "a value is written {x}, {x!r}, {x:.4f} or {x=}",
                self.at,
                self.at + 1,
            )
        if named and conversion is format is None:
            conversion = "r"
        self.at += 1
        yield FormattedValue(value, conversion, format, self._span(begun, self.at))

    def _conversion(self, begun: int) -> str:
        sign = self.body[self.at + 1 : self.at + 2]
        if not sign:
            raise self._open(begun)
        if sign not in CONVERSIONS:
            raise self._fault(
                f"`!{sign}` is not a conversion", "there are !r, !s and !a", self.at, self.at + 2
            )
        self.at += 2
        return sign

    def _expression(self, begun: int) -> Expression:
        """The value after a brace; `at` is then at the sign that ends it."""
        first = self.at
        tokens = list(self._tokens(begun))
        if not tokens:
            raise self._fault(
                "a value is missing between the braces",
                "write {x}, or {{ }} for the signs themselves",
                begun,
                self.at + 1,
            )
        offset = self.offset
        placed = [(terminal, word, start + offset) for terminal, word, start in tokens]
        placed.append((self.driver.tables.end, "", self.at + offset))
        try:
            value: Expression = self.driver.parse_field(placed)
        except Rejected as rejected:
            from difftool.language.program_faults import explain_field

            offset += first
            terminal, word, start = rejected.token
            rejected.token = terminal, word, start - offset
            error = explain_field(self.body[first : self.at], self.driver, rejected)
            if error.span is not None:
                error.span = Span(error.span.start + offset, error.span.end + offset)
            raise error from None
        return value

    def _tokens(self, begun: int) -> Iterator[Token]:
        """The words of a value; line ends between them count for nothing."""
        tables = self.driver.tables
        depth = 0
        for token in self.driver.scan(self.body, self.at):
            terminal, word, start = token
            self._check_plain(self.at, start, "#", "a comment")
            self._check_plain(self.at, start + len(word), "\\", "a backslash")
            self.at = start
            if word == "}" or (depth <= 0 and word in ENDS):
                return
            if terminal == tables.end:
                raise self._open(begun)
            self.at += len(word)
            depth += tables.nesting.get(terminal, 0)
            if terminal != self.driver.newline:
                yield token

    def _check_plain(self, start: int, end: int, sign: str, what: str) -> None:
        """Refuse a sign that Python 3.11 has no way to read between braces."""
        at = self.body.find(sign, start, end)
        if at >= 0:
            raise self._fault(
                f"{what} can't stand between the braces of a formatted string",
                "assign the value to a name in a line before",
                at,
                at + 1,
            )

    def _here(self, sign: str) -> bool:
        return self.body.startswith(sign, self.at)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.offset + start, self.offset + end)

    def _open(self, begun: int) -> DifftoolError:
        shown = shorten(self.body[begun:])
        return self._fault(
            f"the brace of {shown} is never closed",
            "add } after the value; quotes inside are others than those around the string",
            begun,
            len(self.body),
        )

    def _fault(self, message: str, hint: str, start: int, end: int) -> DifftoolError:
        return DifftoolError(message, kind="syntax", hint=hint, span=self._span(start, end))

