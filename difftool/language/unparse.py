"""Syntax trees as text, in the normal form that tables and derivatives show.

`x + 2`, `3 * x`, `x^2`, `-x`, `a if c else b`, `f(x, dim=1)`, `x[0, :, 1:3]`; statements are joined
by "; ", or stand in lines where a program has more than names and expressions (the forms of these
are in `unparse_statements`). Brackets stand only where the precedence of the operators asks for
them, so what is printed parses back to the same tree.
"""

from __future__ import annotations

from typing import TypeAlias

from difftool.errors import Span
from difftool.language.kinds import (
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
    Tuple,
    Unary,
    is_step,
)
from difftool.language.tree import Tree

# How tightly an operation holds its operands, from the loosest to the tightest; Python's order.
LADDER = (
    ("conditional",),
    ("or",),
    ("and",),
    ("not",),
    ("compare",),
    ("bitwise_or",),
    ("bitwise_and",),
    ("add", "sub"),
    ("mul", "div", "floor_divide", "remainder", "matmul"),
    ("neg", "pos", "invert"),
    ("pow",),
    ("call", "attribute", "subscript"),
)
PRECEDENCE = {name: level for level, names in enumerate(LADDER) for name in names}
ANY = 0
TIGHTEST = len(LADDER)
BARE = -1  # of the tuple in an index, which stands there without brackets

SIGNS = {
    "conditional": "if",
    "or": "or",
    "and": "and",
    "not": "not ",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
    "is": "is",
    "is_not": "is not",
    "bitwise_or": "|",
    "bitwise_and": "&",
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "floor_divide": "//",
    "remainder": "%",
    "matmul": "@",
    "neg": "-",
    "pos": "+",
    "invert": "~",
    "pow": "^",
}


class Printed:
    """A part that is printed already, because its text decides what stands around it.

    Attributes:
        text: the part.
        places: for spans in it, the start and end of their text in `text`.
        fits: whether it reads as what it was printed for; a string may need quotes that it stands
            in already.
    """

    __slots__ = ("text", "places", "fits")

    def __init__(
        self, text: str, places: dict[Span, tuple[int, int]], fits: bool = True
    ) -> None:
        self.text = text
        self.places = places
        self.fits = fits


# What is printed for a node: text, and nodes, each with the level below which it needs brackets. A
# number moves the margin of the lines that follow, which begin after each piece that is LINE.
Piece: TypeAlias = str | int | Printed | tuple[Tree, int]
LINE = "\n"
STEP = "    "

# The quotes around what is printed, from the outermost, which can't stand in it as they are.
Quotes: TypeAlias = tuple[str, ...]


def unparse(tree: Tree) -> str:
    """The text of a tree in normal form."""
    return printed(tree).text


def unparse_program(program: Program) -> tuple[str, dict[Span, tuple[int, int]]]:
    """The text of a program in normal form, and where the text of each of its parts is.

    Returns:
        the text, and for the span of each statement and expression, as it was typed, the start and
        end of the same in the text, without brackets around it.
    """
    whole = printed(program)
    return whole.text, whole.places


def printed(tree: Tree, quotes: Quotes = ()) -> Printed:
    """A tree in normal form; `quotes` are those it stands in, as a value of formatted strings."""
    text: list[str] = []
    length = depth = 0
    fits = True
    places: dict[Span, tuple[int, int]] = {}
    # Besides pieces there are spans here: under each node's pieces its own span, reached when they
    # are printed, with the place where its text began.
    waiting: list[Piece | tuple[Span, int]] = [(tree, ANY)]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            if piece == LINE:
                piece += STEP * depth
            text.append(piece)
            length += len(piece)
            continue
        if isinstance(piece, int):
            depth += piece
            continue
        if isinstance(piece, Printed):
            text.append(piece.text)
            for span, (start, end) in piece.places.items():
                places[span] = (length + start, length + end)
            length += len(piece.text)
            fits &= piece.fits
            continue
        if isinstance(piece[0], Span):
            span, start = piece
            places[span] = (start, length)
            continue
        node, level = piece
        if level > ANY and _level(node) < level:
            text.append("(")
            length += 1
            waiting.append(")")
        if not isinstance(node, Program):
            waiting.append((node.span, length))
        pieces = _pieces(node, level, quotes)
        pieces.reverse()
        waiting += pieces
    return Printed("".join(text), places, fits)


def _level(node: Tree) -> int:
    """How tightly a node holds its parts together."""
    match node:
        case Binary(operator) | Unary(operator) | Logical(operator):
            return PRECEDENCE[operator]
        case Compare():
            return PRECEDENCE["compare"]
        case Conditional():
            return PRECEDENCE["conditional"]
        case Number() if _number(node.value).startswith("-"):
            return PRECEDENCE["neg"]
        case _:
            return TIGHTEST


def _pieces(node: Tree, level: int, quotes: Quotes) -> list[Piece]:
    """What is printed for a node, from left to right."""
    match node:
        case Name():
            return [node.name]
        case Number():
            return [_number(node.value)]
        case Binary("pow", base, exponent):
            return [(base, PRECEDENCE["call"]), "^", (exponent, PRECEDENCE["neg"])]
        case Binary(operator, left, right) | Logical(operator, left, right):
            own = PRECEDENCE[operator]
            return [(left, own), f" {SIGNS[operator]} ", (right, own + 1)]
        case Unary(operator, operand):
            return [SIGNS[operator], (operand, PRECEDENCE[operator])]
        case Call(function, arguments, keywords):
            return [(function, ANY), "(", *joined((*arguments, *keywords)), ")"]
        case Keyword(name, value):
            return [f"{name}=", (value, ANY)]
        case Attribute(value, name):
            # After the digits of a number a dot would begin its decimals.
            own = TIGHTEST + 1 if isinstance(value, Number) else PRECEDENCE["attribute"]
            return [(value, own), f".{name}"]
        case Subscript(value, index):
            bare = isinstance(index, Tuple) and index.items
            return [
                (value, PRECEDENCE["subscript"]),
                "[",
                (index, BARE if bare else ANY),
                "]",
            ]
        case List(items):
            return ["[", *joined(items), "]"]
        case Tuple(items):
            inside = [*joined(items), ","] if len(items) == 1 else joined(items)
            return inside if level == BARE else ["(", *inside, ")"]
        case Slice(start, stop, step):
            ends: list[Piece] = [] if start is None else [(start, ANY)]
            ends.append(":")
            if stop is not None:
                ends.append((stop, ANY))
            return ends if step is None else [*ends, ":", (step, ANY)]
        case Compare(operators, operands):
            own = PRECEDENCE["compare"] + 1
            chain: list[Piece] = [(operands[0], own)]
            for operator, operand in zip(operators, operands[1:], strict=True):
                chain += [f" {SIGNS[operator]} ", (operand, own)]
            return chain
        case Conditional(test, then, otherwise):
            own = PRECEDENCE["conditional"]
            return [
                (then, own + 1),
                " if ",
                (test, own + 1),
                " else ",
                (otherwise, own),
            ]
        case String(value) if not quotes:
            return [repr(value)]
        case Literal(value):
            return ["..." if value is ... else repr(value)]
        case Assign(target, value):
            bare = isinstance(target, Tuple) and target.items
            return [(target, BARE if bare else ANY), " = ", (value, ANY)]
        case Program(statements):
            return joined(statements, "; " if all(map(is_step, statements)) else LINE)
    from difftool.language import unparse_statements

    return unparse_statements.pieces(node, quotes)


def joined(nodes: tuple[Tree, ...], between: str = ", ") -> list[Piece]:
    pieces: list[Piece] = []
    for node in nodes:
        if pieces:
            pieces.append(between)
        pieces.append((node, ANY))
    return pieces


def _number(value: int | float) -> str:
    """The shortest text that reads as exactly this number; `inf` and `nan` are the constants."""
    return float.__repr__(value) if isinstance(value, float) else repr(value)
