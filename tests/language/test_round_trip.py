"""Any tree is printed as a text that reads as the same tree, here and in Python itself.

Trees are made by hypothesis. Python's own parser is the second opinion: with `**` for `^` every
text of the language is one of Python's, and means the same.
"""

from __future__ import annotations

import ast
import string
import warnings

from hypothesis import given, settings
from hypothesis import strategies as st

from difftool.errors import DifftoolError
from difftool.language.parser import parse
from difftool.language.syntax import (
    Assign,
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Expression,
    Keyword,
    List,
    Literal,
    Logical,
    Name,
    Number,
    Program,
    Slice,
    Statement,
    String,
    Subscript,
    Tuple,
    Unary,
    unparse,
    unparse_program,
)

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder",
    ast.MatMult: "matmul",
    ast.Pow: "pow",
    ast.BitAnd: "bitwise_and",
    ast.BitOr: "bitwise_or",
}
UNARY: dict[type[ast.unaryop], str] = {
    ast.USub: "neg",
    ast.UAdd: "pos",
    ast.Invert: "invert",
    ast.Not: "not",
}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}

names = st.sampled_from(["x", "y", "T", "e", "pi", "f", "mean", "torch", "α", "_1", "match"])
numbers = st.integers(0, 10**30) | st.floats(0, allow_infinity=False, allow_nan=False).map(abs)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="^"), max_size=5)
leaves = st.one_of(
    names.map(Name),
    numbers.map(Number),
    texts.map(String),
    st.sampled_from([True, False, None, ...]).map(Literal),
)
binary = st.sampled_from(list(BINARY.values()))
unary = st.sampled_from(list(UNARY.values()))
comparisons = st.lists(st.sampled_from(list(COMPARE.values())), min_size=1, max_size=3)
kinds = st.sampled_from(
    (Binary, Binary, Unary, Unary, Logical, Compare, Conditional)
    + (List, Tuple, Attribute, Subscript, Call)
)
few = st.integers(0, 3)
maybe = st.booleans()


def expression(draw: st.DrawFn, depth: int) -> Expression:
    """Any expression of at most that many levels."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(leaves)

    def part() -> Expression:
        return expression(draw, depth - 1)

    def parts(count: int) -> tuple[Expression, ...]:
        return tuple(part() for _ in range(count))

    def element() -> Expression:
        if draw(maybe):
            return part()
        start, stop, step = (part() if draw(maybe) else None for _ in range(3))
        return Slice(start, stop, step)

    kind = draw(kinds)
    if kind is Binary:
        return Binary(draw(binary), part(), part())
    if kind is Unary:
        return Unary(draw(unary), part())
    if kind is Logical:
        return Logical("and" if draw(maybe) else "or", part(), part())
    if kind is Compare:
        operators = draw(comparisons)
        return Compare(tuple(operators), parts(len(operators) + 1))
    if kind is Conditional:
        return Conditional(part(), part(), part())
    if kind is List:
        return List(parts(draw(few)))
    if kind is Tuple:
        return Tuple(parts(draw(few)))
    if kind is Attribute:
        return Attribute(part(), draw(names))
    if kind is Subscript:
        value, count = part(), draw(few)
        if count == 0:
            return Subscript(value, element())
        return Subscript(value, Tuple(tuple(element() for _ in range(count))))
    function = Attribute(part(), draw(names)) if draw(maybe) else Name(draw(names))
    keywords = draw(st.lists(names, max_size=2, unique=True))
    return Call(function, parts(draw(few)), tuple(Keyword(name, part()) for name in keywords))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """One to three statements."""
    statements: list[Statement] = []
    for _ in range(draw(st.integers(1, 3))):
        value = expression(draw, 4)
        statements.append(Assign(Name(draw(names)), value) if draw(maybe) else value)
    return Program(tuple(statements))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(programs())
def test_what_is_printed_parses_back(program: Program) -> None:
    text = unparse(program)
    again = parse(text)
    assert again == program
    assert unparse(again) == text


@settings(derandomize=True, deadline=None, max_examples=200)
@given(programs())
def test_every_part_stands_at_its_place(program: Program) -> None:
    text = unparse(program)
    again = parse(text)
    normal, places = unparse_program(again)
    assert normal == text
    # In a text that is in normal form already, every part stands where it was typed.
    assert all(place == tuple(span) for span, place in places.items())


@settings(derandomize=True, deadline=None, max_examples=300)
@given(programs())
def test_python_reads_the_same_tree(program: Program) -> None:
    assert from_python(unparse(program)) == program


WORDS = [
    *("x", "y", "f", "3", "2.5", ".5", "'a'", "True", "None", "...", "not", "and", "or", "if"),
    *("else", "=", "==", "<", ">=", "+", "-", "*", "**", "/", "//", "%", "@", "&", "|", "~"),
    *("(", ")", "[", "]", ",", ":", ".", ";", "(", ")", "[", "]", ",", "x", "f(", "x["),
]


@settings(derandomize=True, deadline=None, max_examples=1_500)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_what_is_accepted_python_accepts_too(words: list[str]) -> None:
    text = " ".join(words)
    try:
        program = parse(text)
    except DifftoolError:
        return
    assert from_python(text) == program


@settings(derandomize=True, deadline=None, max_examples=1_500)
@given(st.text(st.sampled_from(string.printable + "²π×“𝑥\u200b\u00a0\udc80ª"), max_size=20))
def test_any_text_is_a_tree_or_an_error(text: str) -> None:
    check_any(text)


@settings(derandomize=True, deadline=None, max_examples=1_000)
@given(st.text(max_size=20))
def test_any_text_of_any_script_is_a_tree_or_an_error(text: str) -> None:
    check_any(text)


@settings(derandomize=True, deadline=None, max_examples=1_000)
@given(programs().map(unparse), st.data())
def test_a_torn_text_is_a_tree_or_an_error(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(start + 3, len(text))))
    torn = text[:start] + text[stop:]
    program = check_any(torn)
    if program is not None:
        assert from_python(torn.strip()) == program


def check_any(text: str) -> Program | None:
    """The tree of a text, or None if there is a proper error instead."""
    try:
        program = parse(text)
    except DifftoolError as error:
        assert error.kind == "syntax" and error.source == text
        assert error.message and error.hint and "\n" not in error.message
        assert error.span is not None
        assert 0 <= error.span.start <= error.span.end <= len(text)
        error.message.encode("utf-8")
        error.hint.encode("utf-8")
        return None
    assert parse(unparse(program)) == program
    return program


def from_python(text: str) -> Program:
    """The tree of a text as Python's own parser sees it; only for small ones."""
    found: list[Statement] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python minds `1if x else y`, and reads it
        body = ast.parse(text.replace("^", "**")).body  # no generated string has this sign
    for statement in body:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            found.append(Assign(Name(target.id), converted(statement.value)))
        else:
            assert isinstance(statement, ast.Expr)
            found.append(converted(statement.value))
    return Program(tuple(found))


def converted(tree: ast.expr) -> Expression:
    match tree:
        case ast.Constant(value):
            if isinstance(value, str):
                return String(value)
            if value is None or value is ... or isinstance(value, bool):
                return Literal(value)
            assert isinstance(value, int | float)
            return Number(value)
        case ast.Name(name):
            return Name(name)
        case ast.List(items):
            return List(tuple(map(converted, items)))
        case ast.Tuple(items):
            return Tuple(tuple(map(converted, items)))
        case ast.Slice(start, stop, step):
            return Slice(optional(start), optional(stop), optional(step))
        case ast.UnaryOp(operator, operand):
            return Unary(UNARY[type(operator)], converted(operand))
        case ast.BinOp(left, operator, right):
            return Binary(BINARY[type(operator)], converted(left), converted(right))
        case ast.BoolOp(operator, values):
            joined, *others = map(converted, values)
            for other in others:
                word = "and" if isinstance(operator, ast.And) else "or"
                joined = Logical(word, joined, other)
            return joined
        case ast.Compare(left, operators, others):
            signs = tuple(COMPARE[type(operator)] for operator in operators)
            return Compare(signs, tuple(map(converted, [left, *others])))
        case ast.IfExp(test, then, otherwise):
            return Conditional(converted(test), converted(then), converted(otherwise))
        case ast.Call(function, arguments, keywords):
            called = converted(function)
            assert isinstance(called, Name | Attribute)
            named = [Keyword(part.arg or "**", converted(part.value)) for part in keywords]
            return Call(called, tuple(map(converted, arguments)), tuple(named))
        case ast.Attribute(value, name):
            return Attribute(converted(value), name)
        case ast.Subscript(value, index):
            return Subscript(converted(value), converted(index))
    raise AssertionError(ast.dump(tree))


def optional(tree: ast.expr | None) -> Expression | None:
    return None if tree is None else converted(tree)
