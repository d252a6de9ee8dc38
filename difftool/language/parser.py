"""The parser: a text becomes a syntax tree, or a `DifftoolError` that says where and why not.

`grammar` supplies the parse tables, `lalr` runs them, and the actions here, one for each name in
`grammar/expression.lark`, build the tree bottom-up as rules are recognised: there is no parse tree
in between and no recursion. What a text that is not of the language should have been is worked out
by `faults`, which is loaded only then. The statements of programs are in `program_parser`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from difftool.collector import collector_paused
from difftool.errors import DifftoolError, Span
from difftool.language import literals
from difftool.language.grammar import load_tables
from difftool.language.kinds import (
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
)
from difftool.language.lalr import Action, Driver, Rejected

Explanation: TypeAlias = Callable[[str, Driver, Rejected], DifftoolError]


def parse(text: str, place: str | None = None) -> Program:
    """The syntax tree of an expression, or of several statements.

    Args:
        text: what the user typed; the spans of the tree count in it.
        place: where it stands when it is not the expression of the request ("--x").

    Raises:
        DifftoolError: of kind "syntax", with the place in the text and the way out.
    """
    return read(text, place, _driver(), _explain)


def parse_program(text: str, place: str | None = None) -> Program:
    """The syntax tree of a program, with everything that Python's lines and blocks allow.

    Args:
        text: the whole file; the spans of the tree count in it.
        place: what the text is called in errors (its file's name).

    Raises:
        DifftoolError: of kind "syntax", or "limit" if blocks stand too deep inside each other.
    """
    from difftool.language import program_parser

    return read(text, place, program_parser.driver(), program_parser.explain)


@collector_paused
def read(text: str, place: str | None, driver: Driver, explain: Explanation) -> Program:
    """What a driver makes of a text; `explain` says what is wrong with one that it rejects."""
    try:
        if not text.isascii() or "\0" in text:
            from difftool.language.refusals import check_encoding

            check_encoding(text)
        program = driver.parse(text)
    except Rejected as rejected:
        raise explain(text, driver, rejected).at(None, text, place) from None
    except DifftoolError as error:
        error.at(None, text, place)
        raise
    assert isinstance(program, Program)
    return program


@cache
def _driver() -> Driver:
    return Driver(load_tables(), expression_actions())


def _explain(text: str, driver: Driver, rejected: Rejected) -> DifftoolError:
    from difftool.language.faults import explain

    return explain(text, driver, rejected)


def expression_actions() -> dict[str, Action]:
    """What is done for each name of the grammar, given the rule's span and its parts."""
    actions: dict[str, Action] = {
        "program": _program,
        "assign": _assign,
        "conditional": _conditional,
        "compare": _compare,
        "attribute": _attribute,
        "call": _call,
        "keyword": _keyword,
        "subscript": _subscript,
        "slice": _slice,
        "tuple": _tuple,
        "list": _list,
        "name": _name,
        "number": _number,
        "string": _string,
        "true": lambda span: Literal(True, span),
        "false": lambda span: Literal(False, span),
        "none": lambda span: Literal(None, span),
        "ellipsis": lambda span: Literal(..., span),
    }
    for operator in ("add", "sub", "mul", "div", "floor_divide", "remainder", "matmul", "pow"):
        actions[operator] = _binary(operator)
    for operator in ("bitwise_and", "bitwise_or"):
        actions[operator] = _binary(operator)
    for operator in ("neg", "pos", "invert", "not"):
        actions[operator] = _unary(operator)
    for operator in ("and", "or"):
        actions[operator] = _logical(operator)
    for operator in ("lt", "le", "gt", "ge", "eq", "ne"):
        actions[operator] = _itself(operator)
    return actions


def _binary(operator: str) -> Callable[[Span, Expression, Expression], Binary]:
    return lambda span, left, right: Binary(operator, left, right, span)


def _unary(operator: str) -> Callable[[Span, Expression], Unary]:
    return lambda span, operand: Unary(operator, operand, span)


def _logical(operator: str) -> Callable[[Span, Expression, Expression], Logical]:
    return lambda span, left, right: Logical(operator, left, right, span)


def _itself(operator: str) -> Callable[[Span], str]:
    return lambda span: operator


def _program(span: Span, *statements: Statement) -> Program:
    return Program(statements, span)


def _assign(span: Span, target: Name, value: Expression) -> Assign:
    return Assign(target, value, span)


def _conditional(
    span: Span, then: Expression, test: Expression, otherwise: Expression
) -> Conditional:
    return Conditional(test, then, otherwise, span)


def _compare(span: Span, first: Expression, *rest: str | Expression) -> Compare:
    operators = tuple(part for part in rest if isinstance(part, str))
    operands = tuple(part for part in rest if not isinstance(part, str))
    return Compare(operators, (first, *operands), span)


def _attribute(span: Span, value: Expression, word: str) -> Attribute:
    name = literals.name(word, Span(span.end - len(word), span.end))
    return Attribute(value, name, span)


def _call(span: Span, function: Expression, *arguments: Expression | Keyword) -> Call:
    if not isinstance(function, Name | Attribute):
        from difftool.language.refusals import not_callable

        raise not_callable(function, arguments, span)
    given = tuple(part for part in arguments if not isinstance(part, Keyword))
    keywords: tuple[Keyword, ...] = ()
    if len(given) < len(arguments):
        from difftool.language.refusals import check_keywords

        check_keywords(arguments)
        keywords = tuple(part for part in arguments if isinstance(part, Keyword))
    return Call(function, given, keywords, span)


def _keyword(span: Span, word: str, value: Expression) -> Keyword:
    return Keyword(literals.name(word, Span(span.start, span.start + len(word))), value, span)


def _subscript(span: Span, value: Expression, index: Expression | Slice) -> Subscript:
    return Subscript(value, index, span)


def _slice(
    span: Span, start: Expression | None, stop: Expression | None, step: Expression | None
) -> Slice:
    return Slice(start, stop, step, span)


def _tuple(span: Span, *items: Expression | Slice) -> Tuple:
    return Tuple(items, span)


def _list(span: Span, *items: Expression) -> List:
    return List(items, span)


def _name(span: Span, word: str) -> Name:
    return Name(literals.name(word, span), span)


def _number(span: Span, word: str) -> Number:
    return Number(literals.number(word, span), span)


def _string(span: Span, word: str) -> String:
    return String(literals.string(word, span), span)
