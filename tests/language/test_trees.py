"""What texts mean: each case of `data/trees.txt` by its tree and its normal form, and the spans."""

from __future__ import annotations

from pathlib import Path

import pytest

from difftool.language.parser import parse
from difftool.language.syntax import (
    Assign,
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Keyword,
    List,
    Literal,
    Logical,
    Name,
    Number,
    Program,
    Slice,
    String,
    Subscript,
    Tree,
    Tuple,
    Unary,
    unparse,
    unparse_program,
)


def cases() -> list[tuple[str, str, str]]:
    path = Path(__file__).parent / "data" / "trees.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in lines if line and not line.startswith("#")]
    return list(zip(lines[::3], lines[1::3], lines[2::3], strict=True))


def outline(tree: Tree | None) -> str:
    """A tree as an expression of nested brackets; only for the small ones of the cases."""
    match tree:
        case None:
            return "_"
        case Name(name):
            return name
        case Number(value) | String(value):
            return repr(value)
        case Literal(value):
            return "..." if value is ... else repr(value)
        case List(items):
            return node("list", *items)
        case Tuple(items):
            return node("tuple", *items)
        case Slice(start, stop, step):
            return node("slice", start, stop, step)
        case Unary(operator, operand):
            return node(operator, operand)
        case Binary(operator, left, right) | Logical(operator, left, right):
            return node(operator, left, right)
        case Compare(operators, operands):
            chain = [outline(operands[0])]
            for operator, operand in zip(operators, operands[1:], strict=True):
                chain += [operator, outline(operand)]
            return f"(compare {' '.join(chain)})"
        case Conditional(test, then, otherwise):
            return node("conditional", test, then, otherwise)
        case Call(function, arguments, keywords):
            return node("call", function, *arguments, *keywords)
        case Keyword(name, value):
            return f"{name}={outline(value)}"
        case Attribute(value, name):
            return f"(attribute {outline(value)} {name})"
        case Subscript(value, index):
            return node("subscript", value, index)
        case Assign(target, value):
            return node("assign", target, value)
        case Program(statements):
            return node("program", *statements)
    raise AssertionError(tree)


def node(kind: str, *parts: Tree | None) -> str:
    return f"({' '.join([kind, *map(outline, parts)])})"


@pytest.mark.parametrize(("text", "normal", "tree"), cases())
def test_tree_and_normal_form(text: str, normal: str, tree: str) -> None:
    program = parse(text)
    whole = program if len(program.statements) > 1 else program.statements[0]
    assert outline(whole) == tree
    assert unparse(program) == normal
    assert parse(normal) == program


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("y = x\nz = y\nz", "y = x; z = y; z"),
        ("\n\n  y = x ;\n\n\tz\n", "y = x; z"),
        ("# first\ny # the tensor\n# last", "y"),
        ("y = x  # why\n   # and\n\n y", "y = x; y"),
        ("x\r\ny\rz\n", "x; y; z"),
        ("f(x,\n  # nothing\n\n  dim=0,\n)\n", "f(x, dim=0)"),
        ("[\n1,\r\n2\n]", "[1, 2]"),
        ("x[\n0\n]\n+1", "x[0]; +1"),
        ("x \\\n + 2", "x + 2"),
        ("x \\\r\n\\\n + 2", "x + 2"),
        ("x\n\\\n\ny", "x; y"),
        ("'''a\r\nb\\\nc'''", "'a\\nbc'"),
        ("'a\\\nb'", "'ab'"),
        ("a\fif\tb else c", "a if b else c"),
    ],
)
def test_lines_and_blanks(text: str, normal: str) -> None:
    assert unparse(parse(text)) == normal


def spans(text: str) -> list[str]:
    """The text of every part of a program, outer ones first, as its span cuts it out."""
    found: list[str] = []
    waiting: list[object] = list(reversed(parse(text).statements))
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tree):
            found.append(text[part.span.start : part.span.end])
            waiting += [getattr(part, name) for name in reversed(part.__match_args__)]
        elif isinstance(part, tuple):
            waiting += reversed(part)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 3 ", ["3"]),
        ("(a + b) * c", ["(a + b) * c", "a + b", "a", "b", "c"]),
        ("a * ((b))", ["a * ((b))", "a", "b"]),
        ("-(x)^2", ["-(x)^2", "(x)^2", "x", "2"]),
        ("(a)<(b)", ["(a)<(b)", "a", "b"]),
        ("f( (x) , dim = 0 )", ["f( (x) , dim = 0 )", "f", "x", "dim = 0", "0"]),
        ("(x).T .mean ( )", ["(x).T .mean ( )", "(x).T .mean", "(x).T", "x"]),
        ("x[ 1 : , (2) ]", ["x[ 1 : , (2) ]", "x", "1 : , (2)", "1 :", "1", "2"]),
        ("( 1, )", ["( 1, )", "1"]),
        ("a if (b) else c", ["a if (b) else c", "b", "a", "c"]),
        ("y = (x) ; y", ["y = (x)", "y", "x", "y"]),
        ("f(\n x # c\n)\n", ["f(\n x # c\n)", "f", "x"]),
    ],
)
def test_spans(text: str, expected: list[str]) -> None:
    assert spans(text) == expected


def test_places_in_the_normal_form() -> None:
    text = " y=( x+2 )*f( (x),dim = (0,) ); -(y)[ 1:,0 ] "
    program = parse(text)
    normal, places = unparse_program(program)
    assert normal == "y = (x + 2) * f(x, dim=(0,)); -y[1:, 0]"
    by_text = {text[start:end]: normal[slice(*place)] for (start, end), place in places.items()}
    assert by_text == {
        "y=( x+2 )*f( (x),dim = (0,) )": "y = (x + 2) * f(x, dim=(0,))",
        "( x+2 )*f( (x),dim = (0,) )": "(x + 2) * f(x, dim=(0,))",
        "x+2": "x + 2",
        "f( (x),dim = (0,) )": "f(x, dim=(0,))",
        "f": "f",
        "dim = (0,)": "dim=(0,)",
        "(0,)": "(0,)",
        "-(y)[ 1:,0 ]": "-y[1:, 0]",
        "(y)[ 1:,0 ]": "y[1:, 0]",
        "1:,0": "1:, 0",
        "1:": "1:",
        **{leaf: leaf for leaf in ("x", "y", "0", "1", "2")},
    }
