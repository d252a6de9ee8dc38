"""Sums, differences and products, and what the operators of the language and of `Node` mean.

`division` holds quotients and remainders, `power` holds `^`. A Python number stays one up to the
operators at the end of this module, because PyTorch's graph depends on it (`2 - x` is not the node
that `tensor(2.) - x` is).

In a rule, `g` is the gradient of the result; the derivative walk sums over broadcast dimensions.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, is_float
from difftool.graph.node import OPERATORS, Node, Number, Operand
from difftool.operations.declare import (
    Infer,
    by_factor,
    elementwise,
    numeric,
    overwriting,
    promoted,
)
from difftool.operations.registry import Type, composite, constant, number_of, ops
from difftool.operations.shapes import refuse_booleans


def _difference(*inputs: Node) -> Type:
    """Promoted operands, none of which is boolean."""
    if any([node.dtype == boolean for node in inputs]):
        raise DifftoolError(
            "- is not defined for booleans",
            kind="dtype",
            hint="use ~ for the opposite of a mask, != for a difference, or convert with .double()",
        )
    return promoted(*inputs)


# ----- Sums and differences -----


def _scaled(infer: Infer) -> Infer:
    """The type of a function with `alpha`, a factor that is a parameter only if it isn't 1."""

    def infer_scaled(x: Node, y: Node, **scale: Number) -> Type:
        type_ = infer(x, y)
        if not scale:
            return type_
        alpha = scale["alpha"]
        if isinstance(alpha, float) and not is_float(type_.dtype):
            raise DifftoolError(
                f"alpha must be a whole number for integers, not {alpha!r}",
                kind="argument",
                hint="multiply the tensor itself, or convert it with .double()",
            )
        return type_._replace(parameters={} if alpha == 1 else {"alpha": alpha})

    return infer_scaled


def _scratch(node: Node) -> float:
    """The operand times alpha."""
    return 0 if node.parameters.get("alpha", 1) == 1 else 1


add = elementwise(
    ("add(input, other, *, alpha: Number = 1)", "add(input, alpha: Number, other)"),
    overwriting(lambda x, y, alpha=1, out=None: np.add(x, by_factor(y, alpha), out=out)),
    (
        lambda g, out, x, y, alpha=1: g,
        lambda g, out, x, y, alpha=1: by_factor(g, alpha),
    ),
    infer=_scaled(promoted),
    scratch=_scratch,
    meaning="Sum, element by element: x + alpha * y.",
    example="add([1, 2], [10, 20])",
    latex="{} + {}",
)

sub = elementwise(
    ("sub(input, other, *, alpha: Number = 1)", "sub(input, alpha: Number, other)"),
    overwriting(lambda x, y, alpha=1, out=None: np.subtract(x, by_factor(y, alpha), out=out)),
    (
        lambda g, out, x, y, alpha=1: g,
        lambda g, out, x, y, alpha=1: by_factor(-g, alpha),
    ),
    infer=_scaled(_difference),
    scratch=_scratch,
    aliases=("subtract",),
    meaning="Difference, element by element: x - alpha * y.",
    example="sub([10, 20], [1, 2])",
    latex="{} - {}",
)

rsub = elementwise(
    "rsub(input, other, *, alpha: Number = 1)",
    overwriting(lambda x, y, alpha=1, out=None: np.subtract(y, by_factor(x, alpha), out=out)),
    (
        lambda g, out, x, y, alpha=1: by_factor(-g, alpha),
        lambda g, out, x, y, alpha=1: g,
    ),
    infer=_scaled(_difference),
    scratch=_scratch,
    grad_fn=lambda node: (
        "RsubBackward0" if number_of(node.inputs[1]) is None else "RsubBackward1"
    ),
    meaning="Difference the other way round: y - alpha * x; what `2 - x` makes.",
    example="rsub([1, 2], 10)",
    latex="{1} - {0}",
)

neg = elementwise(
    "neg(input)",
    np.negative,
    (lambda g, out, x: -g,),
    infer=numeric("-"),
    aliases=("negative",),
    meaning="-x.",
    example="neg([1, -2])",
    latex="-{}",
)


@composite("positive(input)", example="positive([1, -2])")
def positive(input: Node) -> Node:
    """+x, which is x itself."""
    refuse_booleans("+", input)
    return input


mul = elementwise(
    "mul(input, other)",
    np.multiply,
    (lambda g, out, x, y: g * y, lambda g, out, x, y: g * x),
    infer=promoted,
    aliases=("multiply",),
    meaning="Product, element by element: x * y.",
    example="mul([1, 2], [10, 20])",
    latex=r"{} \cdot {}",
)

# ----- What the operators mean -----


def _tensor(value: Operand) -> Node:
    return value if isinstance(value, Node) else constant(value)


def _add(x: Operand, y: Operand) -> Node:
    """`2 + x` is x + 2 in PyTorch."""
    return add(x, y) if isinstance(x, Node) else add(y, x)


def _subtract(x: Operand, y: Operand) -> Node:
    """`2 - x` is PyTorch's rsub."""
    return sub(x, y) if isinstance(x, Node) or not isinstance(y, Node) else rsub(y, x)


def _multiply(x: Operand, y: Operand) -> Node:
    """`2 * x` is x * 2 in PyTorch: the tensor comes first."""
    return mul(x, y) if isinstance(x, Node) else mul(y, x)


def _divide(x: Operand, y: Operand) -> Node:
    """`2 / x` is reciprocal(x) * 2 in PyTorch."""
    if isinstance(x, Node) or not isinstance(y, Node):
        return ops.div(x, y)
    return mul(ops.reciprocal(y), x)


OPERATORS.update(
    {
        "add": _add,
        "sub": _subtract,
        "mul": _multiply,
        "div": _divide,
        "neg": neg,
        "pos": lambda x: positive(_tensor(x)),
        "floor_divide": lambda x, y: ops.floor_divide(x, y),
        "remainder": lambda x, y: ops.remainder(x, y),
        "pow": lambda x, y: ops.pow(x, y),
        "matmul": lambda x, y: ops.matmul(_tensor(x), _tensor(y)),
        "bitwise_and": lambda x, y: ops.bitwise_and(x, y),
        "bitwise_or": lambda x, y: ops.bitwise_or(x, y),
        "invert": lambda x: ops.bitwise_not(x),
        "lt": lambda x, y: ops.lt(x, y),
        "le": lambda x, y: ops.le(x, y),
        "gt": lambda x, y: ops.gt(x, y),
        "ge": lambda x, y: ops.ge(x, y),
        "eq": lambda x, y: ops.eq(x, y),
        "ne": lambda x, y: ops.ne(x, y),
    }
)
