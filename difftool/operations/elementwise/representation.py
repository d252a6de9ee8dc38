"""What numbers are made of: signs, exponents, neighbours.

Most of it is constant between steps: its derivative is zero, or PyTorch has none. `comparison` has
the other tests, `rounding` the sign itself, `integers` divisors and bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int32, is_float
from difftool.graph.node import Node, Number
from difftool.operations import batch
from difftool.operations.declare import elementwise, flat, floating, promoted, same
from difftool.operations.registry import (
    Array,
    Check,
    Composite,
    Operation,
    Type,
    number_of,
    ops,
)
from difftool.operations.shapes import (
    broadcast,
    dtype_name,
    no_derivative,
    require_float,
    require_one_dtype,
    require_tensors,
)

# ----- Signs -----


def _with_sign_type(x: Node, sign: Node) -> Type:
    require_tensors("copysign", x)
    return floating(x, sign)


def _with_sign_rule(g: Node, out: Node, x: Node, sign: Node) -> Node:
    """1 where the sign stayed and -1 where it changed; 0 at 0."""
    return g * ops.where(ops.eq(x, 0), 0, out / x)


copysign = elementwise(
    "copysign(input, other)",
    np.copysign,
    (_with_sign_rule, flat),
    infer=_with_sign_type,
    grad_fn=lambda node: (
        "CopysignBackward0" if number_of(node.inputs[1]) is None else "CopysignBackward1"
    ),
    checks=(
        Check("copysign(x, -2) * x", {"x": (2, 3)}, kinks=(0.0,)),
        Check("copysign(x, y) * x", {"x": (2, 3), "y": (3,)}, kinks=(0.0,)),
    ),
    meaning="x with the sign of y; its derivative at 0 is 0.",
    example="copysign([1., -2.], [-0., 3.])",
)


def _negative(x: Array, out: Array | None = None) -> Any:
    return np.signbit(x, out=out) if is_float(x.dtype) else np.less(x, 0, out=out)


def _test_type(input: Node) -> Type:
    require_tensors("a test of a number's form", input)
    return Type(input.shape, boolean)


signbit = elementwise(
    "signbit(input)",
    _negative,
    infer=_test_type,
    meaning="Whether an element is negative; -0 is.",
    example="signbit([-0., 1., -inf])",
)


def _infinite(sign: Number) -> Any:
    """Whether an element is the infinity of that sign."""

    def kernel(x: Array, out: Array | None = None) -> Any:
        return np.equal(x, sign, out=out) if is_float(x.dtype) else np.zeros(x.shape, boolean)

    return kernel


isposinf = elementwise(
    "isposinf(input)",
    _infinite(np.inf),
    infer=_test_type,
    meaning="Whether an element is infinite and positive.",
    example="isposinf([inf, -inf, 1.])",
)

isneginf = elementwise(
    "isneginf(input)",
    _infinite(-np.inf),
    infer=_test_type,
    meaning="Whether an element is infinite and negative.",
    example="isneginf([inf, -inf, 1.])",
)

isreal = elementwise(
    "isreal(input)",
    lambda x: np.ones(x.shape, boolean),
    infer=_test_type,
    meaning="Whether an element is a real number: here all are.",
    example="isreal([1., nan])",
)


def _step_type(input: Node, values: Node) -> Type:
    require_tensors("heaviside", input, values)
    require_one_dtype("heaviside", input, values)
    return promoted(input, values)


def _step_rule(g: Node, out: Node, x: Node, values: Node) -> Node:
    raise no_derivative("heaviside", "detach() both of its operands", out)


heaviside = elementwise(
    "heaviside(input, values)",
    lambda x, values: np.where(x == 0, values, np.asarray(x > 0).astype(x.dtype)),
    (_step_rule, _step_rule),
    infer=_step_type,
    grad_fn=lambda node: "NotImplemented",
    scratch=1.125,
    checks=(Check("x * heaviside(detach(x), detach(x))", {"x": (2, 3)}, kinks=(0.0,)),),
    meaning="0 where x is negative, 1 where it is positive, else values. It has no derivative.",
    example="heaviside([-1., 0., 2.], [0.5])",
)

# ----- Numbers that are none, and neighbours -----


def _replaced(
    x: Array,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Any:
    if not is_float(x.dtype):
        return np.array(x)
    return np.nan_to_num(x, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


nan_to_num = elementwise(
    "nan_to_num(input, nan: float | None = None, posinf: float | None = None, "
    "neginf: float | None = None)",
    _replaced,
    (lambda g, out, x, **numbers: g * ops.isfinite(x),),
    infer=same,
    meaning="x with 0 (or `nan`) for nan, the extreme numbers for the infinities.",
    scratch=0.625,
    example="nan_to_num([nan, inf, 1.], posinf=9)",
)


def _neighbour_type(input: Node, other: Node) -> Type:
    require_tensors("nextafter", input, other)
    type_ = promoted(input, other)
    if not is_float(type_.dtype):
        raise DifftoolError(
            f"nextafter needs floating-point tensors, not {dtype_name(type_.dtype)}",
            kind="dtype",
            hint="convert one of them, for instance with .double()",
        )
    return type_


nextafter = elementwise(
    "nextafter(input, other)",
    np.nextafter,
    (lambda g, out, x, y: ops.where(ops.eq(x, y), 0, g), flat),
    infer=_neighbour_type,
    checks=(Check("nextafter(x, y) * x", {"x": (2, 3), "y": (3,)}),),
    meaning="The next number after x on the way to y; as PyTorch's, its derivative in x is 1.",
    example="nextafter([1.], [2.])",
)

# ----- Mantissa and exponent -----


class frexp_result(NamedTuple):
    """What `frexp` gives: mantissas of 0.5 or more and below 1, and exponents of two."""

    mantissa: Node
    exponent: Node


def _mantissa_type(input: Node) -> Type:
    require_float(input, "frexp")
    return same(input)


_exponent = elementwise(
    "frexp(input)",
    lambda x: np.where(np.isfinite(x), np.frexp(x)[1], 0),
    infer=lambda input: Type(input.shape, int32),
    scratch=1.125,
    checks=(),
    meaning="",
    example="",
)

_mantissa = elementwise(
    "frexp(input)",
    lambda x: np.frexp(x)[0],
    (lambda g, out, x: g / ops.exp2(_exponent(x)),),
    infer=_mantissa_type,
    scratch=0.5,
    grad_fn="FrexpBackward0",
    checks=(),
    meaning="",
    example="",
)

frexp = Composite(
    ("frexp(input)",),
    lambda input: frexp_result(_mantissa(input), _exponent(input)),
    meaning="mantissa and exponent, with x = mantissa * 2^exponent and 0.5 <= |mantissa| < 1.",
    example="frexp([3., 0.25])",
    checks=(Check("frexp(x).mantissa * x", {"x": (2, 3)}, (0.6, 0.95)),),
)

# ----- One number everywhere -----


def _filled_type(input: Node, value: Node) -> Type:
    if value.shape != ():
        raise DifftoolError(
            f"fill takes one number, not a tensor of shape {value.shape}",
            kind="shape",
            hint="expand_as(value, input) takes tensors",
        )
    if value.requires_grad and not is_float(input.dtype):
        raise DifftoolError(
            f"no gradient passes from a tensor of {dtype_name(input.dtype)} to value",
            kind="dtype",
            hint="detach() the value, or convert the tensor with .double()",
        )
    return Type(broadcast(input.shape, value.shape), input.dtype)


def _filled(x: Array, value: Array) -> Array:
    # One number for each row, where many rows are computed at once.
    return np.full(np.broadcast_shapes(x.shape, value.shape), value.astype(x.dtype))


fill = Operation(
    ("fill(input, value)",),
    _filled,
    _filled_type,
    (flat, lambda g, out, x, value: g),
    grad_fn=lambda node: (
        "FillBackward1" if number_of(node.inputs[1]) is None else "FillBackward0"
    ),
    batch=batch.elementwise,
    narrow=True,
    checks=(Check("fill(x, y) * x", {"x": (2, 3), "y": ()}),),
    meaning="A tensor like x with one number, of its dtype, everywhere.",
    example="fill([1., 2.], 5)",
)

# ----- Complex numbers' functions, of real ones -----


def _angle(x: Array) -> Any:
    return np.where(x < 0, x.dtype.type(np.pi), np.where(np.isnan(x), x, x.dtype.type(0)))


angle = elementwise(
    "angle(input)",
    _angle,
    (flat,),
    scratch=1.5,
    kinks=(0.0,),
    meaning="The angle to the positive axis: 0, or pi where x is negative.",
    example="angle([1., -2.])",
)

real = Composite(
    ("real(input)",),
    lambda input: input,
    aliases=("conj", "conj_physical", "resolve_conj", "resolve_neg"),
    meaning="x itself: real numbers are their own real part and conjugate.",
    example="real([1., -2.])",
)
