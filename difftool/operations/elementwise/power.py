"""Powers: `^`, which is `**`, with its corner cases.

The rules are PyTorch's: x^0 has the gradient 0 whatever x is, 0^y has the gradient 0 in y where y
is not negative, and a number as exponent never takes a logarithm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import boolean, float64, is_float
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations.declare import elementwise, promoted, room
from difftool.operations.registry import (
    Array,
    Check,
    Type,
    composite,
    constant,
    is_weak,
    number_of,
    ops,
)

# For the commonest exponents np.power is several times slower than these.
_PRODUCTS: dict[float, Callable[[Array, Array | None], Any]] = {
    1.0: np.positive,
    2.0: np.square,
    3.0: lambda x, out: np.multiply(np.multiply(x, x, out=out), x, out=out),
    4.0: lambda x, out: np.square(np.square(x, out=out), out=out),
    0.5: np.sqrt,
    -0.5: lambda x, out: np.reciprocal(np.sqrt(x, out=out), out=out),
    -1.0: np.reciprocal,
    -2.0: lambda x, out: np.reciprocal(np.square(x, out=out), out=out),
}


def _power(x: Array, y: Array, out: Array | None = None) -> Any:
    if y.ndim == 0 and is_float(x.dtype):
        product = _PRODUCTS.get(float(y))
        if product is not None:
            return product(x, out if isinstance(product, np.ufunc) else room(x, out))
    if x.dtype.kind == "i" and np.any(y < 0):
        # Of the whole negative powers only those of 1 and -1 are whole; PyTorch rounds to zero.
        # Which of the two those of -1 are is in the exponent's last bit.
        return np.where(y < 0, np.abs(x) == 1, 1) * x ** np.where(y < 0, y & 1, y)
    return np.power(x, y, out=out)


def _power_type(x: Node, y: Node) -> Type:
    type_ = promoted(x, y)
    if type_.dtype == boolean:
        raise DifftoolError(
            "booleans have no powers", kind="dtype", hint="convert one with .double()"
        )
    exponent = number_of(y)
    if not is_float(type_.dtype) and exponent is not None and exponent < 0:
        raise DifftoolError(
            "integers have no negative integer powers",
            kind="dtype",
            hint="write the base with a point, or convert it with .double()",
        )
    return type_


def _base_rule(g: Node, out: Node, x: Node, y: Node) -> Node:
    """y x^(y-1), and 0 where y is 0, whatever x is."""
    exponent = number_of(y)
    if exponent is None:
        if y.dtype == boolean:
            y = ops.to(y, dtype=out.dtype)
        result: Node = ops.where(ops.eq(y, 0), 0, g * (y * x ** (y - 1)))
        return result
    if exponent == 0:
        return constant(0.0, g.dtype)
    return g if exponent == 1 else g * (x ** (exponent - 1) * exponent)


def _exponent_rule(g: Node, out: Node, x: Node, y: Node) -> Node:
    """x^y log x, and 0 where x is 0 and y is not negative."""
    base = number_of(x)
    if is_float(x.dtype) and x.dtype != out.dtype:
        x = ops.to(x, dtype=out.dtype)
    if base is not None and base != 0:
        return g * (out * ops.log(x))
    at_zero = y >= 0 if base is not None else ops.bitwise_and(ops.eq(x, 0), y >= 0)
    return g * ops.where(at_zero, 0, out * ops.log(x))


def _grad_fn(node: Node) -> str:
    """PyTorch has an overload for a number as exponent, for two tensors, for a number as base."""
    base, exponent = node.inputs
    if number_of(exponent) is not None:
        return "PowBackward0"
    return "PowBackward1" if number_of(base) is None else "PowBackward2"


def _layout(node: Node, base: Strides, exponent: Strides) -> Strides:
    """PyTorch makes powers of a number contiguous, whatever the exponent's layout."""
    if number_of(node.inputs[0]) is not None:
        return layout.contiguous(node.shape)
    return layout.elementwise(node, base, exponent)


pow = elementwise(
    "pow(input, exponent)",
    _power,
    (_base_rule, _exponent_rule),
    infer=_power_type,
    grad_fn=_grad_fn,
    layout=_layout,
    checks=(
        Check("x ^ 3", {"x": (2, 3)}),
        Check("x ^ 0", {"x": (3,)}),
        Check("x ^ 1", {"x": (3,)}),
        Check("x ^ -2", {"x": (3,)}, (0.5, 2.0)),
        Check("x ^ 0.5", {"x": ()}, (0.5, 2.0)),
        Check("x ^ 2.5", {"x": ()}, (0.5, 2.0)),
        Check("2 ^ x", {"x": (2, 3)}),
        Check("x ^ y", {"x": (2, 3), "y": (3,)}, (0.5, 2.0)),
        Check("x ^ y", {"x": (), "y": (2, 1)}, (0.5, 2.0)),
    ),
    aliases=("power",),
    meaning="x to the power y; `x ^ y` and `x ** y` are the same.",
    example="pow([1, 2, 3], 2)",
    latex="{}^{{{}}}",
)


@composite("square(input)", checks=(Check("square(x)", {"x": (2, 3)}),), example="square([1, 2])")
def square(input: Node) -> Node:
    """x * x, which is x ^ 2."""
    return input**2


@composite("float_power(input, exponent)", example="float_power([1, 2, 3], -2)")
def float_power(input: Node, exponent: Node) -> Node:
    """x to the power y in double precision, whatever the dtypes."""
    both_numbers = is_weak(input) and is_weak(exponent)
    base, power = [
        node if is_weak(node) and not both_numbers else ops.to(node, dtype=float64)
        for node in (input, exponent)
    ]
    result: Node = ops.pow(base, power)
    return result
