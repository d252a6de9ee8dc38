"""What is said of texts that are not of the language: each case of `data/errors.txt`.

A case is the text as Python writes it, the span and what stands there, the message and the hint.
Run as a program, this module writes the cases anew; read the difference before you keep it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from difftool.errors import DifftoolError
from difftool.language.grammar import load_tables
from difftool.language.parser import parse

CASES = Path(__file__).parent / "data" / "errors.txt"


def blocks() -> list[str]:
    parts = re.split(r"\n\n+", CASES.read_text(encoding="utf-8").strip("\n"))
    return [part for part in parts if not part.startswith("#")]


def rendered(text: str) -> str:
    with pytest.raises(DifftoolError) as caught:
        parse(text, "--x")
    error = caught.value
    assert error.kind == "syntax"
    assert (error.source, error.place) == (text, "--x")
    assert error.span is not None
    start, end = error.span
    assert 0 <= start <= end <= len(text)
    return f"{text!r}\n    {start}:{end} {text[start:end]!r}\n    {error.message}\n    {error.hint}"


def text_of(block: str) -> str:
    text = ast.literal_eval(block.partition("\n")[0])
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("block", blocks(), ids=lambda block: ascii(text_of(block)))
def test_error(block: str) -> None:
    assert rendered(text_of(block)) == block


def test_names_of_terminals_and_rules_never_show() -> None:
    names = {name for name in load_tables().symbols if len(name) > 4 and not name.islower()}
    for block in blocks():
        message_and_hint = block.split("\n", 2)[2]
        assert not names & set(re.findall(r"[$\w]+", message_and_hint)), block


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000 + " y",
        "3" + "x" * 100_000,
        "9" * 100_000,
        "0" + "7" * 100_000,
        "(" + "x + " * 50_000 + "y)(z)",
        "f(" + "a" * 100_000 + "=1, " + "a" * 100_000 + "=2)",
        "'" + "a" * 100_000,
        "x + y = " * 20_000 + "3",
    ],
)
def test_messages_stay_short_when_words_are_long(text: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        parse(text)
    assert len(caught.value.message) < 150
    assert len(caught.value.hint or "") < 150


def test_what_is_known_of_the_place_is_kept() -> None:
    with pytest.raises(DifftoolError) as caught:
        parse("y = x\nmean(3y)")
    error = caught.value
    assert (error.line, error.column, error.place) == (2, 6, None)
    assert error.__cause__ is None and error.__suppress_context__


def write_anew() -> None:
    """Write every case as it is now; headings stay."""
    parts = re.split(r"\n\n+", CASES.read_text(encoding="utf-8").strip("\n"))
    now = [part if part.startswith("#") else rendered(text_of(part)) for part in parts]
    CASES.write_text("\n\n".join(now) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_anew()
