"""What the environment and the stream say about colour, width and characters."""

from __future__ import annotations

import io
import os

import pytest

from difftool.render.characters import fold, shorten, shown, width
from difftool.render.screen import Screen, screen_of


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "option", "on_terminal", "in_pipe"),
    [
        ({}, None, True, False),
        ({"TERM": "xterm-256color"}, None, True, False),
        ({"TERM": "dumb"}, None, False, False),
        ({"NO_COLOR": "1"}, None, False, False),
        ({"NO_COLOR": ""}, None, True, False),
        ({"FORCE_COLOR": "1"}, None, True, True),
        ({"FORCE_COLOR": "0"}, None, False, False),
        ({"FORCE_COLOR": ""}, None, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, None, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, None, False, False),
        ({"CLICOLOR_FORCE": "1"}, None, True, True),
        ({"CLICOLOR": "0"}, None, False, False),
        ({"CLICOLOR": "1"}, None, True, False),
        ({"NO_COLOR": "1"}, True, True, True),
        ({"FORCE_COLOR": "1"}, False, False, False),
        ({}, True, True, True),
    ],
)
def test_when_to_colour(
    environment: dict[str, str], option: bool | None, on_terminal: bool, in_pipe: bool
) -> None:
    assert screen_of(Terminal(), environment, option).color is on_terminal
    assert screen_of(io.StringIO(), environment, option).color is in_pipe


@pytest.mark.parametrize(
    ("columns", "expected"),
    [("200", 200), ("1", 20), ("0", 80), ("-5", 80), ("many", 80), ("", 80), ("9" * 5000, 80)],
)
def test_columns_of_a_terminal(columns: str, expected: int) -> None:
    # The stream has no descriptor, so without COLUMNS nobody knows the width.
    assert screen_of(Terminal(), {"COLUMNS": columns}).width == expected


def test_a_terminal_tells_its_width() -> None:
    leader, follower = os.openpty()
    try:
        import fcntl
        import struct
        import termios

        with os.fdopen(follower, "w", encoding="utf-8") as stream:
            fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 123, 0, 0))
            assert screen_of(stream, {}) == Screen(123, "utf-8", True)
            fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
            assert screen_of(stream, {"TERM": "dumb"}) == Screen(80, "utf-8", False)
    finally:
        os.close(leader)


def test_a_pipe_has_no_edge_whatever_the_environment_says() -> None:
    assert screen_of(io.StringIO(), {"COLUMNS": "80", "TERM": "xterm"}) == Screen(None, "utf-8")


@pytest.mark.parametrize(
    ("encoding", "arrow"),
    [
        ("utf-8", " ← "),
        ("utf-16", " ← "),
        ("ascii", " <- "),
        ("latin-1", " <- "),
        ("cp437", " <- "),
    ],
)
def test_symbols_need_an_encoding_that_has_them(encoding: str, arrow: str) -> None:
    assert screen_of(Terminal(encoding), {}).symbol(" ← ") == arrow


def test_an_unknown_encoding_counts_as_ascii() -> None:
    class Odd(io.StringIO):
        encoding = "x-user-defined"

    assert screen_of(Odd(), {}) == Screen(None, "ascii", False)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("x + 2", 5), ("é", 1), ("e\u0301", 1), ("界", 2), ("😀", 2), ("√x", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("x[a]*y[0]", "utf-8", "x[a]*y[0]"),
        ("a\nb\tc\r", "utf-8", "a\\nb    c\\r"),
        ("\x1b[31m\x7f\x9b", "utf-8", "\\x1b[31m\\x7f\\x9b"),
        ("a\xa0b\u200bc\u2028", "utf-8", "a\\xa0b\\u200bc\\u2028"),
        ("\udcff\ue000", "utf-8", "\\udcff\\ue000"),
        ("√é界😀", "latin-1", "\\u221aé\\u754c\\U0001f600"),
    ],
)
def test_shown(text: str, encoding: str, expected: str) -> None:
    assert shown(text, encoding) == expected
    expected.encode(encoding)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcdefgh", 8, "abcdefgh"),
        ("abcdefghi", 8, "abcd…ghi"),
        ("界界界界界", 8, "界界…界"),
        ("ae\u0301" * 5, 5, "ae\u0301…ae\u0301"),
        ("a" * 10**6 + "b", 9, "aaaa…aaab"),
        ("abcdef", 1, "a…f"),
    ],
)
def test_shorten_takes_the_middle(text: str, limit: int, expected: str) -> None:
    assert shorten(text, limit) == expected


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("", 5, [""]),
        ("abc", 5, ["abc"]),
        ("mean(3 * (x + 2)^3)", 14, ["mean(3 * (x +", "2)^3)"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("界界界", 3, ["界", "界", "界"]),
        ("a b c d", 3, ["a b", "c d"]),
        ("界", 1, ["界"]),
    ],
)
def test_fold(text: str, limit: int, lines: list[str]) -> None:
    assert fold(text, limit) == lines
