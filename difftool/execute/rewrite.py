"""Rewrites that save passes over blocks, each the same value to rounding.

Every pass of a block through a kernel costs about as much as the arithmetic itself, so factors that
are numbers are gathered, and taken out of sums where that can't overflow what didn't before.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from difftool.graph.node import Node
from difftool.operations.fused import LONGEST, sum_of_products
from difftool.operations.registry import constant, number_of

# Products of factors beyond these are left alone: they come near the limits of float32.
_LEAST, _MOST = 1e-30, 1e30


def rewritten(node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A cheaper node for the operation of `node` over `inputs`, or None where there is none."""
    rewrite = _REWRITES.get(node.operation.name)
    if rewrite is None or node.dtype.itemsize < 4 or node.dtype.kind != "f":
        return None
    if any([source.dtype != node.dtype for source in inputs]):
        return None
    return rewrite(node, inputs)


def _factor(node: Node) -> tuple[Node, float] | None:
    """A node as another one times a number."""
    if node.operation.name == "neg":
        return node.inputs[0], -1.0
    if node.operation.name == "mul" and not node.parameters:
        for x, y in (node.inputs, node.inputs[::-1]):
            number = number_of(y)
            if number is not None and isfinite(number) and x.dtype == node.dtype:
                if x.shape == node.shape:
                    return x, float(number)
    return None


def _times(x: Node, number: float) -> Node:
    if number == -1:
        return -x
    return x if number == 1 else x * constant(number, x.dtype)


def _product(node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """(x c) d = x (c d); (x c) y = (x y) c is left to where it is a number's turn."""
    for x, y in (inputs, inputs[::-1]):
        inner = _factor(x)
        number = number_of(y)
        if inner is None or number is None or x.shape != node.shape:
            continue
        product = inner[1] * number
        if _LEAST <= abs(product) <= _MOST:
            return _times(inner[0], product)
    return None


def _negated(node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """-(x c) = x (-c)."""
    inner = _factor(inputs[0])
    return None if inner is None else _times(inner[0], -inner[1])


def _power(node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """x^3 = x^2 x and x^4 = (x^2)^2: their derivatives have the lower powers already."""
    x, exponent = inputs
    number = number_of(exponent)
    if number == 3:
        cube: Node = x**2 * x
        return cube
    if number == 4:
        return (x**2) ** 2
    return None


def _reduced(node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """The sum of x c is the sum of x times c, where c is not less than one; x y needs no array."""
    (x,) = inputs
    inner = _factor(x)
    if inner is not None and 1 <= abs(inner[1]) <= _MOST:
        reduced = node.operation.made(
            (inner[0],), node.parameters, node.shape, node.dtype, node.operand_dtype
        )
        return _times(reduced, inner[1])
    factors = _factors(x)
    dim, keepdim = node.parameters["dim"], node.parameters["keepdim"]
    if dim is not None and len(dim) == x.ndim:
        dim = None
    last = dim == (x.ndim - 1,) and x.shape[-1] <= LONGEST
    if factors is None or not (dim is None or last):
        return None
    total = sum_of_products(*factors, dim=dim, keepdim=keepdim)
    return total / (x.size // node.size) if node.operation.name == "mean" else total


def _factors(node: Node) -> tuple[Node, Node] | None:
    """The two tensors of one shape whose product a node is, if it is one."""
    if len(node.inputs) != 2 or node.parameters:
        return None
    x, y = node.inputs
    if node.operation.name == "pow" and number_of(y) == 2:
        return x, x
    if node.operation.name == "mul" and x.shape == y.shape and x.dtype == y.dtype:
        return x, y
    return None


_REWRITES: dict[str, Callable[[Node, tuple[Node, ...]], Node | None]] = {
    "mul": _product,
    "neg": _negated,
    "pow": _power,
    "sum": _reduced,
    "mean": _reduced,
}
