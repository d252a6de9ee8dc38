"""The kinds of node in a syntax tree: one class for each form of an expression.

`parser` builds them; `syntax` hands them to the rooms that read them, and says what spans mean.
What all kinds have in common is in `tree`; the forms that only programs have are in `statements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from difftool.errors import Span
from difftool.language.tree import NOWHERE, Tree, write

if TYPE_CHECKING:
    from types import EllipsisType

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


class Number(Tree):
    """A number as written, before it has a dtype: `3`, `2.5`."""

    __slots__ = __match_args__ = ("value",)
    value: int | float

    def __init__(self, value: int | float, span: Span = NOWHERE) -> None:
        write(self, "value", value)
        write(self, "span", span)


class String(Tree):
    """A text in quotes, which names a mode: `'mean'`, `'ij,jk->ik'`."""

    __slots__ = __match_args__ = ("value",)
    value: str

    def __init__(self, value: str, span: Span = NOWHERE) -> None:
        write(self, "value", value)
        write(self, "span", span)


class Literal(Tree):
    """`True`, `False`, `None` or `...`; the value is Python's own."""

    __slots__ = __match_args__ = ("value",)
    value: bool | EllipsisType | None

    def __init__(self, value: bool | EllipsisType | None, span: Span = NOWHERE) -> None:
        write(self, "value", value)
        write(self, "span", span)


class Name(Tree):
    """A variable, a constant, a dtype or a function, by its name."""

    __slots__ = __match_args__ = ("name",)
    name: str

    def __init__(self, name: str, span: Span = NOWHERE) -> None:
        write(self, "name", name)
        write(self, "span", span)


class List(Tree):
    """`[a, b]`: a tensor by its rows, or a list of sizes, indices or tensors."""

    __slots__ = __match_args__ = ("items",)
    items: tuple[Expression, ...]

    def __init__(self, items: tuple[Expression, ...], span: Span = NOWHERE) -> None:
        write(self, "items", items)
        write(self, "span", span)


class Tuple(Tree):
    """`(a, b)`, or what stands between the brackets of `x[a, b:c]`: slices stand only there."""

    __slots__ = __match_args__ = ("items",)
    items: tuple[Expression, ...]

    def __init__(self, items: tuple[Expression, ...], span: Span = NOWHERE) -> None:
        write(self, "items", items)
        write(self, "span", span)


class Slice(Tree):
    """`start:stop:step` in an index; what was left out is None."""

    __slots__ = __match_args__ = ("start", "stop", "step")
    start: Expression | None
    stop: Expression | None
    step: Expression | None

    def __init__(
        self,
        start: Expression | None,
        stop: Expression | None,
        step: Expression | None,
        span: Span = NOWHERE,
    ) -> None:
        write(self, "start", start)
        write(self, "stop", stop)
        write(self, "step", step)
        write(self, "span", span)


class Unary(Tree):
    """An operator before its operand: "neg", "pos", "invert" or "not"."""

    __slots__ = __match_args__ = ("operator", "operand")
    operator: str
    operand: Expression

    def __init__(self, operator: str, operand: Expression, span: Span = NOWHERE) -> None:
        write(self, "operator", operator)
        write(self, "operand", operand)
        write(self, "span", span)


class Binary(Tree):
    """An operator between two operands: "add", "sub", "mul", "div", "floor_divide", "remainder",
    "matmul", "pow", "bitwise_and" or "bitwise_or"."""

    __slots__ = __match_args__ = ("operator", "left", "right")
    operator: str
    left: Expression
    right: Expression

    def __init__(
        self, operator: str, left: Expression, right: Expression, span: Span = NOWHERE
    ) -> None:
        write(self, "operator", operator)
        write(self, "left", left)
        write(self, "right", right)
        write(self, "span", span)


class Compare(Tree):
    """A chain such as `a < b <= c`: operators "lt", "le", "gt", "ge", "eq", "ne", in programs also
    "is" and "is_not", and one operand more; it means `a < b and b <= c`."""

    __slots__ = __match_args__ = ("operators", "operands")
    operators: tuple[str, ...]
    operands: tuple[Expression, ...]

    def __init__(
        self, operators: tuple[str, ...], operands: tuple[Expression, ...], span: Span = NOWHERE
    ) -> None:
        write(self, "operators", operators)
        write(self, "operands", operands)
        write(self, "span", span)


class Logical(Tree):
    """`left and right`, `left or right`: the right side is looked at only if it decides."""

    __slots__ = __match_args__ = ("operator", "left", "right")
    operator: str
    left: Expression
    right: Expression

    def __init__(
        self, operator: str, left: Expression, right: Expression, span: Span = NOWHERE
    ) -> None:
        write(self, "operator", operator)
        write(self, "left", left)
        write(self, "right", right)
        write(self, "span", span)


class Conditional(Tree):
    """`then if test else otherwise`."""

    __slots__ = __match_args__ = ("test", "then", "otherwise")
    test: Expression
    then: Expression
    otherwise: Expression

    def __init__(
        self, test: Expression, then: Expression, otherwise: Expression, span: Span = NOWHERE
    ) -> None:
        write(self, "test", test)
        write(self, "then", then)
        write(self, "otherwise", otherwise)
        write(self, "span", span)


class Keyword(Tree):
    """`name=value` among the arguments of a call."""

    __slots__ = __match_args__ = ("name", "value")
    name: str
    value: Expression

    def __init__(self, name: str, value: Expression, span: Span = NOWHERE) -> None:
        write(self, "name", name)
        write(self, "value", value)
        write(self, "span", span)


class Call(Tree):
    """`function(arguments, keywords)`; the function is a `Name` or an `Attribute`."""

    __slots__ = __match_args__ = ("function", "arguments", "keywords")
    function: Name | Attribute
    arguments: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]

    def __init__(
        self,
        function: Name | Attribute,
        arguments: tuple[Expression, ...],
        keywords: tuple[Keyword, ...],
        span: Span = NOWHERE,
    ) -> None:
        write(self, "function", function)
        write(self, "arguments", arguments)
        write(self, "keywords", keywords)
        write(self, "span", span)


class Attribute(Tree):
    """`value.name`: of a tensor, or of a module as in `torch.mean`."""

    __slots__ = __match_args__ = ("value", "name")
    value: Expression
    name: str

    def __init__(self, value: Expression, name: str, span: Span = NOWHERE) -> None:
        write(self, "value", value)
        write(self, "name", name)
        write(self, "span", span)


class Subscript(Tree):
    """`value[index]`; with a comma between the brackets the index is a `Tuple`."""

    __slots__ = __match_args__ = ("value", "index")
    value: Expression
    index: Expression

    def __init__(self, value: Expression, index: Expression, span: Span = NOWHERE) -> None:
        write(self, "value", value)
        write(self, "index", index)
        write(self, "span", span)


class Assign(Tree):
    """`target = value`; the target is a `Name`, and in programs anything that can be assigned."""

    __slots__ = __match_args__ = ("target", "value")
    target: Target
    value: Expression

    def __init__(self, target: Target, value: Expression, span: Span = NOWHERE) -> None:
        write(self, "target", target)
        write(self, "value", value)
        write(self, "span", span)


class Program(Tree):
    """The statements of a text in order; an expression is a statement, and the last one's value
    is the output."""

    __slots__ = __match_args__ = ("statements",)
    statements: tuple[Statement, ...]

    def __init__(self, statements: tuple[Statement, ...], span: Span = NOWHERE) -> None:
        write(self, "statements", statements)
        write(self, "span", span)


# Texts, because some of the classes are in a module that expressions don't need.
Expression: TypeAlias = (
    "Number | String | Literal | Name | List | Tuple | Slice | Unary | Binary | Compare | Logical"
    " | Conditional | Call | Attribute | Subscript | FormattedString"
)
Target: TypeAlias = "Name | Attribute | Subscript | Tuple | List"
Statement: TypeAlias = (
    "Expression | Assign | AugmentedAssign | While | For | If | With | Assert | Delete | Import"
    " | Pass | Break | Continue"
)

_OF_EXPRESSIONS = (
    *(Number, String, Literal, Name, List, Tuple, Slice, Unary, Binary, Compare, Logical),
    *(Conditional, Call, Attribute, Subscript),
)


def is_step(statement: Tree) -> bool:
    """Whether it is a statement that expression programs have: an expression, or `name = value`."""
    if isinstance(statement, Assign):
        return isinstance(statement.target, Name)
    return isinstance(statement, _OF_EXPRESSIONS)
