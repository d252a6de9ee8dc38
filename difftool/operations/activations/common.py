"""The activation functions that networks are mostly made of.

`piecewise` has those of straight lines, `smooth` further curves, `softmax` what acts on rows.

Kernels are written so that large arguments neither overflow nor cancel; half precision is computed
in single and rounded once. At kinks, at thresholds and for nan the derivatives are PyTorch's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.operations.activations.activation_type import activated, refuse_in_place
from difftool.operations.declare import (
    elementwise,
    overwriting,
    room,
    same,
    widened,
)
from difftool.operations.registry import Array, Check, Type, ops
from difftool.operations.shapes import refuse_booleans, require_float
from difftool.operations.special import error_function_kernel

# ----- Sigmoid, relu and its relatives -----

@overwriting
def _sigmoid(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    powers = np.exp(np.negative(x, out=out), out=out)
    return np.reciprocal(np.add(powers, 1, out=out), out=out)


sigmoid = elementwise(
    "sigmoid(input)",
    _sigmoid,
    (lambda g, out, x: g * (out * (1 - out)),),
    infer=widened,
    aliases=("expit",),
    meaning="1 / (1 + exp(-x)).",
    example="sigmoid([-1000, 0, 1])",
    latex=r"\sigma\left({}\right)",
)


def _relu_type(input: Node, *, inplace: bool = False) -> Type:
    refuse_booleans("relu", input)
    refuse_in_place(inplace)
    return same(input)._replace(parameters={})


relu = elementwise(
    "relu(input, inplace: bool = False)",
    overwriting(lambda x, out=None: np.maximum(x, 0, out=out)),
    (lambda g, out, x: ops.where(out <= 0, 0, g),),
    infer=_relu_type,
    kinks=(0.0,),
    meaning="x where it is positive, 0 elsewhere; the derivative at 0 is 0.",
    example="relu([-1, 0, 2])",
    latex=r"\operatorname{{relu}}\left({}\right)",
)

def _leaky_relu(x: Array, negative_slope: float = 0.01, out: Array | None = None) -> Any:
    out = room(x, out)
    below = np.multiply(np.minimum(x, 0, out=out), negative_slope, out=out)
    return np.add(np.maximum(x, 0), below, out=out)


leaky_relu = elementwise(
    "leaky_relu(input, negative_slope: float = 0.01, inplace: bool = False)",
    _leaky_relu,
    (lambda g, out, x, negative_slope=0.01: ops.where(x > 0, g, g * negative_slope),),
    infer=activated,
    scratch=1,
    kinks=(0.0,),
    meaning="x where it is positive, negative_slope * x elsewhere.",
    example="leaky_relu([-1, 0, 2], 0.1)",
)


def _elu(x: Array, alpha: float = 1.0, out: Array | None = None) -> Any:
    out = room(x, out)
    growth = np.expm1(np.minimum(x, 0, out=out), out=out)
    return np.add(np.maximum(x, 0), np.multiply(growth, alpha, out=out), out=out)


def _elu_rule(g: Node, out: Node, x: Node, alpha: float = 1.0) -> Node:
    # The exponential sees no positive x, where it could overflow, and as in PyTorch the second
    # derivative at 0 is 0.
    growth = ops.exp(ops.where(x < 0, x, 0))
    return g * ops.where(x <= 0, growth if alpha == 1 else growth * alpha, 1)


elu = elementwise(
    "elu(input, alpha: float = 1.0, inplace: bool = False)",
    _elu,
    (_elu_rule,),
    scratch=1,
    infer=activated,
    kinks=(0.0,),
    meaning="x where it is positive, alpha * (exp(x) - 1) elsewhere.",
    example="elu([-1, 0, 2])",
)


def _softplus(
    x: Array, beta: float = 1.0, threshold: float = 20.0, out: Array | None = None
) -> Array:
    out = room(x, out)
    scaled = np.asarray(x * beta)
    above = scaled > threshold
    powers = np.exp(np.negative(np.abs(scaled, out=out), out=out), out=out)
    rising = np.maximum(scaled, 0, out=scaled)
    np.divide(np.add(np.log1p(powers, out=out), rising, out=out), beta, out=out)
    np.copyto(out, x, where=above)
    return out


def _softplus_rule(
    g: Node, out: Node, x: Node, beta: float = 1.0, threshold: float = 20.0
) -> Node:
    scaled = x if beta == 1 else x * beta
    # At the threshold itself the first derivative is the curve's, the second one the line's.
    curve = ops.sigmoid(ops.where(scaled >= threshold, threshold, scaled))
    return g * ops.where(scaled > threshold, 1, curve)


softplus = elementwise(
    "softplus(input, beta: float = 1.0, threshold: float = 20.0)",
    _softplus,
    (_softplus_rule,),
    scratch=1.125,
    infer=activated,
    meaning="log(1 + exp(beta * x)) / beta; x itself where beta * x is above the threshold.",
    example="softplus([-1, 0, 1000])",
    latex=r"\ln\left(1 + e^{{{}}}\right)",
)

# ----- Sigmoid-weighted units -----


def _silu(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    powers = np.exp(np.negative(x, out=out), out=out)
    return np.divide(x, np.add(powers, 1, out=out), out=out)


def _silu_rule(g: Node, out: Node, x: Node) -> Node:
    gate: Node = ops.sigmoid(x)
    return g * (gate * (1 + x * (1 - gate)))


silu = elementwise(
    "silu(input, inplace: bool = False)",
    _silu,
    (_silu_rule,),
    infer=activated,
    meaning="x * sigmoid(x).",
    example="silu([-1, 0, 2])",
)

# D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415: x times the normal
# distribution function, or its approximation by a tanh. With 1 + tanh(u) = 2 sigmoid(2 u) the
# approximation keeps its digits where x is very negative.
_CUBIC = 0.044715
_STEEPNESS = 2 * math.sqrt(2 / math.pi)


def _gelu(x: Array, approximate: str = "none", out: Array | None = None) -> Any:
    if approximate == "none":
        share = error_function_kernel.erfc(x * -math.sqrt(0.5))
        return np.multiply(x * 0.5, share, out=out)
    out = room(x, out)
    cubic = np.multiply(np.multiply(x, _CUBIC, out=out), x, out=out)
    exponent = np.multiply(x, np.add(cubic, 1, out=out), out=out)
    powers = np.exp(np.multiply(exponent, -_STEEPNESS, out=out), out=out)
    return np.divide(x, np.add(powers, 1, out=out), out=out)


def _gelu_type(input: Node, *, approximate: str = "none") -> Type:
    require_float(input, "gelu")
    if approximate == "none":
        return Type(input.shape, input.dtype, float64, {})
    if approximate == "tanh":
        return widened(input)._replace(parameters={"approximate": "tanh"})
    raise DifftoolError(
        f"gelu has no approximation {approximate!r}",
        kind="argument",
        hint="approximate is 'none' or 'tanh'",
    )


def _gelu_rule(g: Node, out: Node, x: Node, approximate: str = "none") -> Node:
    if approximate == "none":
        share = ops.erfc(x * -math.sqrt(0.5)) * 0.5
        density = ops.exp(x**2 * -0.5) / math.sqrt(2 * math.pi)
        return g * (share + x * density)
    share = ops.sigmoid(x * (1 + x**2 * _CUBIC) * _STEEPNESS)
    steepness = (1 + x**2 * (3 * _CUBIC)) * _STEEPNESS
    return g * (share * (1 + x * (1 - share) * steepness))


gelu = elementwise(
    "gelu(input, *, approximate: str = 'none')",
    _gelu,
    (_gelu_rule,),
    scratch=lambda node: 0 if node.parameters else 5,
    infer=_gelu_type,
    checks=(
        Check("gelu(x)", {"x": (2, 3)}),
        Check("gelu(x)", {"x": ()}, (-5.0, 5.0)),
        Check("gelu(x, approximate='tanh')", {"x": (2, 3)}),
        Check("gelu(x, approximate='tanh')", {"x": ()}, (-4.0, 4.0)),
    ),
    meaning="x times the probability that a standard normal number is below x.",
    example="gelu([-1, 0, 2])",
)
