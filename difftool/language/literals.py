"""What the tokens of a text mean: the value of `1_000`, the text of `'ij,jk->ik'`, a name.

`parser` calls these with the token and where it stands; what is wrong inside a token is said here.
"""

from __future__ import annotations

from keyword import kwlist
from sys import float_info

from difftool.errors import DifftoolError, Span

# Python's keywords are never names, so that a text means in Python what it means here or nothing.
KEYWORDS = frozenset(kwlist)

LARGEST = float_info.max
INFINITY = float("inf")
MOST_DIGITS = 309  # of an integer that is not larger

SINGLE_ESCAPES = {
    "\n": "",
    "\r": "",
    "\r\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
ESCAPE = r"\\(\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])"
NAMED = r"\\(N\{[^{}]*\})|"  # `\N{bullet}`, where names are known


def number(word: str, span: Span) -> int | float:
    """The value of a number as written.

    Raises:
        DifftoolError: no dtype can hold it, or it begins with zeros, which Python refuses as well.
    """
    digits = word.replace("_", "")
    value: int | float
    if digits.isdecimal():
        if digits[0] == "0" and digits.strip("0"):
            raise DifftoolError(
                f"{shorten(word)} begins with zeros",
                kind="syntax",
                hint=f"write {shorten(digits.lstrip('0'))}",
                span=span,
            )
        # Python refuses to read thousands of digits, which are infinite as a float anyway.
        value = int(digits) if len(digits) <= MOST_DIGITS else INFINITY
    elif digits[1] in "xXoObB":
        value = int(digits, 0)
    else:
        value = float(digits)
    if value > LARGEST:
        raise DifftoolError(
            f"{shorten(word)} is larger than any number of float64",
            kind="syntax",
            hint="the largest is about 1.8e308; infinity is written inf",
            span=span,
        )
    return value


def string(word: str, span: Span) -> str:
    """The text between the quotes, with its escapes replaced.

    Raises:
        DifftoolError: an escape that means nothing, or no character.
    """
    width = quotes_of(word)
    return unescaped(word[width:-width], span.start + width)


def quotes_of(word: str) -> int:
    """How many quotes stand at either end of a string."""
    return 3 if word[:3] in ("'''", '"""') else 1


def unescaped(body: str, start: int, prose: bool = False) -> str:
    """A part of a string with its escapes replaced, as it stands at `start`.

    Args:
        prose: read the rest of Python's escapes too. In a string that names a mode an escape that
            means nothing is a mistake; in a text, such as "\\sigma", the backslash means itself.

    Raises:
        DifftoolError: an escape that means nothing, or no character.
    """
    if "\\" not in body:
        return _one_line_end(body)
    import re

    pieces: list[str] = []
    end = 0
    for match in re.finditer(NAMED + ESCAPE if prose else ESCAPE, body):
        code, place = match[match.lastindex or 0], start + match.start()
        span = Span(place, place + len(match[0]))
        pieces.append(_one_line_end(body[end : match.start()]))
        if prose and code not in SINGLE_ESCAPES and code[0] not in "01234567xuUN":
            pieces.append(match[0])
        elif code[:2] == "N{":
            pieces.append(_named(code, span))
        else:
            pieces.append(_escaped(code, span))
        end = match.end()
    pieces.append(_one_line_end(body[end:]))
    return "".join(pieces)


def _one_line_end(text: str) -> str:
    """`text` with every line end as the one that Python's strings have."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _escaped(code: str, span: Span) -> str:
    """The character behind a backslash and `code`."""
    if code in SINGLE_ESCAPES:
        return SINGLE_ESCAPES[code]
    if code[0] in "01234567":
        return chr(int(code, 8))
    if len(code) > 1:
        point = int(code[1:], 16)
        if point < 0x110000 and not 0xD800 <= point < 0xE000:
            return chr(point)
    raise _no_character(code, span)


def _named(code: str, span: Span) -> str:
    """The character with the Unicode name in the braces of `code`."""
    import unicodedata

    try:
        return unicodedata.lookup(code[2:-1])
    except KeyError:
        raise _no_character(code, span) from None


def _no_character(code: str, span: Span) -> DifftoolError:
    return DifftoolError(
        f"\\{shorten(code)} is not a character",
        kind="syntax",
        hint=r"a backslash itself is written \\; escapes are \n, \t, \x41, \u03c0 and the like",
        span=span,
    )


def name(word: str, span: Span) -> str:
    """The name that `word` spells, as Python normalises it.

    Raises:
        DifftoolError: a keyword of Python, or signs in it that belong to no name (`x²`, `π`).
    """
    if word.isascii() and word not in KEYWORDS:
        return word
    from difftool.language import refusals

    if word in KEYWORDS:
        raise refusals.keyword(word, span)
    return refusals.normalised(word, span)


def shorten(text: str, limit: int = 30) -> str:
    """`text` for a message: in one line, and cut in the middle when it is long."""
    if len(text) > limit:
        text = f"{text[: limit // 2]}...{text[-(limit // 2 - 3) :]}"
    return " ".join(text.split())
