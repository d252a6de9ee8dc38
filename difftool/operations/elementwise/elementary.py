"""Elementary functions of one real variable (and atan2), element by element.

Powers are in `power`, |x| and what rounds in `rounding`, the error function in
`special.error_functions`. A rule uses `out` where the derivative is a function of the value itself
(exp, sqrt, tanh), as in PyTorch. Outside its domain a function is nan and at a pole infinite; the
executor keeps NumPy silent.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.graph.node import Node
from difftool.operations.declare import elementwise, room, widened
from difftool.operations.registry import Array, ops

_LN_2 = math.log(2)
_LN_10 = math.log(10)


# ----- Roots -----

sqrt = elementwise(
    "sqrt(input)",
    np.sqrt,
    (lambda g, out, x: g / (2 * out),),
    domain=(0.5, 2.0),
    meaning="The square root.",
    example="sqrt([1, 4, 9])",
    latex=r"\sqrt{{{}}}",
)


def _reciprocal_root(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    return np.reciprocal(np.sqrt(x, out=out), out=out)


rsqrt = elementwise(
    "rsqrt(input)",
    _reciprocal_root,
    (lambda g, out, x: g * -0.5 * out**3,),
    infer=widened,
    domain=(0.5, 2.0),
    meaning="1 / sqrt(x).",
    example="rsqrt([1, 4, 16])",
    latex=r"\frac{{1}}{{\sqrt{{{}}}}}",
)

# ----- Exponentials and logarithms -----

exp = elementwise(
    "exp(input)",
    np.exp,
    (lambda g, out, x: g * out,),
    meaning="e to the power x.",
    example="exp([0, 1, -inf])",
    latex=r"e^{{{}}}",
)

exp2 = elementwise(
    "exp2(input)",
    np.exp2,
    (lambda g, out, x: g * _LN_2 * out,),
    meaning="2 to the power x.",
    example="exp2([0, 1, 10])",
    latex=r"2^{{{}}}",
)

expm1 = elementwise(
    "expm1(input)",
    np.expm1,
    (lambda g, out, x: g * (out + 1),),
    meaning="exp(x) - 1, exact where x is small.",
    example="expm1([0, 1e-10])",
    latex=r"e^{{{}}} - 1",
)

log = elementwise(
    "log(input)",
    np.log,
    (lambda g, out, x: g / x,),
    domain=(0.5, 2.0),
    meaning="The natural logarithm.",
    example="log([1, e])",
    latex=r"\ln\left({}\right)",
)

log2 = elementwise(
    "log2(input)",
    np.log2,
    (lambda g, out, x: g / (x * _LN_2),),
    domain=(0.5, 2.0),
    meaning="The logarithm to base 2.",
    example="log2([1, 2, 1024])",
    latex=r"\log_2\left({}\right)",
)

log10 = elementwise(
    "log10(input)",
    np.log10,
    (lambda g, out, x: g / (x * _LN_10),),
    domain=(0.5, 2.0),
    meaning="The logarithm to base 10.",
    example="log10([1, 10, 1000])",
    latex=r"\log_{{10}}\left({}\right)",
)

log1p = elementwise(
    "log1p(input)",
    np.log1p,
    (lambda g, out, x: g / (x + 1),),
    domain=(-0.5, 2.0),
    grad_fn="Log1PBackward0",
    meaning="log(1 + x), exact where x is small.",
    example="log1p([0, 1e-10])",
    latex=r"\ln\left(1 + {}\right)",
)

# ----- Circular functions -----

sin = elementwise(
    "sin(input)",
    np.sin,
    (lambda g, out, x: g * ops.cos(x),),
    meaning="The sine; x in radians.",
    example="sin([0, pi / 2])",
    latex=r"\sin\left({}\right)",
)

cos = elementwise(
    "cos(input)",
    np.cos,
    (lambda g, out, x: -g * ops.sin(x),),
    meaning="The cosine; x in radians.",
    example="cos([0, pi])",
    latex=r"\cos\left({}\right)",
)

tan = elementwise(
    "tan(input)",
    np.tan,
    (lambda g, out, x: g * (1 + out**2),),
    domain=(-1.2, 1.2),
    meaning="The tangent; x in radians.",
    example="tan([0, pi / 4])",
    latex=r"\tan\left({}\right)",
)

asin = elementwise(
    "asin(input)",
    np.arcsin,
    (lambda g, out, x: g / ops.sqrt(1 - x**2),),
    domain=(-0.9, 0.9),
    aliases=("arcsin",),
    meaning="The angle in [-pi/2, pi/2] whose sine is x.",
    example="asin([0, 1])",
    latex=r"\arcsin\left({}\right)",
)

acos = elementwise(
    "acos(input)",
    np.arccos,
    (lambda g, out, x: -g / ops.sqrt(1 - x**2),),
    domain=(-0.9, 0.9),
    aliases=("arccos",),
    meaning="The angle in [0, pi] whose cosine is x.",
    example="acos([0, 1])",
    latex=r"\arccos\left({}\right)",
)

atan = elementwise(
    "atan(input)",
    np.arctan,
    (lambda g, out, x: g / (1 + x**2),),
    aliases=("arctan",),
    meaning="The angle in (-pi/2, pi/2) whose tangent is x.",
    example="atan([0, 1, inf])",
    latex=r"\arctan\left({}\right)",
)


def _over_square_distance(g: Node, part: Node, x: Node, y: Node) -> Node:
    """g * part / (x^2 + y^2), and 0 at the origin, where the angle has no derivative."""
    square = x**2 + y**2
    return g * ops.where(ops.eq(square, 0), 0, part / square)


atan2 = elementwise(
    "atan2(input, other)",
    np.arctan2,
    (
        lambda g, out, y, x: _over_square_distance(g, x, y, x),
        lambda g, out, y, x: _over_square_distance(-g, y, y, x),
    ),
    domain=(0.5, 2.0),
    aliases=("arctan2",),
    meaning="The angle of the point (other, input) seen from the origin, in [-pi, pi].",
    example="atan2([1, -1], [-1, -1])",
    latex=r"\operatorname{{atan2}}\left({}, {}\right)",
)

# ----- Hyperbolic functions -----

sinh = elementwise(
    "sinh(input)",
    np.sinh,
    (lambda g, out, x: g * ops.cosh(x),),
    meaning="The hyperbolic sine.",
    example="sinh([0, 1])",
    latex=r"\sinh\left({}\right)",
)

cosh = elementwise(
    "cosh(input)",
    np.cosh,
    (lambda g, out, x: g * ops.sinh(x),),
    meaning="The hyperbolic cosine.",
    example="cosh([0, 1])",
    latex=r"\cosh\left({}\right)",
)

tanh = elementwise(
    "tanh(input)",
    np.tanh,
    (lambda g, out, x: g * (1 - out**2),),
    meaning="The hyperbolic tangent.",
    example="tanh([0, 1, inf])",
    latex=r"\tanh\left({}\right)",
)

asinh = elementwise(
    "asinh(input)",
    np.arcsinh,
    (lambda g, out, x: g / ops.sqrt(x**2 + 1),),
    aliases=("arcsinh",),
    meaning="The number whose hyperbolic sine is x.",
    example="asinh([0, 1])",
    latex=r"\operatorname{{arsinh}}\left({}\right)",
)

acosh = elementwise(
    "acosh(input)",
    np.arccosh,
    (lambda g, out, x: g / ops.sqrt(x**2 - 1),),
    domain=(1.2, 3.0),
    aliases=("arccosh",),
    meaning="The number, not negative, whose hyperbolic cosine is x.",
    example="acosh([1, 2])",
    latex=r"\operatorname{{arcosh}}\left({}\right)",
)

atanh = elementwise(
    "atanh(input)",
    np.arctanh,
    (lambda g, out, x: g / (1 - x**2),),
    domain=(-0.9, 0.9),
    aliases=("arctanh",),
    meaning="The number whose hyperbolic tangent is x.",
    example="atanh([0, 0.5])",
    latex=r"\operatorname{{artanh}}\left({}\right)",
)
