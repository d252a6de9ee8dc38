"""Programs as Python's own parser reads them, as difftool's trees: the second opinion in tests."""

from __future__ import annotations

import ast
import warnings

from difftool.language.syntax import (
    Assert,
    Assign,
    Attribute,
    AugmentedAssign,
    Binary,
    Break,
    Call,
    Compare,
    Conditional,
    Continue,
    Delete,
    Expression,
    For,
    FormattedString,
    FormattedValue,
    If,
    Import,
    Keyword,
    List,
    Literal,
    Logical,
    Name,
    Number,
    Pass,
    Program,
    Slice,
    Statement,
    String,
    Subscript,
    Target,
    Tuple,
    Unary,
    While,
    With,
)
from tests.language.test_round_trip import BINARY, COMPARE, UNARY

COMPARISONS = {**COMPARE, ast.Is: "is", ast.IsNot: "is_not"}


def python_reads(text: str) -> bool:
    """Whether Python's parser accepts a text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
    return True


def from_python(text: str) -> Program:
    """The program that Python's parser reads, with `**` for `^`; only for small ones."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python minds `3 is x` and `assert (x, y)`, and reads them
        tree = ast.parse(text.replace("^", "**"))
    return Program(_block(tree.body))


def _block(body: list[ast.stmt]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for part in body:
        if isinstance(part, ast.Assign) and len(part.targets) > 1:
            found += _chained(part)
        else:
            found.append(_statement(part))
    return tuple(found)


def _chained(part: ast.Assign) -> list[Statement]:
    targets, value = [_target(one) for one in part.targets], _value(part.value)
    if isinstance(value, Number | String | Literal):
        return [Assign(target, value) for target in targets]
    assert all(isinstance(target, Name) for target in targets)
    given = [*targets[1:], value]
    return [Assign(*pair) for pair in reversed(list(zip(targets, given, strict=True)))]


def _statement(part: ast.stmt) -> Statement:
    match part:
        case ast.Assign([target], value):
            return Assign(_target(target), _value(value))
        case ast.AugAssign(target, operator, value):
            (place,) = _single(_target(target))
            return AugmentedAssign(BINARY[type(operator)], place, _value(value))
        case ast.While(test, body, []):
            return While(_value(test), _block(body))
        case ast.For(target, iterable, body, []):
            return For(_target(target), _value(iterable), _block(body))
        case ast.If():
            return _choice(part)
        case ast.With(items, body):
            assert all(item.optional_vars is None for item in items)
            values = tuple(_value(item.context_expr) for item in items)
            return With(values, _block(body))
        case ast.Assert(test, message):
            return Assert(_value(test), None if message is None else _value(message))
        case ast.Delete(targets):
            return Delete(tuple(one for target in targets for one in _single(_target(target))))
        case ast.Import(names):
            return Import(None, tuple((name.name, name.asname) for name in names))
        case ast.ImportFrom(module, names, 0):
            return Import(module, tuple((name.name, name.asname) for name in names))
        case ast.Pass():
            return Pass()
        case ast.Break():
            return Break()
        case ast.Continue():
            return Continue()
        case ast.Expr(value):
            return _value(value)
    raise AssertionError(ast.dump(part))


def _choice(part: ast.If) -> If:
    branches = [(_value(part.test), _block(part.body))]
    otherwise = part.orelse
    while len(otherwise) == 1:
        (following,) = otherwise
        # An `if` in the block of an `else` is no `elif`: that one stands where its own `if` does.
        if not isinstance(following, ast.If) or following.col_offset != part.col_offset:
            break
        branches.append((_value(following.test), _block(following.body)))
        otherwise = following.orelse
    return If(tuple(branches), _block(otherwise))


def _target(tree: ast.expr) -> Target:
    found = _value(tree)
    assert isinstance(found, Name | Attribute | Subscript | Tuple | List)
    return found


def _single(target: Expression) -> list[Name | Attribute | Subscript]:
    if isinstance(target, Tuple | List):
        return [one for item in target.items for one in _single(item)]
    assert isinstance(target, Name | Attribute | Subscript)
    return [target]


def _value(tree: ast.expr) -> Expression:
    match tree:
        case ast.Constant(str(value)):
            return String(value)
        case ast.Constant(value) if value is None or value is ... or isinstance(value, bool):
            return Literal(value)
        case ast.Constant(int(value) | float(value)):
            return Number(value)
        case ast.JoinedStr(values):
            return _formatted(values)
        case ast.Name(name):
            return Name(name)
        case ast.List(items):
            return List(_values(items))
        case ast.Tuple(items):
            return Tuple(_values(items))
        case ast.Slice(start, stop, step):
            first, last, by = (None if one is None else _value(one) for one in (start, stop, step))
            return Slice(first, last, by)
        case ast.UnaryOp(operator, operand):
            return Unary(UNARY[type(operator)], _value(operand))
        case ast.BinOp(left, operation, right):
            return Binary(BINARY[type(operation)], _value(left), _value(right))
        case ast.BoolOp(connective, operands):
            joined, *others = _values(operands)
            for other in others:
                word = "and" if isinstance(connective, ast.And) else "or"
                joined = Logical(word, joined, other)
            return joined
        case ast.Compare(left, comparisons, others):
            signs = tuple(COMPARISONS[type(comparison)] for comparison in comparisons)
            return Compare(signs, (_value(left), *_values(others)))
        case ast.IfExp(test, then, otherwise):
            return Conditional(_value(test), _value(then), _value(otherwise))
        case ast.Call(function, arguments, keywords):
            called = _value(function)
            assert isinstance(called, Name | Attribute)
            named = tuple(Keyword(part.arg or "**", _value(part.value)) for part in keywords)
            return Call(called, _values(arguments), named)
        case ast.Attribute(value, name):
            return Attribute(_value(value), name)
        case ast.Subscript(value, index):
            return Subscript(_value(value), _value(index))
    raise AssertionError(ast.dump(tree))


def _values(trees: list[ast.expr]) -> tuple[Expression, ...]:
    return tuple(map(_value, trees))


def _formatted(values: list[ast.expr]) -> String | FormattedString:
    parts: list[str | FormattedValue] = []
    for value in values:
        if isinstance(value, ast.FormattedValue):
            conversion = None if value.conversion < 0 else chr(value.conversion)
            parts.append(FormattedValue(_value(value.value), conversion, _format(value)))
        else:
            assert isinstance(value, ast.Constant)
            parts.append(str(value.value))
    if not any(isinstance(part, FormattedValue) for part in parts):
        return String("".join(map(str, parts)))
    return FormattedString(tuple(parts))


def _format(value: ast.FormattedValue) -> str | FormattedString | None:
    if value.format_spec is None:
        return None
    assert isinstance(value.format_spec, ast.JoinedStr)
    found = _formatted(value.format_spec.values)
    return found.value if isinstance(found, String) else found
