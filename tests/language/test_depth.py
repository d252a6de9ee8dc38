"""No text is too deep or too long: it is read, compared, printed and freed without recursion."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from difftool.errors import DifftoolError
from difftool.language.parser import parse
from difftool.language.syntax import free_names, unparse, unparse_program

N = 100_000
ENOUGH = 20_000  # deeper than any recursion in Python or C reaches

# A text of n parts, and the names it reads.
FORMS: dict[str, tuple[Callable[[int], str], tuple[str, ...]]] = {
    "terms": (lambda n: "+".join(["x"] * n), ("x",)),
    "brackets": (lambda n: "(" * n + "x" + ")" * n, ("x",)),
    "signs": (lambda n: "-" * n + "x", ("x",)),
    "nots": (lambda n: "not " * n + "x", ("x",)),
    "powers": (lambda n: "x^" * n + "2", ("x",)),
    "lists": (lambda n: "[" * n + "]" * n, ()),
    "tuples": (lambda n: "(" * n + "x" + ",)" * n, ("x",)),
    "calls": (lambda n: "f(" * n + "x" + ")" * n, ("x",)),
    "methods": (lambda n: "x" + ".f()" * n, ("x",)),
    "keywords": (lambda n: "f(a=" * n + "x" + ")" * n, ("x",)),
    "indices": (lambda n: "x" + "[0]" * n, ("x",)),
    "nested indices": (lambda n: "x[" * n + "0" + "]" * n, ("x",)),
    "conditions": (lambda n: "x if y else " * n + "z", ("x", "y", "z")),
    "comparisons": (lambda n: "x<" * n + "y", ("x", "y")),
    "ands": (lambda n: "x and " * n + "y", ("x", "y")),
    "elements": (lambda n: "[" + "x," * n + "]", ("x",)),
    "arguments": (lambda n: "f(" + "x," * n + ")", ("x",)),
    "statements": (lambda n: "x;" * n, ("x",)),
    "lines": (lambda n: "x\n" * n, ("x",)),
    "assignments": (lambda n: "y = x\n" * n + "y", ("x",)),
}


@pytest.mark.parametrize(
    ("form", "n"),
    [(form, N if form in ("terms", "brackets", "signs") else ENOUGH) for form in FORMS],
)
def test_deep_and_long(form: str, n: int) -> None:
    make, names = FORMS[form]
    text = make(n)
    program, again = parse(text), parse(text)
    assert program == again
    assert hash(program) == hash(again)
    assert len(repr(program)) < 3_000
    assert free_names(program) == names
    normal, places = unparse_program(program)
    assert parse(normal) == program
    assert all(0 <= start < end <= len(normal) for start, end in places.values())
    del program, again  # freeing them must not recurse either


@pytest.mark.parametrize(
    "text",
    [
        "(" * ENOUGH,
        "(" * ENOUGH + "x" + ")" * (ENOUGH + 1),
        "[" * ENOUGH + "x" + ")",
        "f(" * ENOUGH + "x y",
        "-" * ENOUGH,
        "x^" * ENOUGH,
        "x if y else " * ENOUGH,
        "+".join(["x"] * ENOUGH) + " 3x",
        "(" + "+".join(["x"] * ENOUGH) + ")(y)",
        "f(" + "x," * ENOUGH + "a=1, b)",
        "[" + "1," * ENOUGH + "2 3]",
        "y = " * ENOUGH,
        "'\\'" * ENOUGH,
        "'''" * ENOUGH + "'",
        "x\n" * ENOUGH + "3x",
    ],
    ids=lambda text: f"{text[:4]!r}...{text[-4:]!r}",
)
def test_mistakes_in_deep_texts_are_found(text: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        parse(text)
    assert caught.value.span is not None


def calls(action: Callable[[], Any]) -> int:
    """How many functions, Python's and C's, are called meanwhile: the same on every machine."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("form", FORMS)
def test_work_grows_with_the_length(form: str) -> None:
    def work(n: int) -> int:
        program = parse(FORMS[form][0](n))
        return (
            calls(lambda: parse(FORMS[form][0](n)))
            + calls(lambda: unparse(program))
            + calls(lambda: free_names(program))
            + calls(lambda: hash(program))
        )

    parse("x")
    # From 250 to 500 parts as much is added as from 500 to 1000 in two steps.
    first, second, third = work(250), work(500), work(1000)
    assert third - second == pytest.approx(2 * (second - first), rel=0.02)


def test_a_list_is_continued_and_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies made in C are no calls: the lists that rules with repetition make are watched."""
    from difftool.language import lalr

    made: set[int] = set()
    kept: list[list[Any]] = []
    parts = lalr._parts

    def watched(values: list[Any], base: int, picks: tuple[lalr.Pick, ...]) -> list[Any]:
        found = parts(values, base, picks)
        if id(found) not in made:
            made.add(id(found))
            kept.append(found)
        return found

    monkeypatch.setattr(lalr, "_parts", watched)
    parse("[" + "1," * 1000 + "]")
    assert sum(map(len, kept)) < 4 * 1000


def test_the_collector_is_left_as_it_was() -> None:
    import gc

    text = "+".join(["x"] * N)
    assert gc.isenabled()
    parse(text)
    assert gc.isenabled()
    with pytest.raises(DifftoolError):
        parse(text + "+")
    assert gc.isenabled()
    gc.disable()
    try:
        parse(text)
        assert not gc.isenabled()
    finally:
        gc.enable()
