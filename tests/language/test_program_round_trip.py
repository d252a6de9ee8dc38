"""Any program is printed as a text that reads as the same program, here and in Python itself.

Programs are made by hypothesis, from the expressions of `test_round_trip`. Python's own parser is
the second opinion: with `**` for `^` every program is one of Python's, and means the same; and what
Python reads and difftool does not is refused by name.
"""

from __future__ import annotations

import re
import string

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from difftool.errors import DifftoolError
from difftool.language.parser import parse_program
from difftool.language.syntax import (
    Assert,
    Assign,
    Attribute,
    AugmentedAssign,
    Binary,
    Break,
    Call,
    Compare,
    Continue,
    Delete,
    Expression,
    For,
    FormattedString,
    FormattedValue,
    If,
    Import,
    List,
    Name,
    Number,
    Pass,
    Program,
    Statement,
    String,
    Subscript,
    Target,
    Tuple,
    While,
    With,
    unparse,
    unparse_program,
)
from tests.language.python_reading import from_python, python_reads
from tests.language.test_round_trip import BINARY, expression, names, texts

few = st.integers(1, 3)
maybe = st.booleans()
rarely = st.integers(0, 5).map(lambda number: number == 0)
modules = st.sampled_from(["torch", "torch.nn.functional", "numpy", "math"])
plain_texts = texts.filter(lambda text: text.isprintable() and not set(text) & set("\\{}'\""))
formats = st.sampled_from(["", ".4f", ">10", "{", "=", "!r", ":", "\\", "\n", "'\"", "é"])


@st.composite
def targets(draw: st.DrawFn, depth: int = 2) -> Target:
    """Anything that can be assigned."""
    kind = draw(st.sampled_from((Name, Name, Name, Attribute, Subscript, Tuple, List)))
    if kind is Attribute:
        return Attribute(expression(draw, 1), draw(names))
    if kind is Subscript:
        return Subscript(expression(draw, 1), expression(draw, 1))
    if kind is Name or depth == 0:
        return Name(draw(names))
    items = tuple(draw(st.lists(targets(depth - 1), max_size=3)))
    return Tuple(items) if kind is Tuple else List(items)


single_targets = targets(0)


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> Expression:
    """What can stand between the braces of a formatted string, which has no escapes."""
    kind = draw(st.sampled_from(("name", "number", "binary", "index", "call", "tuple", "text")))
    if depth == 0 or kind == "name":
        return Name(draw(names))
    if kind == "number":
        return Number(draw(st.integers(0, 9)))
    if kind == "binary":
        operator = draw(st.sampled_from(list(BINARY.values())))
        return Binary(operator, draw(values(depth - 1)), draw(values(depth - 1)))
    if kind == "index":
        return Subscript(draw(values(depth - 1)), String(draw(plain_texts)))
    if kind == "call":
        return Call(Name(draw(names)), (draw(values(depth - 1)),), ())
    if kind == "tuple":
        return Tuple(tuple(draw(st.lists(values(depth - 1), max_size=2))))
    if draw(maybe):
        return String(draw(plain_texts))
    return FormattedString((draw(plain_texts.filter(bool)), draw(fields(depth - 1, False))))


@st.composite
def fields(draw: st.DrawFn, depth: int = 2, outermost: bool = True) -> FormattedValue:
    """A value in braces."""
    conversion = draw(st.sampled_from((None, None, "r", "s", "a")))
    form: str | FormattedString | None = draw(formats) if outermost and draw(maybe) else None
    if outermost and draw(rarely):
        inner = FormattedValue(Name(draw(names)), draw(st.sampled_from((None, "r"))), None)
        form = FormattedString((inner, ">"))
    return FormattedValue(draw(values(depth)), conversion, form)


@st.composite
def formatted(draw: st.DrawFn) -> FormattedString:
    """A formatted string, in which no two texts stand side by side."""
    parts: list[str | FormattedValue] = []
    for _ in range(draw(few)):
        if draw(maybe):
            parts.append(draw(texts.filter(bool)))
        parts.append(draw(fields()))
    if draw(maybe):
        parts.append(draw(texts.filter(bool)))
    return FormattedString(tuple(parts))


def simple_statement(draw: st.DrawFn, in_loop: bool) -> Statement:
    def value() -> Expression:
        return draw(formatted()) if draw(rarely) else expression(draw, 2)

    kinds = [Assign, Assign, AugmentedAssign, Expression, Assert, Delete, Import, Pass, Compare]
    kind = draw(st.sampled_from(kinds + [Break, Continue] * in_loop))
    if kind is Assign:
        return Assign(draw(targets()), value())
    if kind is AugmentedAssign:
        operator = draw(st.sampled_from(list(BINARY.values())))
        target = draw(single_targets)
        assert isinstance(target, Name | Attribute | Subscript)
        return AugmentedAssign(operator, target, value())
    if kind is Assert:
        return Assert(value(), value() if draw(maybe) else None)
    if kind is Delete:
        found = draw(st.lists(single_targets, max_size=2))
        return Delete(tuple(one for one in found if not isinstance(one, Tuple | List)))
    if kind is Import:
        listed = draw(st.lists(st.tuples(names, st.none() | names), min_size=1, max_size=2))
        if draw(maybe):
            return Import(draw(modules), tuple(listed))
        return Import(None, tuple((draw(modules), alias) for _, alias in listed))
    if kind is Pass:
        return Pass()
    if kind is Break:
        return Break()
    if kind is Continue:
        return Continue()
    if kind is Compare:
        operators = tuple(draw(st.lists(st.sampled_from(("is", "is_not", "lt")), min_size=1)))
        return Compare(operators, tuple(Name(draw(names)) for _ in range(len(operators) + 1)))
    return value()


def statement(draw: st.DrawFn, depth: int, in_loop: bool) -> Statement:
    """Any statement with at most that many blocks inside each other."""
    if depth == 0 or draw(maybe):
        return simple_statement(draw, in_loop)

    def body(in_loop: bool) -> tuple[Statement, ...]:
        return tuple(statement(draw, depth - 1, in_loop) for _ in range(draw(few)))

    kind = draw(st.sampled_from((While, For, If, With)))
    if kind is While:
        return While(expression(draw, 1), body(True))
    if kind is For:
        return For(draw(targets()), expression(draw, 1), body(True))
    if kind is With:
        items = tuple(expression(draw, 1) for _ in range(draw(few)))
        # The brackets of a single tuple would be those around the list of items.
        assume(len(items) > 1 or not isinstance(items[0], Tuple))
        return With(items, body(in_loop))
    branches = tuple((expression(draw, 1), body(in_loop)) for _ in range(draw(few)))
    return If(branches, body(in_loop) if draw(maybe) else ())


@st.composite
def programs(draw: st.DrawFn) -> Program:
    return Program(tuple(statement(draw, 3, False) for _ in range(draw(few))))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(programs())
def test_what_is_printed_parses_back(program: Program) -> None:
    text = unparse(program)
    again = parse_program(text)
    assert again == program
    normal, places = unparse_program(again)
    assert normal == text
    # In a text that is in normal form already, every part stands where it was typed.
    assert all(place == tuple(span) for span, place in places.items())


@settings(derandomize=True, deadline=None, max_examples=300)
@given(formatted())
def test_formatted_strings_parse_back(value: FormattedString) -> None:
    text = unparse(value)
    assert parse_program(text) == Program((value,))
    assert from_python(text) == Program((value,))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(programs())
def test_python_reads_the_same_program(program: Program) -> None:
    assert from_python(unparse(program)) == program


# ----- What Python accepts -----

WORDS = [
    *("x", "y", "f", "z", "3", "2.5", "'a'", 'f"{x}"', "f'{y!r:>{x}}'", "True", "None", "..."),
    *("not", "and", "or", "if", "else", "elif", "while", "for", "in", "is", "with", "as", "assert"),
    *("del", "import", "from", "torch", "pass", "=", "==", "<", "+=", "*=", "**=", "-", "+", "*"),
    *("**", "/", "@", "&", "|", "~", "(", ")", "[", "]", ",", ":", ".", ";", "\n", "\n", "\n    "),
    *("\n    ", "\n        ", "\n\t", "while x:", "if y:", "for x in y:", "else:", "elif z:"),
    *("x = ", "# c\n", "\\\n ", "print(", "lambda", "{", "}", ":=", "\r\n", "\f", "x, y", "match"),
    *("class", "def", "return", "await", "yield", "try:", "except:", "import torch", "with f():"),
]

# What is refused in other words than those of `not part of difftool's language`.
REFUSED = re.compile(
    r"not part of difftool's language|stands outside a loop|in a chain of assignments"
    r"|is not a function|is not multiplication|can't stand between the braces"
    r"|begins with zeros|is larger than|is not a character|given twice"
)


def check_any(text: str) -> Program | None:
    """The tree of a text, or None if there is a proper error instead."""
    try:
        program = parse_program(text)
    except DifftoolError as error:
        assert error.kind in ("syntax", "name") and error.source == text
        assert error.message and error.hint and "\n" not in error.message
        assert error.span is not None
        assert 0 <= error.span.start <= error.span.end <= len(text)
        if "^" not in text and python_reads(text):
            assert REFUSED.search(error.message), (text, error.message)
        return None
    assert parse_program(unparse(program)) == program
    return program


def ends_open(text: str) -> bool:
    """Whether a backslash asks for a line that does not come, which only Python minds."""
    return text.rstrip(" \t\f\r\n#c").endswith("\\")


@settings(derandomize=True, deadline=None, max_examples=3_000)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), maybe)
def test_what_is_accepted_python_accepts_too(words: list[str], blanks: bool) -> None:
    text = (" " if blanks else "").join(words).replace("\n ", "\n", 1)
    program = check_any(text)
    if program is not None and not ends_open(text):
        assert from_python(text) == program


@settings(derandomize=True, deadline=None, max_examples=300)
@given(programs().map(unparse), st.data())
def test_a_torn_program_is_a_tree_or_an_error(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(start + 6, len(text))))
    piece = data.draw(st.sampled_from(["", "", text[start:stop] * 2, *WORDS]))
    torn = text[:start] + piece + text[stop:]
    program = check_any(torn)
    if program is not None and not ends_open(torn) and "\\" not in torn:
        assert from_python(torn) == program


@settings(derandomize=True, deadline=None, max_examples=1_000)
@given(st.text(st.sampled_from(string.printable + "f{f'{\"'\n\n   ²π×\ufeff\udc80"), max_size=20))
def test_any_text_is_a_tree_or_an_error(text: str) -> None:
    check_any(text)
