"""What is said of texts that are no programs: each case of `data/program_errors.txt`.

The cases have the form of those in `data/errors.txt` (`test_errors`), with the line before the
span. Run as a program, this module writes them anew; read the difference before you keep it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from difftool.errors import DifftoolError
from difftool.language.grammar import PROGRAMS, load_tables
from difftool.language.parser import parse_program

CASES = Path(__file__).parent / "data" / "program_errors.txt"


def blocks() -> list[str]:
    parts = re.split(r"\n\n+", CASES.read_text(encoding="utf-8").strip("\n"))
    return [part for part in parts if not part.startswith("#")]


def rendered(text: str) -> str:
    with pytest.raises(DifftoolError) as caught:
        parse_program(text, "file.py")
    error = caught.value
    assert error.kind == ("name" if "__" in error.message else "syntax")
    assert (error.source, error.place) == (text, "file.py")
    assert error.__cause__ is None and error.__suppress_context__ or not error.__context__
    assert error.span is not None
    start, end = error.span
    assert 0 <= start <= end <= len(text)
    return (
        f"{text!r}\n    line {error.line}, {start}:{end} {text[start:end]!r}\n"
        f"    {error.message}\n    {error.hint}"
    )


def text_of(block: str) -> str:
    text = ast.literal_eval(block.partition("\n")[0])
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("block", blocks(), ids=lambda block: ascii(text_of(block)))
def test_error(block: str) -> None:
    text = text_of(block)
    assert rendered(text) == block
    # What stands before and after changes only the place; where the text was not closed, it is
    # part of what is missing.
    before = "\ufeffx = 1\r\nwhile x:\r\n\tx -= 1\r\n'''\n'''\n"
    with pytest.raises(DifftoolError) as first:
        parse_program(text)
    with pytest.raises(DifftoolError) as second:
        parse_program(before + text)
    one, other = first.value, second.value
    if not re.match(r"[ \t]*(else|elif)\b|[ \t]", text):
        assert (one.message, one.hint) == (other.message, other.hint)
        assert one.span is not None and other.span is not None
        assert other.span == (one.span.start + len(before), one.span.end + len(before))


def test_names_of_terminals_and_rules_never_show() -> None:
    symbols = load_tables(PROGRAMS).symbols
    names = {name for name in symbols if len(name) > 4 and not name.islower()}
    for block in blocks():
        message_and_hint = block.split("\n", 2)[2]
        assert not names & set(re.findall(r"[$\w]+", message_and_hint)), block


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000 + " y",
        "import " + "x" * 100_000,
        "from " + "x" * 100_000 + " import *",
        "__" + "x" * 100_000 + "__",
        "f(" + "x, " * 50_000 + ") = 3",
        "x" * 100_000 + ": int",
        "with " + "x + " * 50_000 + "y as z: 3",
        "print " + "x + " * 50_000 + "y",
        "while " + "x + " * 50_000 + "y:\nz",
        "f'{" + "x" * 100_000,
        "f'{" + "x" * 100_000 + "'",
        "f'{x!" + "x" * 100_000 + "}'",
        "f'{x[" + "y" * 100_000 + "'a']}'",
        "'\\N{" + "x" * 100_000 + "}'",
        " " * 100_000 + "x",
        "if a:\n" + " " * 100_000 + "x\n " + "y",
    ],
)
def test_messages_stay_short_when_words_are_long(text: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        parse_program(text)
    assert len(caught.value.message) < 150
    assert len(caught.value.hint or "") < 150


def test_the_first_mistake_is_the_one_that_is_told() -> None:
    with pytest.raises(DifftoolError, match="3x is not multiplication") as caught:
        parse_program("if a:\n    y = 3x\n  z\n\tz\nclass A: 'open\n")
    assert caught.value.line == 2
    with pytest.raises(DifftoolError, match="no line of a block") as caught:
        parse_program("if a:\n    y = 3\n  z\ny = 3x\n")
    assert caught.value.line == 3


def write_anew() -> None:
    """Write every case as it is now; headings stay."""
    parts = re.split(r"\n\n+", CASES.read_text(encoding="utf-8").strip("\n"))
    now = [part if part.startswith("#") else rendered(text_of(part)) for part in parts]
    CASES.write_text("\n\n".join(now) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_anew()
