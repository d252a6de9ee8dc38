"""Quotients and remainders.

A rounded quotient is a step function. PyTorch gives `div` with a rounding_mode the derivative 0,
but none to `//` and to a number `%` a tensor: these evaluate, and refuse to be differentiated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations.declare import elementwise, floating, numeric, overwriting
from difftool.operations.registry import Array, Check, Rule, Type, constant, number_of, ops
from difftool.operations.shapes import no_derivative


def _divisor(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Integer division by zero has no value; NumPy would answer 0."""

    def divide(x: Array, y: Array, out: Array | None = None) -> Any:
        if x.dtype.kind in "iu" and not np.all(y):
            raise DifftoolError(
                "integer division by zero",
                kind="value",
                hint="divide floating-point tensors, which give inf or nan",
            )
        return kernel(x, y, out=out)

    return divide


@_divisor
def _truncated(x: Array, y: Array, out: Array | None = None) -> Any:
    if is_float(x.dtype):
        return np.trunc(np.true_divide(x, y, out=out), out=out)
    rounded_up = (np.remainder(x, y) != 0) & ((x < 0) != (y < 0))
    return np.add(np.floor_divide(x, y, out=out), rounded_up, out=out)


_floored = _divisor(np.floor_divide)
_ROUNDED = {"floor": _floored, "trunc": _truncated}


@overwriting
def _quotient(
    x: Array, y: Array, rounding_mode: str | None = None, out: Array | None = None
) -> Any:
    if rounding_mode is None:
        return np.true_divide(x, y, out=out)
    return _ROUNDED[rounding_mode](x, y, out)


def _quotient_type(x: Node, y: Node, rounding_mode: str | None = None) -> Type:
    if rounding_mode is None:
        return floating(x, y)
    if rounding_mode not in _ROUNDED:
        raise DifftoolError(
            f"div has no rounding_mode {rounding_mode!r}",
            kind="argument",
            hint="it is 'floor', 'trunc' or None",
        )
    return numeric("div with a rounding_mode")(x, y)


def _quotient_rule(rule: Rule) -> Rule:
    """The rule of a quotient; a rounded one is a step function, whose derivative is zero."""

    def rounded(g: Node, out: Node, x: Node, y: Node, rounding_mode: str | None = None) -> Node:
        return rule(g, out, x, y) if rounding_mode is None else constant(0.0, g.dtype)

    return rounded


div = elementwise(
    ("div(input, other)", "div(input, other, *, rounding_mode: str | None)"),
    _quotient,
    (
        _quotient_rule(lambda g, out, x, y: g / y),
        _quotient_rule(lambda g, out, x, y: -g * ((x / y) / y)),
    ),
    infer=_quotient_type,
    grad_fn=lambda node: "DivBackward2" if node.parameters else "DivBackward0",
    domain=(0.5, 2.0),
    aliases=("divide", "true_divide"),
    meaning="Quotient, element by element: x / y, rounded down or towards zero if asked.",
    example="div([1, 2], [10, 20])",
    latex=r"\frac{{{}}}{{{}}}",
)

reciprocal = elementwise(
    "reciprocal(input)",
    np.reciprocal,
    (lambda g, out, x: -g * (out * out),),
    domain=(0.5, 2.0),
    meaning="1 / x.",
    example="reciprocal([1, 2, 4])",
    latex=r"\frac{{1}}{{{}}}",
)

# ----- Whole quotients and remainders -----


def _floor_divide_rule(g: Node, out: Node, x: Node, y: Node) -> Node:
    hint = "floor(x / y) has one, which is zero; or take .detach() of the operands"
    raise no_derivative("//", hint, out)


floor_divide = elementwise(
    "floor_divide(input, other)",
    _floored,
    (_floor_divide_rule, _floor_divide_rule),
    infer=numeric("//"),
    grad_fn=lambda node: "NotImplemented",
    checks=(Check("x * floor_divide(detach(x), 0.7)", {"x": (2, 3)}, (0.75, 1.35)),),
    meaning="Quotient rounded down: x // y. It has no derivative in PyTorch.",
    example="floor_divide([7., -7.], 2)",
    latex=r"\left\lfloor {} / {} \right\rfloor",
)


def _remainder(x: Array, y: Array, out: Array | None = None) -> Any:
    rest = np.remainder(x, y, out=out)
    if is_float(rest.dtype):
        # Where nothing is left over, that has the sign of x in PyTorch, of y in NumPy.
        rest = np.copysign(rest, x, out=np.asarray(rest), where=np.equal(rest, 0))
    return rest


def _remainder_rule(g: Node, out: Node, x: Node, y: Node) -> Node:
    """The whole quotient with the opposite sign: a step function, constant to the next rule."""
    if number_of(x) is not None:
        hint = "make the number a tensor: tensor(7.) % x"
        raise no_derivative("a number % a tensor", hint, out)
    return -g * ops.floor_divide(ops.detach(x), ops.detach(y))


def _remainder_grad_fn(node: Node) -> str:
    x, y = node.inputs
    if number_of(x) is not None:
        return "NotImplemented"
    return "RemainderBackward1" if number_of(y) is None else "RemainderBackward0"


remainder = elementwise(
    "remainder(input, other)",
    _divisor(_remainder),
    (lambda g, out, x, y: g, _remainder_rule),
    scratch=0.125,
    infer=numeric("%"),
    grad_fn=_remainder_grad_fn,
    checks=(
        Check("remainder(x, 0.7)", {"x": (2, 3)}, (0.75, 1.35)),
        Check("remainder(x + 1, y)", {"x": (2, 3), "y": (3,)}, (0.6, 0.75)),
    ),
    aliases=("mod",),
    meaning="x - y * floor(x / y): x % y, with the sign of y.",
    example="remainder([7., -7.], 3)",
    latex=r"{} \bmod {}",
)

def _fmod_rule(g: Node, out: Node, x: Node, y: Node) -> Node:
    return -g * ops.trunc(ops.detach(x) / ops.detach(y))


fmod = elementwise(
    "fmod(input, other)",
    _divisor(np.fmod),
    (lambda g, out, x, y: g, _fmod_rule),
    infer=numeric("fmod"),
    grad_fn=lambda node: (
        "FmodBackward1" if number_of(node.inputs[1]) is None else "FmodBackward0"
    ),
    checks=(
        Check("fmod(-x, 0.7)", {"x": (2, 3)}, (0.75, 1.35)),
        Check("fmod(x + 1, y)", {"x": (2, 3), "y": (3,)}, (0.6, 0.75)),
    ),
    meaning="x - y * trunc(x / y), with the sign of x.",
    example="fmod([7., -7.], 3)",
)
