"""The syntax tree: what the parser makes of a text, the interpreter runs and other rooms read.

The nodes (`kinds`) are frozen. Two are equal when they mean the same, wherever they stand: equality
and hash leave spans out. `unparse` turns a tree back into text; `free_names` says what must be
known before a program can run.

A span covers a node's own text. Brackets around an expression belong to what encloses it: in
`(a + b) * c` the sum spans `a + b` and the product the whole text. A caret thus points at the
operands that matter, and no two expressions of one text have the same span.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
    Target,
    Tuple,
    Unary,
    is_step,
)
from difftool.language.tree import NOWHERE, Tree
from difftool.language.unparse import unparse, unparse_program

if TYPE_CHECKING:
    from difftool.language.statements import (
        Assert,
        AugmentedAssign,
        Break,
        Continue,
        Delete,
        For,
        FormattedString,
        FormattedValue,
        If,
        Import,
        Pass,
        While,
        With,
    )

__all__ = [
    "NOWHERE",
    "Assert",
    "Assign",
    "Attribute",
    "AugmentedAssign",
    "Binary",
    "Break",
    "Call",
    "Compare",
    "Conditional",
    "Continue",
    "Delete",
    "Expression",
    "For",
    "FormattedString",
    "FormattedValue",
    "If",
    "Import",
    "Keyword",
    "List",
    "Literal",
    "Logical",
    "Name",
    "Number",
    "Pass",
    "Program",
    "Slice",
    "Statement",
    "String",
    "Subscript",
    "Target",
    "Tree",
    "Tuple",
    "Unary",
    "While",
    "With",
    "free_names",
    "unparse",
    "unparse_program",
]

# The first names of dotted ones such as `torch.mean` and `np.pi`.
MODULES = frozenset(
    ("torch", "np", "numpy", "math", "F", "nn", "functional", "linalg", "special", "Tensor")
)

# No module has these: in `F.T` the F is a matrix.
OF_TENSORS = frozenset(
    ("T", "mT", "shape", "ndim", "dtype", "grad", "grad_fn", "requires_grad", "data")
)


def __getattr__(name: str) -> Any:
    """The kinds that only programs have: loaded when they are asked for, not with expressions."""
    if name in __all__:
        from difftool.language import statements

        return getattr(statements, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def free_names(program: Program) -> tuple[str, ...]:
    """The names a program reads before it assigns them, in order of appearance.

    Constants and dtypes count (the user may bind `e`); what is called (`mean` in `mean(z)`) and
    the module in a dotted name (`torch` in `torch.pi`) do not. `names` says what it means where
    there are loops and branches.
    """
    if not all(map(is_step, program.statements)):
        from difftool.language.names import names_of_program

        return names_of_program(program.statements)
    found: dict[str, None] = {}
    assigned: set[str] = set()
    for statement in program.statements:
        value = statement.value if isinstance(statement, Assign) else statement
        for name in names_read(value):
            if name not in assigned:
                found[name] = None
        if isinstance(statement, Assign):
            assigned.update(names_read(statement.target))
    return tuple(found)


def names_read(expression: Tree) -> Iterator[str]:
    """The variables of an expression, from left to right, each as often as it stands there."""
    waiting: list[object] = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Name):
            yield part.name
        elif isinstance(part, Call):
            waiting += reversed((*part.arguments, *part.keywords))
            if isinstance(part.function, Attribute):
                waiting.append(part.function)
        elif isinstance(part, Attribute):
            value = part.value
            of_module = isinstance(value, Name) and value.name in MODULES
            if not of_module or part.name in OF_TENSORS:
                waiting.append(value)
        elif isinstance(part, Conditional):
            waiting += (part.otherwise, part.test, part.then)
        elif isinstance(part, Tree):
            waiting += [getattr(part, name) for name in reversed(part.__match_args__)]
        elif isinstance(part, tuple):
            waiting += reversed(part)
