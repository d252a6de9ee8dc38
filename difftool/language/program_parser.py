"""What the rules of `grammar/program.lark` build: the statements and strings of programs.

`parser.parse_program` runs `driver`, whose tables also hold all rules of expressions; those build
here what they build there. `blocks` makes lines and blocks of a text, `formatted` takes formatted
strings apart, and `program_faults` says what is wrong with a text that is not of the language.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any, TypeAlias

from difftool.errors import DifftoolError, Span
from difftool.language import literals, parser
from difftool.language.blocks import BlockDriver
from difftool.language.formatted import assembled, formatted
from difftool.language.grammar import PROGRAMS, load_tables
from difftool.language.kinds import (
    Assign,
    Attribute,
    Expression,
    Keyword,
    List,
    Literal,
    Name,
    Number,
    Program,
    Statement,
    String,
    Subscript,
    Target,
    Tuple,
)
from difftool.language.lalr import Action, Driver, Rejected
from difftool.language.statements import (
    Assert,
    AugmentedAssign,
    Break,
    Continue,
    Delete,
    For,
    FormattedString,
    If,
    Import,
    Pass,
    While,
    With,
)

# What may be imported, with everything inside.
MODULES = frozenset(("torch", "numpy", "math", "__future__"))

OPERATORS = (
    *("add", "sub", "mul", "div", "floor_divide", "remainder", "matmul", "pow"),
    *("bitwise_and", "bitwise_or"),
)

NOTHING = String("")

Suite: TypeAlias = tuple[Statement, ...]


@cache
def driver() -> BlockDriver:
    """What parses programs."""
    return BlockDriver(load_tables(PROGRAMS), _actions())


def explain(text: str, driver: Driver, rejected: Rejected) -> DifftoolError:
    """The error for a text that the driver rejected."""
    from difftool.language.program_faults import explain

    return explain(text, driver, rejected)


def _actions() -> dict[str, Action]:
    actions = parser.expression_actions()
    actions |= {
        "program": _program,
        "field": lambda span, value: value,
        "suite": lambda span, *statements: _one_by_one(statements),
        "while": _while,
        "for": _for,
        "if": _if,
        "with": _with,
        "assign": _assign,
        "chained": _chained,
        "augmented": _augmented,
        "assert": lambda span, test, message: Assert(test, message, span),
        "delete": _delete,
        "import": lambda span, *modules: Import(None, modules, span),
        "import_from": _import_from,
        "module": _module,
        "imported": _imported,
        "path": _path,
        "pass": Pass,
        "break": Break,
        "continue": Continue,
        "name": _name,
        "attribute": _attribute,
        "keyword": _keyword,
        "string": _string,
        "formatted": lambda span, word: formatted(word, span, driver()),
        "piece": lambda span, word: (word, _string(span, word)),
        "formatted_piece": lambda span, word: (word, formatted(word, span, driver())),
        "joined": _joined,
    }
    for operator in OPERATORS:
        actions[f"assign_{operator}"] = _itself(operator)
    for operator in ("is", "is_not"):
        actions[operator] = _itself(operator)
    return actions


def _itself(word: str) -> Action:
    return lambda span: word


def _program(span: Span, *statements: Statement | Suite) -> Program:
    found = _one_by_one(statements)
    _check_loops(found)
    return Program(found, span)


def _one_by_one(statements: tuple[Statement | Suite, ...]) -> Suite:
    """The statements of some lines; of a chained assignment there are several."""
    found: list[Statement] = []
    for statement in statements:
        if isinstance(statement, tuple):
            found += statement
        else:
            found.append(statement)
    return tuple(found)


def _check_loops(statements: Suite) -> None:
    """Refuse `break` and `continue` where no loop is around them."""
    waiting = list(reversed(statements))
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, Break | Continue):
            from difftool.language.program_refusals import outside_loop

            raise outside_loop(statement)
        if isinstance(statement, With):
            waiting += reversed(statement.body)
        elif isinstance(statement, If):
            waiting += reversed(statement.otherwise)
            for _, body in reversed(statement.branches):
                waiting += reversed(body)


# ----- Blocks -----


def _around(span: Span, body: Suite) -> Span:
    """From where a statement begins to the end of its last word; `span` runs on to the next."""
    return Span(span.start, body[-1].span.end)


def _while(span: Span, test: Expression, body: Suite) -> While:
    return While(test, body, _around(span, body))


def _for(span: Span, target: Expression, iterable: Expression, body: Suite) -> For:
    return For(_target(target), iterable, body, _around(span, body))


def _if(span: Span, *parts: Any) -> If:
    tests, bodies, otherwise = parts[:-1:2], parts[1:-1:2], parts[-1]
    branches = tuple(zip(tests, bodies, strict=True))
    return If(branches, otherwise or (), _around(span, otherwise or bodies[-1]))


def _with(span: Span, *parts: Any) -> With:
    items, body = parts[:-1], parts[-1]
    if len(items) == 1 and isinstance(items[0], Tuple) and items[0].items:
        items = items[0].items  # the brackets of `with (a, b):` are around the list of items
    return With(items, body, _around(span, body))


# ----- Assignments -----


def _assign(span: Span, target: Expression, value: Expression) -> Assign:
    return Assign(_target(target), value, span)


def _chained(span: Span, *parts: Expression) -> Suite:
    """`a = b = value` as several statements that come to the same.

    A value that is written out is given to one target after the other. Any other is computed once,
    for the last name, and handed on from name to name; there only names will do, since finding the
    place of `x[i]` can depend on the order.
    """
    targets, value = parts[:-1], parts[-1]
    for target in targets:
        _target(target)
    if isinstance(value, Number | String | Literal):
        return tuple(
            Assign(_target(target), value, Span(target.span.start, span.end)) for target in targets
        )
    found: list[Statement] = []
    end = span.end
    for target in reversed(targets):
        if not isinstance(target, Name):
            from difftool.language.program_refusals import not_a_chained_target

            raise not_a_chained_target(target)
        found.append(Assign(target, value, Span(target.span.start, end)))
        value, end = target, target.span.end
    return tuple(found)


def _augmented(
    span: Span, target: Expression, operator: str, value: Expression
) -> AugmentedAssign:
    if not isinstance(target, Name | Attribute | Subscript):
        from difftool.language.program_refusals import not_a_single_target

        _target(target)
        raise not_a_single_target(target)
    return AugmentedAssign(operator, target, value, span)


def _delete(span: Span, target: Expression) -> Delete:
    return Delete(tuple(_single_targets(target, "deleted")), span)


def _target(target: Expression) -> Target:
    """The left side of an assignment, when all of it can be assigned."""
    _single_targets(target, "assigned")
    assert isinstance(target, Name | Attribute | Subscript | Tuple | List)
    return target


def _single_targets(target: Expression, purpose: str) -> list[Name | Attribute | Subscript]:
    """Everything a value is given to, from left to right, out of all tuples and lists."""
    found: list[Name | Attribute | Subscript] = []
    waiting = [target]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tuple | List):
            waiting += reversed(part.items)
        elif isinstance(part, Name | Attribute | Subscript):
            found.append(part)
        else:
            from difftool.language.program_refusals import not_a_target

            raise not_a_target(part, purpose)
    return found


# ----- Imports -----


def _import_from(span: Span, path: Name, *names: tuple[str, str | None]) -> Import:
    _check_module(path)
    return Import(path.name, names, span)


def _module(span: Span, path: Name, alias: str | None) -> tuple[str, str | None]:
    _check_module(path)
    return path.name, _alias(span, alias)


def _imported(span: Span, word: str, alias: str | None) -> tuple[str, str | None]:
    return _plain(word, Span(span.start, span.start + len(word))), _alias(span, alias)


def _alias(span: Span, word: str | None) -> str | None:
    return None if word is None else _plain(word, Span(span.end - len(word), span.end))


def _path(span: Span, *words: str) -> Name:
    """The dotted name of a module, as one name."""
    name = ".".join([_spelled(word, span) for word in words])
    if name != "__future__":
        for word in words:
            _plain(word, span)
    return Name(name, span)


def _check_module(path: Name) -> None:
    if path.name.partition(".")[0] not in MODULES:
        from difftool.language.program_refusals import unknown_module

        raise unknown_module(path.name, path.span)


# ----- Names and strings -----


def _spelled(word: str, span: Span) -> str:
    """The name that a word spells."""
    if word in literals.KEYWORDS:
        from difftool.language.program_refusals import keyword

        raise keyword(word, span)
    return word if word.isascii() else literals.name(word, span)


def _plain(word: str, span: Span) -> str:
    """The name that a word spells, if it is not one of Python's own, as `__class__` is."""
    name = _spelled(word, span)
    if name[0] == "_" and len(name) > 4 and name[:2] == name[-2:] == "__":
        from difftool.language.program_refusals import special_name

        raise special_name(name, span)
    return name


def _name(span: Span, word: str) -> Name:
    return Name(_plain(word, span), span)


def _attribute(span: Span, value: Expression, word: str) -> Attribute:
    return Attribute(value, _plain(word, Span(span.end - len(word), span.end)), span)


def _keyword(span: Span, word: str, value: Expression) -> Keyword:
    return Keyword(_plain(word, Span(span.start, span.start + len(word))), value, span)


def _string(span: Span, word: str) -> String:
    width = literals.quotes_of(word)
    return String(literals.unescaped(word[width:-width], span.start + width, prose=True), span)


def _joined(span: Span, *pieces: tuple[str, String | FormattedString]) -> Expression:
    """Strings side by side as one."""
    parts: list[Any] = []
    for (word, piece), (following, after) in pairwise((*pieces, ("", NOTHING))):
        if word[-2:] == following[:1] * 2 and len(word) < 4 and piece.span.end == after.span.start:
            from difftool.language.program_refusals import open_text

            # Three quotes whose others are missing were read as an empty string and another.
            raise open_text(word, Span(piece.span.start, span.end))
        parts += [piece.value] if isinstance(piece, String) else piece.parts
    return assembled(parts, span)
