"""One bound: `clamp_min`, `clamp_max`, and the extremes of two that pass over nan.

`selection` has the bounds on both sides. At a tie the gradient goes to the first operand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.declare import Infer, elementwise, overwriting, promoted
from difftool.operations.registry import Check, Operation, Type, number_of, ops
from difftool.operations.shapes import dtype_name, require_tensors


def _only_tensors(function: str) -> Infer:
    def infer(input: Node, other: Node) -> Type:
        require_tensors(function, input, other)
        return promoted(input, other)

    return infer


def _over_nan(
    name: str, kernel: np.ufunc, wins: Callable[[Node, Node], Node], meaning: str
) -> Operation:
    """`fmax` or `fmin`."""

    def chosen(x: Node, y: Node) -> Node:
        """Where the result is x."""
        first: Node = ops.logical_or(wins(x, y), ops.isnan(y))
        return first

    return elementwise(
        f"{name}(input, other)",
        kernel,
        (
            lambda g, out, x, y: ops.where(chosen(x, y), g, 0),
            lambda g, out, x, y: ops.where(chosen(x, y), 0, g),
        ),
        infer=_only_tensors(name),
        checks=(Check(f"{name}(x ^ 2, y)", {"x": (2, 3), "y": (3,)}),),
        meaning=meaning,
        example=f"{name}([1., nan, nan], [2., 3., nan])",
    )


fmax = _over_nan(
    "fmax",
    np.fmax,
    lambda x, y: x >= y,
    "The larger of x and y, the other one if one is nan; a tie gives x the gradient.",
)
fmin = _over_nan(
    "fmin",
    np.fmin,
    lambda x, y: x <= y,
    "The smaller of x and y, the other one if one is nan; a tie gives x the gradient.",
)


def _bounded(
    name: str,
    bound: str,
    kernel: np.ufunc,
    within: Callable[[Node, Node], Node],
    beyond: Callable[[Node, Node], Node],
    meaning: str,
) -> Operation:
    """`clamp_min` or `clamp_max`."""
    base = "ClampMinBackward" if bound == "min" else "ClampMaxBackward"

    def infer(x: Node, limit: Node) -> Type:
        require_tensors(name, x)
        type_ = promoted(x, limit)
        number = number_of(limit)
        if number is not None and type_.dtype.kind in "iu":
            most = 2 ** (8 * type_.dtype.itemsize - (type_.dtype.kind == "i")) - 1
            if not -most - 1 <= number <= most:
                raise DifftoolError(
                    f"the bound {number} is out of range for {dtype_name(type_.dtype)}",
                    kind="dtype",
                    hint="convert the tensor to a wider dtype, for instance with .long()",
                )
        return type_

    def grad_fn(node: Node) -> str:
        return base + ("1" if number_of(node.inputs[1]) is None else "0")

    def rounded(x: Any, limit: Any, out: Any = None) -> Any:
        return kernel(x, limit, out=out)

    return elementwise(
        f"{name}(input, {bound})",
        overwriting(rounded),
        (
            lambda g, out, x, limit: ops.where(within(x, limit), g, 0),
            lambda g, out, x, limit: ops.where(beyond(x, limit), g, 0),
        ),
        infer=infer,
        grad_fn=grad_fn,
        checks=(
            Check(f"{name}(x ^ 2, 0.5)", {"x": (2, 3)}, kinks=(-(0.5**0.5), 0.5**0.5)),
            Check(f"{name}(x ^ 2, y)", {"x": (2, 3), "y": (3,)}),
        ),
        meaning=meaning,
        example=f"{name}([-1., 0.5, 2.], 0)",
    )


clamp_min = _bounded(
    "clamp_min",
    "min",
    np.maximum,
    lambda x, limit: x >= limit,
    lambda x, limit: x < limit,
    "x, but at least min; the gradient passes to x at the bound too.",
)
clamp_max = _bounded(
    "clamp_max",
    "max",
    np.minimum,
    lambda x, limit: x <= limit,
    lambda x, limit: x > limit,
    "x, but at most max; the gradient passes to x at the bound too.",
)
