"""Errors as people read them: the caret stays under its text, whatever the text is."""

from __future__ import annotations

import pytest

from difftool.errors import DifftoolError, Span
from difftool.render.characters import width
from difftool.render.diagnostic import error_text, warning_text
from difftool.render.screen import Screen

TERMINAL = Screen(80)


def drawn(
    source: str | None,
    start: int | None,
    end: int | None = None,
    *,
    place: str | None = None,
    screen: Screen = TERMINAL,
) -> list[str]:
    span = None if start is None else Span(start, start if end is None else end)
    error = DifftoolError("no", kind="value", span=span, source=source, place=place)
    return error_text(error, screen).splitlines()


def test_the_whole_form() -> None:
    error = DifftoolError(
        "shapes (2, 3) and (4,) do not broadcast",
        kind="shape",
        hint="the last dimensions are 3 and 4; they must be equal, or one of them 1",
        span=Span(5, 10),
        source="mean(a * b)",
        notes=("a is (2, 3), b is (4,)",),
    )
    assert error_text(error, TERMINAL) == (
        "error: shapes (2, 3) and (4,) do not broadcast\n"
        "  mean(a * b)\n"
        "       ^^^^^\n"
        "  a is (2, 3), b is (4,)\n"
        "hint: the last dimensions are 3 and 4; they must be equal, or one of them 1\n"
    )


@pytest.mark.parametrize(
    ("source", "start", "end", "place", "expected"),
    [
        ("x +", 3, 3, None, ["  x +", "     ^"]),
        ("x +", 99, 120, None, ["  x +", "     ^"]),
        ("x + y", 4, 5, None, ["  x + y", "      ^"]),
        ("[1, oops]", 4, 8, "--x", ["  --x [1, oops]", "          ^^^^"]),
        ("1;oops", 2, 6, "@a.csv", ["  @a.csv: 1;oops", "            ^^^^"]),
        ("y = x\nz = y @ w", 10, 15, None, ["  line 2: z = y @ w", "              ^^^^^"]),
        ("y = x\r\nz\r\n", 4, 8, "--x", ["  --x line 1: y = x", "                  ^"]),
        ("a\nb\nc", 2, 3, None, ["  line 2: b", "          ^"]),
        ("a\n", 1, 1, None, ["  a", "   ^"]),
        ("\tx + y", 1, 2, None, ["      x + y", "      ^"]),
        ("界界 + b", 5, 6, None, ["  界界 + b", "         ^"]),
        ("界 + b", 0, 1, None, ["  界 + b", "  ^^"]),
        ("e\u0301 + b", 5, 6, None, ["  e\u0301 + b", "      ^"]),
        ("e\u0301x", 1, 2, None, ["  e\u0301x", "  ^"]),
        ("'\x1b[31m' + b", 10, 11, None, ["  '\\x1b[31m' + b", "               ^"]),
        ("\x1b", 0, 1, None, ["  \\x1b", "  ^^^^"]),
        ("a\u202eb", 2, 3, None, ["  a\\u202eb", "         ^"]),
        ("\udc80 b", 2, 3, None, ["  \\udc80 b", "         ^"]),
        ("x", None, None, "--x", ["  --x x"]),
        (None, None, None, "--x", ["  in --x"]),
        (None, None, None, None, []),
        ("", 0, 0, None, []),
    ],
)
def test_the_caret_stands_under_its_text(
    source: str | None, start: int | None, end: int | None, place: str | None, expected: list[str]
) -> None:
    assert drawn(source, start, end, place=place) == ["error: no", *expected]


@pytest.mark.parametrize("columns", [40, 80, 200, None])
@pytest.mark.parametrize(
    ("start", "length"), [(0, 2), (7, 0), (400_000, 6), (12, 5_000), (-8, 6), (-2, 2)]
)
def test_long_lines_show_the_span_and_what_is_around_it(
    columns: int | None, start: int, length: int
) -> None:
    source = " + ".join(f"x{number}" for number in range(80_000))
    start %= len(source)
    _, line, carets = drawn(source, start, start + length, screen=Screen(columns))
    assert width(line) <= (columns or 100)
    assert len(carets) <= max(len(line), 1) + 1
    under = line[carets.index("^") :][: carets.count("^")]
    if length and length < 20:
        assert under == source[start : start + length]
    elif length:
        assert source[start:].startswith(under)
        assert line.endswith("...")
    assert line.startswith("  ...") == (start > 100)
    shown = line.strip().strip(".").strip()
    assert shown in source


def test_wide_characters_in_a_long_line() -> None:
    source = "界" * 500 + "+ oops +" + "界" * 500
    _, line, carets = drawn(source, 502, 506)
    assert width(line) <= 80
    before = line[: line.index("oops")]
    assert carets == " " * width(before) + "^^^^"


def test_what_the_encoding_lacks_is_escaped_and_measured() -> None:
    _, line, carets = drawn("√x + 界", 5, 6, screen=Screen(80, "ascii"))
    assert line == "  \\u221ax + \\u754c"
    assert carets == " " * 12 + "^" * 6
    _, line, _ = drawn("é + √", 0, 1, screen=Screen(80, "latin-1"))
    assert line == "  é + \\u221a"


def test_words_of_the_user_can_neither_break_lines_nor_reach_the_terminal() -> None:
    error = DifftoolError(
        "no \x1b[2J\nhint: forged",
        kind="name",
        hint="use \x07this",
        notes=("a\r\nb",),
        place="\x1b",
    )
    assert error_text(error, TERMINAL).splitlines() == [
        "error: no \\x1b[2J\\nhint: forged",
        "  in \\x1b",
        "  a\\r",
        "  b",
        "hint: use \\x07this",
    ]


def test_long_words_do_not_flood_the_screen() -> None:
    error = DifftoolError("x" * 100_000, kind="name", hint="y" * 100_000, place="z" * 1000)
    assert len(error_text(error, TERMINAL)) < 1500


def test_colours_only_when_asked() -> None:
    error = DifftoolError("no", kind="value", hint="try", span=Span(0, 1), source="x")
    plain = error_text(error, TERMINAL)
    painted = error_text(error, Screen(80, color=True))
    assert "\x1b" not in plain
    assert painted == (
        "\x1b[1;31merror:\x1b[0m no\n  x\n  \x1b[1;31m^\x1b[0m\n\x1b[1;36mhint:\x1b[0m try\n"
    )


def test_warnings_have_the_same_form() -> None:
    assert warning_text("log(x) made nan", TERMINAL) == "warning: log(x) made nan\n"
    text = warning_text(
        "made nan", TERMINAL, hint="look", notes=("x is -1",), span=Span(0, 6), source="log(x)"
    )
    assert text == "warning: made nan\n  log(x)\n  ^^^^^^\n  x is -1\nhint: look\n"
