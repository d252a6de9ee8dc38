"""What programs mean: each case of `data/programs.txt`, the trees and spans, lines and indentation,
imports, and the names a program takes from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from difftool.errors import DifftoolError, Span
from difftool.language import syntax
from difftool.language.parser import parse, parse_program
from difftool.language.syntax import (
    Assign,
    Binary,
    FormattedString,
    FormattedValue,
    Import,
    Name,
    Number,
    Pass,
    Program,
    String,
    Tree,
    While,
    free_names,
    unparse,
    unparse_program,
)

CASES = Path(__file__).parent / "data" / "programs.txt"
KINDS = (
    *("Assert", "AugmentedAssign", "Break", "Continue", "Delete", "For", "FormattedString"),
    *("FormattedValue", "If", "Import", "Pass", "While", "With"),
)


def cases() -> list[tuple[str, str, str]]:
    _, *blocks = re.split(r"^### (.*)\n", CASES.read_text(encoding="utf-8"), flags=re.M)
    found = []
    for heading, block in zip(blocks[::2], blocks[1::2], strict=True):
        text, normal = block.split("---\n")
        found.append((heading, text, normal.strip("\n")))
    return found


def parsed(text: str) -> Tree:
    (statement,) = parse_program(text).statements
    return statement


@pytest.mark.parametrize(("heading", "text", "normal"), cases(), ids=[case[0] for case in cases()])
def test_normal_form(heading: str, text: str, normal: str) -> None:
    program = parse_program(text)
    assert unparse(program) == normal
    again = parse_program(normal)
    assert again == program
    _, places = unparse_program(again)
    in_place = [Span(*place) == span for span, place in places.items()]
    # In a text in normal form all parts stand where they were typed, but for what was put together.
    assert all(in_place) or heading in ("strings", "formatted strings")


def test_expressions_mean_the_same_in_programs() -> None:
    for text in ("mean(3*(x+2)^3)", "y = x[1:, ::2]; -y^2 if not a < b <= c else f(y, dim=0).T"):
        assert parse_program(text) == parse(text)
        assert unparse(parse_program(text)) == unparse(parse(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x, y = 1,", "Assign(Tuple((Name('x'), Name('y'))), Tuple((Number(1),)))"),
        ("[x] = y", "Assign(List((Name('x'),)), Name('y'))"),
        ("x.a += 1", "AugmentedAssign('add', Attribute(Name('x'), 'a'), Number(1))"),
        ("x ^= 2", "AugmentedAssign('pow', Name('x'), Number(2))"),
        ("while a: pass", "While(Name('a'), (Pass(),))"),
        ("for i in a: b; c", "For(Name('i'), Name('a'), (Name('b'), Name('c')))"),
        ("if a: b", "If(((Name('a'), (Name('b'),)),), ())"),
        (
            "if a: b\nelif c: d\nelse: e",
            "If(((Name('a'), (Name('b'),)), (Name('c'), (Name('d'),))), (Name('e'),))",
        ),
        ("with a, b: c", "With((Name('a'), Name('b')), (Name('c'),))"),
        ("assert a", "Assert(Name('a'), None)"),
        ("assert a, 'b'", "Assert(Name('a'), String('b'))"),
        ("del (a, b[0]), c.d", "Delete((Name('a'), Subscript(Name('b'), Number(0)), "
         "Attribute(Name('c'), 'd')))"),
        ("import torch, torch.nn as nn", "Import(None, (('torch', None), ('torch.nn', 'nn')))"),
        ("from torch import nn as m, no_grad", "Import('torch', (('nn', 'm'), ('no_grad', None)))"),
        ("while a: break", "While(Name('a'), (Break(),))"),
        ("while a: continue", "While(Name('a'), (Continue(),))"),
        ("a is not b is c", "Compare(('is_not', 'is'), (Name('a'), Name('b'), Name('c')))"),
        ("f'{x}'", "FormattedString((FormattedValue(Name('x'), None, None),))"),
        (
            "f'a{x!r}b' 'c'",
            "FormattedString(('a', FormattedValue(Name('x'), 'r', None), 'bc'))",
        ),
        ("f'{x=}'", "FormattedString(('x=', FormattedValue(Name('x'), 'r', None)))"),
        ("f'{x=:}'", "FormattedString(('x=', FormattedValue(Name('x'), None, '')))"),
        ("f'{x:.4f}'", "FormattedString((FormattedValue(Name('x'), None, '.4f'),))"),
        (
            "f'{x:{y}>}'",
            "FormattedString((FormattedValue(Name('x'), None, "
            "FormattedString((FormattedValue(Name('y'), None, None), '>'))),))",
        ),
        ("f'a' f'{{}}'", "String('a{}')"),
    ],
)
def test_trees(text: str, tree: str) -> None:
    assert repr(parsed(text)) == tree


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_frozen_and_has_slots_only(name: str) -> None:
    kind = getattr(syntax, name)
    assert name in syntax.__all__
    assert kind.__slots__ == kind.__match_args__
    assert kind.__doc__
    with pytest.raises(AttributeError, match="frozen"):
        Pass().span = Span(0, 1)


def test_kinds_that_do_not_exist() -> None:
    with pytest.raises(AttributeError, match="Lambda"):
        _ = syntax.Lambda


def test_trees_made_without_a_text() -> None:
    body = (Assign(Name("y"), Binary("mul", Name("y"), Number(2))),)
    program = Program((While(Name("c"), body), Pass()))
    assert program == parse_program("while c:\n\ty = y*2\npass")
    assert unparse(program) == "while c:\n    y = y * 2\npass"
    assert unparse(While(Name("c"), body)) == "while c:\n    y = y * 2"
    assert Pass() != syntax.Break() and hash(Pass()) == hash(Pass())


# ----- Lines and indentation -----


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        ("\n\n", ""),
        ("# c", ""),
        ("  \n\t# c\n  ", ""),
        ("\ufeff", ""),
        ("\ufeffx", "x"),
        ("\ufeff# c\nx", "x"),
        ("\ufeffif a:\n  b", "if a:\n    b"),
        ("x\r\ny\rz\n\r\n", "x; y; z"),
        ("if a:\r\n  b\r\n\r\n  c\r\nd\r\n", "if a:\n    b\n    c\nd"),
        ("if a:\r  b\rc\r", "if a:\n    b\nc"),
        ("if a:\n\tb\n\tif c:\n\t\td", "if a:\n    b\n    if c:\n        d"),
        ("if a:\n\tb\n        \n# c\n\td", "if a:\n    b\n    d"),
        ("if a:\n  \tb\n  \tc", "if a:\n    b\n    c"),
        ("if a:\n b\n\x0c c\nd", "if a:\n    b\n    c\nd"),
        ("\x0cx\n \x0cy", "x; y"),
        ("x\n\x0c\ny", "x; y"),
        ("if a:\n  b\\\n .c\nd", "if a:\n    b.c\nd"),
        ("if a:\n  \\\n b\n  c", "if a:\n    b\n    c"),
        ("if a:\n\\\n b\n c", "if a:\n    b\n    c"),
        ("\\\nx", "x"),
        ("x\n\\\n\ny", "x; y"),
        ("if a \\\n: b", "if a:\n    b"),
        ("if a: # c\n  b # d", "if a:\n    b"),
        ("if a:\n  b\n # c", "if a:\n    b"),
        ("if a:\n  b\n  ", "if a:\n    b"),
        ("x;", "x"),
        ("x; # c\n", "x"),
        ("if a: x;\ny", "if a:\n    x\ny"),
        ("if a:\n  '''\nb\n'''\n  c", "if a:\n    '\\nb\\n'\n    c"),
        ("if a:\n  f(\nb\n)\n  c", "if a:\n    f(b)\n    c"),
        ("if a:\n  x\nif b:\n    y\n", "if a:\n    x\nif b:\n    y"),
    ],
)
def test_lines_and_blocks(text: str, normal: str) -> None:
    assert unparse(parse_program(text)) == normal


def test_strings_keep_one_kind_of_line_end() -> None:
    assert parsed("'''a\r\nb\rc\\\r\nd'''") == String("a\nb\ncd")
    assert parsed("f'''a\r\n{x}'''") == FormattedString(
        ("a\n", FormattedValue(Name("x"), None, None))
    )


# ----- Spans -----


def spans(text: str) -> list[str]:
    """The text of every part, outer ones first, as its span cuts it out."""
    found: list[str] = []
    waiting: list[object] = list(reversed(parse_program(text).statements))
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
        (
            "while c :\n    y = (x) # c\n\n\nz",
            ["while c :\n    y = (x)", "c", "y = (x)", "y", "x", "z"],
        ),
        ("if a: b;\nelse:\n  c\n", ["if a: b;\nelse:\n  c", "a", "b", "c"]),
        ("for (i) in (x): y ;", ["for (i) in (x): y", "i", "x", "y"]),
        (
            "with (a), b:\n if c:\n  d\n #\ne",
            ["with (a), b:\n if c:\n  d", "a", "b", "if c:\n  d", "c", "d", "e"],
        ),
        ("x , y =1, # c", ["x , y =1,", "x , y", "x", "y", "1,", "1"]),
        ("x += (1)", ["x += (1)", "x", "1"]),
        ("a = b = (c + d)", ["b = (c + d)", "b", "c + d", "c", "d", "a = b", "a", "b"]),
        ("del (x), y", ["del (x), y", "x", "y"]),
        ("assert x , (y)", ["assert x , (y)", "x", "y"]),
        ("import torch as t; pass", ["import torch as t", "pass"]),
        ("'a' \\\n 'b'", ["'a' \\\n 'b'"]),
        (
            "z + f'a{ x+1 !r:>{ w }}{y=}'",
            [
                *("z + f'a{ x+1 !r:>{ w }}{y=}'", "z", "f'a{ x+1 !r:>{ w }}{y=}'"),
                *("{ x+1 !r:>{ w }}", "x+1", "x", "1", ":>{ w }", "{ w }", "w", "{y=}", "y"),
            ],
        ),
        (
            "'\\n' f'{f\"{(x)}\"}'",
            ["'\\n' f'{f\"{(x)}\"}'", '{f"{(x)}"}', 'f"{(x)}"', "{(x)}", "x"],
        ),
    ],
)
def test_spans(text: str, expected: list[str]) -> None:
    assert spans(text) == expected
    # They count in the whole text, whatever stands before.
    before = "\ufeff# π\r\n'''a\n'''\r\n"
    assert spans(before + text)[1:] == expected


def test_places_in_the_normal_form() -> None:
    text = "while  c :\n  y=f'{ y*2 :>{w}} {x[0]}'\n  if y : z=(y)"
    normal, places = unparse_program(parse_program(text))
    assert normal == (
        "while c:\n    y = f'{y * 2:>{w}} {x[0]}'\n    if y:\n        z = y"
    )
    by_text = {text[start:end]: normal[slice(*place)] for (start, end), place in places.items()}
    assert by_text == {
        text: normal,
        "y=f'{ y*2 :>{w}} {x[0]}'": "y = f'{y * 2:>{w}} {x[0]}'",
        "f'{ y*2 :>{w}} {x[0]}'": "f'{y * 2:>{w}} {x[0]}'",
        "{ y*2 :>{w}}": "{y * 2:>{w}}",
        "y*2": "y * 2",
        ":>{w}": ":>{w}",
        "{w}": "{w}",
        "{x[0]}": "{x[0]}",
        "x[0]": "x[0]",
        "if y : z=(y)": "if y:\n        z = y",
        "z=(y)": "z = y",
        **{leaf: leaf for leaf in ("c", "w", "x", "y", "z", "0", "2")},
    }


# ----- Strings in formatted strings -----


@pytest.mark.parametrize(
    "text",
    [
        "f'''{x['a']}{\"b\"}'''",
        "f'''{\"it's\"}'''",
        'f"""{f\'\'\'{f"{x[\'a\']}"}\'\'\'}"""',
        "f'''{f(\"\"\"a\nb\"\"\")}'''",
        "f'''{x['a'\n'b']}'''",
        "f'{x!r}' + \"'\"",
        "f\"'{x}'\"",
        "f'''a\\'\\'\\'{x}\"\"\"'''",
        "f'{\"\"}{f\"{x}\"}'",
        "f'\\x00\\u2028{x}\\\\'",
    ],
)
def test_quotes_are_found_for_strings_in_strings(text: str) -> None:
    program = parse_program(text)
    normal = unparse(program)
    assert parse_program(normal) == program
    assert unparse(parse_program(normal)) == normal


def test_a_string_that_has_no_quotes_left_is_printed_all_the_same() -> None:
    value = FormattedValue(String("a\\b'\"'''\"\"\"\n"), None, None)
    text = unparse(FormattedString(("x", value)))
    assert text.startswith("f") and "a" in text


# ----- Imports -----


@pytest.mark.parametrize(
    ("text", "bindings"),
    [
        ("import torch", {"torch": "torch"}),
        ("import numpy as np, math", {"np": "numpy", "math": "math"}),
        ("import torch.nn.functional", {"torch": "torch"}),
        ("import torch.nn.functional as F", {"F": "torch.nn.functional"}),
        ("from torch.nn import init as i, x", {"i": "torch.nn.init", "x": "torch.nn.x"}),
        ("from __future__ import annotations", {}),
    ],
)
def test_bindings(text: str, bindings: dict[str, str]) -> None:
    statement = parsed(text)
    assert isinstance(statement, Import)
    assert dict(statement.bindings) == bindings


# ----- Free names -----


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("import torch\nx = torch.ones(2)\nprint(x, y)", "y"),
        ("y = x + 2; z = y*y", "x"),
        ("y += x", "y x"),
        ("y = 1\ny += x", "x"),
        ("x[i] = y.z", "y x i"),
        ("x.grad = None", "x"),
        ("x, (y, z) = w\nx, y, z", "w"),
        ("for i in range(n): print(i, k)\ni", "n k"),
        ("for i, row in enumerate(x): row", "x"),
        ("while y.norm() < c: y = y*2", "y c"),
        ("y = x\nwhile y < c: y = y*2", "x c"),
        ("with no_grad(): x -= lr", "x lr"),
        ("assert x == y, z", "x y z"),
        ("del x\nx", "x"),
        ("del x[i]", "x i"),
        ("if a: x = 1\nelse: y = 2\nx, y, z", "a z"),
        ("if a: x\nelif b: y", "a x b y"),
        ("import torch as t\nt.ones(2), t", ""),
        ("from torch import nn, no_grad\nnn.relu(no_grad)", ""),
        ("import torch.nn.functional as F\nF.relu(x), F", "x"),
        ("f'{x:{w}} {f(y)}'", "x w y"),
        ("a = b = c", "c"),
        # What runs on a condition may run after the rest of the loop.
        ("for i in r:\n    if i: use(a)\n    a = i", "r"),
        ("for i in r:\n    use(a)\n    a = i", "r a"),
        ("while c:\n    while d: use(a, b)\n    a = 1", "c d b"),
        ("while c:\n    if d:\n        for e in r: a = b\n    g = a, e", "c d r b"),
        ("while c:\n    if d:\n        import math as m\n    g = m", "c d"),
        ("while c:\n    if d: a = 1\nif e: a, b", "c d e b"),
        ("if c: use(a)\na = 1", "c a"),
        ("'text'", ""),
        ("pi, e, x.T", "pi e x"),
    ],
)
def test_free_names(text: str, expected: str) -> None:
    assert free_names(parse_program(text)) == tuple(expected.split())


# ----- Depth of blocks -----


def nested(depth: int, step: str = " ") -> str:
    return "".join(f"{step * level}if a:\n" for level in range(depth)) + step * depth + "x"


def test_a_hundred_blocks_stand_inside_each_other() -> None:
    program = parse_program(nested(100))
    assert parse_program(unparse(program)) == program
    assert free_names(program) == ("a", "x")


@pytest.mark.parametrize("depth", [101, 300])
def test_more_blocks_are_too_many(depth: int) -> None:
    with pytest.raises(DifftoolError, match="more than 100 blocks") as caught:
        parse_program(nested(depth), "file.py")
    error = caught.value
    assert (error.kind, error.line, error.place) == ("limit", 102, "file.py")
