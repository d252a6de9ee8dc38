"""Values of numbers and strings, and which words are names."""

from __future__ import annotations

import keyword
import sys

import pytest

from difftool.errors import DifftoolError
from difftool.language.parser import parse
from difftool.language.syntax import (
    Attribute,
    Call,
    Literal,
    Name,
    Number,
    String,
    Tree,
    unparse,
)


def only(text: str) -> Tree:
    (statement,) = parse(text).statements
    return statement


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("000_0", 0),
        ("7", 7),
        ("1_000_000", 1_000_000),
        ("0x_fF", 255),
        ("0b1_0", 2),
        ("0O17", 15),
        ("0.", 0.0),
        (".5_0", 0.5),
        ("00.5", 0.5),
        ("1e3", 1000.0),
        ("1E-3", 1e-3),
        ("0_1e1_0", 1e10),
        ("0.1", 0.1),
        ("1.7976931348623157e308", sys.float_info.max),
        ("5e-324", 5e-324),
        ("9007199254740993", 2**53 + 1),
        ("1" + "0" * 308, 10**308),
    ],
)
def test_number(text: str, value: int | float) -> None:
    number = only(text)
    assert isinstance(number, Number)
    assert (type(number.value), number.value) == (type(value), value)


@pytest.mark.parametrize(
    "text",
    [
        "1e309",
        "1.8e308",
        "9" * 309,
        "1" + "0" * 309,
        "9" * 5_000,
        "9" * 5_000 + ".5e10",
        "0x" + "f" * 257,
        "0b" + "1" * 2_000,
    ],
)
def test_a_number_larger_than_float64(text: str) -> None:
    with pytest.raises(DifftoolError, match="larger than any number") as caught:
        parse(f"2*{text}")
    assert caught.value.span == (2, 2 + len(text))
    assert "inf" in (caught.value.hint or "")


@pytest.mark.parametrize("value", [10**308, 2**1023, 0.1, 1e-300, 1e22, 123456.789, 5e-324])
def test_numbers_are_printed_shortest_and_exactly(value: int | float) -> None:
    text = unparse(Number(value))
    assert text == repr(value)
    assert only(text) == Number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-3, "(-3)^2"), (-0.5, "(-0.5)^2"), (float("inf"), "inf^2"), (float("-inf"), "(-inf)^2")],
)
def test_numbers_that_no_text_has_are_printed_by_their_meaning(value: float, text: str) -> None:
    from difftool.language.syntax import Binary

    assert unparse(Binary("pow", Number(value), Number(2))) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("''", ""),
        ('""', ""),
        ("''''''", ""),
        ("'mean'", "mean"),
        ('"it\'s"', "it's"),
        (r"'\'\"\\'", "'\"\\"),
        (r"'\a\b\f\n\r\t\v'", "\a\b\f\n\r\t\v"),
        (r"'\0\7\101\1234'", "\0\7AS4"),
        (r"'\x41\u03c0\U0001F600'", "A\u03c0\U0001f600"),
        ("'# no comment; (['", "# no comment; (["),
        ("'\u03c0 \u00d7 \u221e'", "\u03c0 \u00d7 \u221e"),
        ("'''a'b''c\n\"d'''", "a'b''c\n\"d"),
        ('"""\n"""', "\n"),
        ("'a\\\r\nb'", "ab"),
    ],
)
def test_string(text: str, value: str) -> None:
    assert only(text) == String(value)
    assert only(unparse(String(value))) == String(value)


@pytest.mark.parametrize(
    "word", ["x", "_", "__x1", "T", "e", "pi", "inf", "match", "case", "type", "print", "lambda_"]
)
def test_names(word: str) -> None:
    assert only(word) == Name(word)
    assert only(f"x.{word}") == Attribute(Name("x"), word)
    assert unparse(parse(f"{word} = f({word}={word})")) == f"{word} = f({word}={word})"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("α", "α"),
        ("Δx", "Δx"),
        ("été", "été"),
        ("数", "数"),
        ("ﬁt", "fit"),
        ("ℝ", "R"),
        ("ｘ１", "x1"),
    ],
)
def test_names_beyond_ascii_are_those_of_python(text: str, name: str) -> None:
    assert only(text) == Name(name)
    assert only(f"f({text})") == Call(Name("f"), (Name(name),), ())


@pytest.mark.parametrize("word", keyword.kwlist)
def test_keywords_are_no_names(word: str) -> None:
    if word in ("True", "False", "None"):
        assert isinstance(only(word), Literal)
    else:
        with pytest.raises(DifftoolError):
            parse(word)
    for text in (f"{word} = 1", f"x.{word}", f"f({word}=1)"):
        with pytest.raises(DifftoolError) as caught:
            parse(text)
        assert caught.value.span is not None
        assert word in text[caught.value.span.start : caught.value.span.end] or "=" in text
