"""`cli.words.sort`: which words are the expression, and what click gets to read."""

from __future__ import annotations

import pytest

from difftool.cli.words import is_option, sort

KNOWN = ("--json", "--seed", "--out")
FLAGS = ("--json",)


@pytest.mark.parametrize(
    ("words", "expressions", "options"),
    [
        (["x^2", "--x", "3"], ["x^2"], ["--x=3"]),
        (["--x", "3", "x^2"], ["x^2"], ["--x=3"]),
        (["-x^2", "--x", "3"], ["-x^2"], ["--x=3"]),
        (["-v*x"], ["-v*x"], []),
        (["-h*2"], ["-h*2"], []),
        (["-(x)"], ["-(x)"], []),
        (["-"], ["-"], []),
        (["-e^2", "--e", "-1e-3"], ["-e^2"], ["--e=-1e-3"]),
        (["--x", "-3", "x"], ["x"], ["--x=-3"]),
        (["--x=-3", "x"], ["x"], ["--x=-3"]),
        (["--x", "-x^2", "x"], ["x"], ["--x=-x^2"]),
        (["--x=", "x"], ["x"], ["--x="]),
        (["--x", "", "x"], ["x"], ["--x="]),
        (["--x", "a=b", "x"], ["x"], ["--x=a=b"]),
        (["--x", "-", "x"], ["x"], ["--x=-"]),
        (["--x", "@-", "x"], ["x"], ["--x=@-"]),
        (["--json", "x"], ["x"], ["--json"]),
        (["x", "--json", "--seed", "1"], ["x"], ["--json", "--seed=1"]),
        (["--3"], ["--3"], []),
        (["--(x)"], ["--(x)"], []),
        (["x", "--y", "--3"], ["x"], ["--y=--3"]),
        (["x", "--y", "--[1]"], ["x"], ["--y=--[1]"]),
        (["--y=--x", "y"], ["y"], ["--y=--x"]),
        (["--json", "--", "--x"], ["--x"], ["--json"]),
        (["--x=1", "--", "--x", "--json"], ["--x", "--json"], ["--x=1"]),
        (["x", "+", "1"], ["x", "+", "1"], []),
        ([" --x", "--x", "1"], [" --x"], ["--x=1"]),
        (["α*β", "--α", "1"], ["α*β"], ["--α=1"]),
        (["", "--x", "1"], [""], ["--x=1"]),
        ([], [], []),
    ],
)
def test_words_are_sorted(words: list[str], expressions: list[str], options: list[str]) -> None:
    found = sort(words, KNOWN, FLAGS)
    assert found.expressions == expressions
    assert found.options == options
    assert found.unfilled == []


@pytest.mark.parametrize(
    ("words", "unfilled"),
    [
        (["x", "--seed"], ["--seed"]),
        (["x", "--x"], ["--x"]),
        (["x", "--x", "--json"], ["--x"]),
        (["x", "--x", "--y", "3"], ["--x"]),
        (["--x", "--", "x"], ["--x"]),
        (["--out", "--json", "x"], ["--out"]),
    ],
)
def test_an_option_is_no_value(words: list[str], unfilled: list[str]) -> None:
    assert sort(words, KNOWN, FLAGS).unfilled == unfilled


def test_names_the_command_does_not_know_are_told_apart() -> None:
    found = sort(["x*y", "--x", "1", "--seed", "2", "--jsn", "--y=3"], KNOWN, FLAGS)
    assert found.unknown == ["--x", "--jsn", "--y"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("--x", True), ("--_a", True), ("--α", True), ("--json=1", True)]
    + [(word, False) for word in ("-x", "--", "---x", "--3", "--(x)", "-", "", "x", "-x--y")],
)
def test_only_two_dashes_and_a_letter_make_an_option(word: str, expected: bool) -> None:
    assert is_option(word) is expected
