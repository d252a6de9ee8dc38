"""Statements of programs and formatted strings as text, in normal form.

`unparse` comes here with the nodes that only programs have. A block is indented by four blanks, a
line holds one statement, and strings are printed so that Python 3.11 can read them too: between the
braces of a formatted string stand no backslash and none of its own quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from difftool.errors import Span
from difftool.language.kinds import Statement, String, Tuple
from difftool.language.statements import (
    Assert,
    AugmentedAssign,
    Break,
    Continue,
    Delete,
    For,
    FormattedString,
    FormattedValue,
    If,
    Import,
    Pass,
    While,
    With,
)
from difftool.language.tree import Tree
from difftool.language.unparse import (
    ANY,
    BARE,
    LINE,
    SIGNS,
    Piece,
    Printed,
    Quotes,
    joined,
    printed,
)

QUOTES = ("'", '"', "'''", '"""')


def pieces(node: Tree, quotes: Quotes) -> list[Piece]:
    """What is printed for a node, as `unparse` takes it; `quotes` are those it stands in."""
    match node:
        case String(value):
            text = _raw(value, quotes)
            return [Printed(repr(value), {}, False) if text is None else text]
        case FormattedString():
            return [_formatted(node, quotes)]
        case AugmentedAssign(operator, target, value):
            return [(target, ANY), f" {SIGNS[operator]}= ", (value, ANY)]
        case While(test, body):
            return ["while ", (test, ANY), *_block(body)]
        case For(target, iterable, body):
            bare = isinstance(target, Tuple) and target.items
            return ["for ", (target, BARE if bare else ANY), " in ", (iterable, ANY), *_block(body)]
        case If(branches, otherwise):
            found: list[Piece] = []
            for test, body in branches:
                found += [LINE, "elif "] if found else ["if "]
                found += [(test, ANY), *_block(body)]
            return [*found, LINE, "else", *_block(otherwise)] if otherwise else found
        case With(items, body):
            return ["with ", *joined(items), *_block(body)]
        case Assert(test, message):
            told: list[Piece] = [] if message is None else [", ", (message, ANY)]
            return ["assert ", (test, ANY), *told]
        case Delete(targets):
            return ["del ", *joined(targets)] if targets else ["del ()"]
        case Import(module, names):
            listed = ", ".join([f"{one} as {other}" if other else one for one, other in names])
            return [f"import {listed}" if module is None else f"from {module} import {listed}"]
        case Pass() | Break() | Continue():
            return [type(node).__name__.lower()]
    raise TypeError(f"{type(node).__name__} is no kind of node")


def _block(body: Iterable[Statement]) -> list[Piece]:
    found: list[Piece] = [":", 1]
    for statement in body:
        found += [LINE, (statement, ANY)]
    return [*found, -1]


# ----- Strings -----


def _formatted(node: FormattedString, quotes: Quotes) -> Printed:
    """A formatted string in the first quotes that what stands in it allows."""
    for quote in QUOTES:
        inside = _Writer(quote, quotes)
        inside.write(f"f{quote}")
        inside.parts(node.parts, 0)
        inside.write(quote)
        if inside.fits:
            break
    return Printed("".join(inside.text), inside.places, inside.fits)


class _Writer:
    """Writes a formatted string in one kind of quotes.

    Attributes:
        fits: whether what was written reads as what it was written for.
    """

    def __init__(self, quote: str, outside: Quotes) -> None:
        self.quote = quote
        self.outside = outside
        self.text: list[str] = []
        self.length = 0
        self.places: dict[Span, tuple[int, int]] = {}
        self.fits = _stands(f"f{quote}{quote}", outside)

    def write(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)

    def parts(self, parts: Sequence[str | FormattedValue], level: int) -> None:
        """Write the parts of the string, or at a higher level those of a format."""
        for part in parts:
            if isinstance(part, str):
                self._literal(part, level)
            else:
                self._value(part, level)

    def _literal(self, part: str, level: int) -> None:
        if self.outside:
            raw = part if level else part.replace("{", "{{").replace("}", "}}")
            self.fits &= not ("\\" in part or self.quote in part) and _stands(part, self.outside)
            self.fits &= "\n" not in part or len(self.quote) == 3
            self.fits &= not (level and ("{" in part or "}" in part))
            self.write(raw)
            return
        for sign in part:
            if sign in "{}":
                self.write(f"\\x{ord(sign):x}" if level else sign * 2)
            elif sign in ("\\", self.quote[0]):
                self.write(f"\\{sign}")
            else:
                self.write(sign if sign.isprintable() else repr(sign)[1:-1])

    def _value(self, part: FormattedValue, level: int) -> None:
        start = self.length
        value = printed(part.value, (*self.outside, self.quote))
        self.fits &= value.fits and _stands(value.text, (*self.outside, self.quote))
        self.write("{")
        for span, (begun, ended) in value.places.items():
            self.places[span] = (self.length + begun, self.length + ended)
        self.write(value.text)
        if part.conversion is not None:
            self.write(f"!{part.conversion}")
        if part.format is not None:
            begun = self.length
            self.write(":")
            if isinstance(part.format, str):
                self._literal(part.format, level + 1)
            else:
                self.parts(part.format.parts, level + 1)
                self.places[part.format.span] = (begun, self.length)
        self.write("}")
        self.places[part.span] = (start, self.length)


def _stands(text: str, quotes: Quotes) -> bool:
    """Whether a text can stand as it is between the braces of strings in these quotes."""
    if not quotes:
        return True
    if "\n" in text and any(len(quote) == 1 for quote in quotes):
        return False
    return "\\" not in text and not any(quote in text for quote in quotes)


def _raw(value: str, quotes: Quotes) -> str | None:
    """A string without escapes that can stand there, or None if there is no such."""
    for quote in QUOTES:
        text = f"{quote}{value}{quote}"
        closed_early = quote in value or value.endswith(quote[0])
        if not closed_early and "\r" not in value and ("\n" not in value or len(quote) == 3):
            if _stands(text, quotes):
                return text
    return None
