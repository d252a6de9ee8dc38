"""Characters as a terminal shows them: how wide they are, and what stands for those it can't show.

`diagnostic`, `tree` and `table` put every text that came from outside through `shown` before they
measure it, so that no control character reaches a terminal and columns stay where they belong.
Nothing here knows of records or of rich.
"""

from __future__ import annotations

import codecs

# What stands for the characters the views draw with, where a stream can't show them.
SUBSTITUTES = {
    "…": "...",
    "←": "<-",
    "─": "-",
    "│": "|",
    "├": "|",
    "└": "`",
}

TAB = " " * 4


def shown(text: str, encoding: str = "utf-8") -> str:
    """`text` with everything that can't be seen, or that `encoding` lacks, written as an escape.

    Control characters, marks of text direction, blanks other than the space and half surrogates
    become Python's escapes ("\\x1b", "\\u202e"); a tab becomes blanks. Line breaks are escaped too.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown_character(character, encoding) for character in text)


def shown_character(character: str, encoding: str = "utf-8") -> str:
    """What is shown for one character: itself, an escape, or the blanks of a tab."""
    if character == "\t":
        return TAB
    if not character.isprintable():
        return character.encode("unicode_escape").decode("ascii")
    if not character.isascii() and not can_encode(character, encoding):
        return character.encode("ascii", "backslashreplace").decode("ascii")
    return character


def can_encode(text: str, encoding: str) -> bool:
    """Whether `encoding` has every character of `text`."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def known_encoding(name: str | None) -> str:
    """The encoding of a stream by Python's own name for it.

    A stream that names none holds text, not bytes: any character will do. One that Python doesn't
    know is taken for ASCII, the part all have in common.
    """
    try:
        return codecs.lookup(name or "utf-8").name
    except LookupError:
        return "ascii"


def width(text: str) -> int:
    """The columns that `text`, as `shown` gives it, fills on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(character_width, text))


def character_width(character: str) -> int:
    """0 for a combining mark, 2 for a wide character (East Asian scripts, emoji), 1 otherwise."""
    if character.isascii():
        return 1
    from unicodedata import category, east_asian_width

    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def shorten(text: str, limit: int, ellipsis: str = "…") -> str:
    """`text` in at most `limit` columns: what doesn't fit goes from its middle.

    Both ends stay readable, and `ellipsis` stands for what is left out.
    """
    # Only the ends can stay, so a text of a million characters is not measured whole.
    if len(text) <= 4 * limit and width(text) <= limit:
        return text
    room = max(limit - width(ellipsis), 2)
    head = _fitting(text, (room + 1) // 2)
    tail = _fitting(text[::-1], room // 2)[::-1]
    while tail and character_width(tail[0]) == 0:
        tail = tail[1:]
    return head + ellipsis + tail


def fold(text: str, limit: int) -> list[str]:
    """`text` in lines of at most `limit` columns, broken at blanks where there are any."""
    lines = []
    while len(text) > 1 and width(text) > limit:
        line = _fitting(text, limit) or text[:1]
        if text[len(line)] != " " and " " in line.strip():
            line = line[: line.rindex(" ")] or line
        lines.append(line.rstrip())
        text = text[len(line) :].lstrip()
    return [*lines, text]


def _fitting(text: str, limit: int) -> str:
    """The longest beginning of `text` that fits `limit` columns."""
    used = 0
    for position, character in enumerate(text):
        used += character_width(character)
        if used > limit:
            return text[:position]
    return text
