"""No program is too long, and no expression in it too deep; the work grows with the length."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from difftool.errors import DifftoolError
from difftool.language.parser import parse_program
from difftool.language.syntax import free_names, unparse, unparse_program
from tests.language.test_depth import calls

N = 100_000
ENOUGH = 20_000  # deeper than any recursion in Python or C reaches

HEADERS = [" " * depth + "if d:\n" for depth in range(1, 50)]
DEEP_BLOCK = "while c:\n" + "".join(HEADERS) + " " * 50 + "x\n"

# A text of n parts, and the names it takes from outside.
FORMS: dict[str, tuple[Callable[[int], str], str]] = {
    "lines": (lambda n: "y = f(x)\n" * n, "x"),
    "updates": (lambda n: "y += x\n" * n, "y x"),
    "blank lines": (lambda n: "x\n" + "\n  # c\n" * n, "x"),
    "a block": (lambda n: "while c:\n" + "    x; y\n" * n, "c x y"),
    "blocks": (lambda n: "if c:\n    x\nelse:\n    y\n" * n, "c x y"),
    "elifs": (lambda n: "if c: x\n" + "elif d: y\n" * n, "c x d y"),
    "choices in a loop": (lambda n: "for i in r:\n" + "    if i: y = x\n" * n, "r x"),
    "deep blocks": (lambda n: DEEP_BLOCK * (n // 50), "c d x"),
    "tuples of targets": (lambda n: "x, " * n + "= y", "y"),
    "deep targets": (lambda n: "(" * n + "x" + ",)" * n + " = y", "y"),
    "chains": (lambda n: "x = " * n + "y", "y"),
    "deletions": (lambda n: "del " + "x," * n, ""),
    "items of with": (lambda n: "with " + "a," * n + "b: c", "a b c"),
    "imports": (lambda n: "import " + "torch, " * n + "math", ""),
    "imported names": (lambda n: "from torch import (" + "a," * n + ")", ""),
    "paths": (lambda n: "import torch" + ".nn" * n, ""),
    "strings": (lambda n: "'a' " * n, ""),
    "formatted strings": (lambda n: "f'{x}' " * n, "x"),
    "values": (lambda n: "f'" + "{x}a{y:.4f}" * n + "'", "x y"),
    "texts": (lambda n: "f'" + "a{{" * n + "{x}'", "x"),
    "formats": (lambda n: "f'{x:" + "{y}" * n + "}'", "x y"),
    "a deep value": (lambda n: "f'{" + "(" * n + "x" + ")" * n + "}'", "x"),
    "a long value": (lambda n: "f'{" + "x+" * n + "x=}'", "x"),
    "terms": (lambda n: "y = " + "+".join(["x"] * n), "x"),
    "brackets": (lambda n: "assert " + "(" * n + "x" + ")" * n, "x"),
    "lines in brackets": (lambda n: "y = [\n" + "x,\n" * n + "]", "x"),
    "identities": (lambda n: "x is " * n + "y", "x y"),
}


@pytest.mark.parametrize(
    ("form", "n"), [(form, N if form in ("lines", "a block") else ENOUGH) for form in FORMS]
)
def test_deep_and_long(form: str, n: int) -> None:
    make, names = FORMS[form]
    text = make(n)
    program = parse_program(text)
    assert free_names(program) == tuple(names.split())
    normal, places = unparse_program(program)
    assert parse_program(normal) == program
    assert all(0 <= start < end <= len(normal) for start, end in places.values())


@pytest.mark.parametrize("form", FORMS)
def test_work_grows_with_the_length(form: str) -> None:
    def work(n: int) -> int:
        text = FORMS[form][0](n)
        program = parse_program(text)
        return (
            calls(lambda: parse_program(text))
            + calls(lambda: unparse(program))
            + calls(lambda: free_names(program))
        )

    work(50)  # what is loaded or remembered at first is no part of it
    # From 250 to 500 parts as much is added as from 500 to 1000 in two steps.
    first, second, third = work(250), work(500), work(1000)
    assert third - second == pytest.approx(2 * (second - first), rel=0.02, abs=20)


@pytest.mark.parametrize(
    "text",
    [
        "y = f(x)\n" * ENOUGH + "3x",
        "y = f(x)\n" * ENOUGH + "    y",
        "while c:\n" + "    y\n" * ENOUGH + "else: z",
        "while c:\n" + "    y\n" * ENOUGH + "  z",
        "while c:\n" + "  while d:\n    y\n" * ENOUGH + "else: z",
        "y\n" * ENOUGH + "while c:",
        "f(" * ENOUGH + ") = 3",
        "(" * ENOUGH + "3" + ",)" * ENOUGH + " = x",
        "x = " * ENOUGH + "y = = 3",
        "x[0] = " * ENOUGH + "y",
        "f'" + "{x}" * ENOUGH + "{3x}'",
        "f'" + "{x}" * ENOUGH + "{x'",
        "f'{" + "(" * ENOUGH + "x}'",
        "'a' " * ENOUGH + "3x",
        "if c: x\n" + "elif d: y\n" * ENOUGH + "else: z\nelse: z",
        "import " + "torch, " * ENOUGH + "os",
        "x = (\n" + "y\n" * ENOUGH,
        "x; " * ENOUGH + "while c: y",
    ],
    ids=lambda text: f"{text[:6]!r}...{text[-6:]!r}",
)
def test_mistakes_in_long_programs_are_found(text: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        parse_program(text)
    assert caught.value.span is not None
