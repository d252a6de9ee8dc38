"""Smooth activation functions: exponential below zero, gates, and composites of other functions.

`common` has those that networks are mostly made of. At 0 the derivatives are PyTorch's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import float16, float32
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.activations.activation_type import activated
from difftool.operations.declare import elementwise, room
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import normal_dim, require_float

# ----- Exponential below zero -----


def _celu_type(input: Node, *, alpha: float = 1.0, inplace: bool = False) -> Type:
    if alpha == 0:
        raise DifftoolError(
            "celu divides by alpha, which is 0",
            kind="argument",
            hint="relu(x) is what it comes to as alpha goes to 0",
        )
    return activated(input, inplace=inplace, alpha=alpha)


def _celu(x: Array, alpha: float = 1.0, out: Array | None = None) -> Any:
    out = room(x, out)
    below = np.asarray(np.minimum(x, 0))
    np.expm1(np.divide(below, alpha, out=below), out=below)
    np.multiply(below, alpha, out=below)
    return np.add(np.maximum(x, 0, out=out), below, out=out)


def _below(x: Node) -> Node:
    """x where it is negative: at 0 PyTorch's second derivative is 0, so it is cut off there."""
    below: Node = ops.where(x < 0, x, 0)
    return below


def _celu_rule(g: Node, out: Node, x: Node, alpha: float = 1.0) -> Node:
    # PyTorch divides by alpha in single precision here.
    steepness = 1 / float(np.float32(alpha))
    growth = ops.exp(_below(x) * steepness) * (alpha * steepness)
    return g * ops.where(x <= 0, growth, 1)


celu = elementwise(
    "celu(input, alpha: float = 1.0, inplace: bool = False)",
    _celu,
    (_celu_rule,),
    infer=_celu_type,
    scratch=1,
    kinks=(0.0,),
    checks=(
        Check("celu(x)", {"x": (2, 3)}, kinks=(0.0,)),
        Check("celu(x, 0.5)", {"x": ()}, kinks=(0.0,)),
    ),
    meaning="x where it is positive, alpha * (exp(x / alpha) - 1) elsewhere.",
    example="celu([-1, 0, 2])",
)

# G. Klambauer et al., "Self-Normalizing Neural Networks", arXiv:1706.02515: the constants that
# keep mean 0 and variance 1.
_ALPHA = 1.6732632423543772848170429916717
_SCALE = 1.0507009873554804934193349852946


def _selu(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    below = np.asarray(np.minimum(x, 0))
    np.multiply(np.expm1(below, out=below), _ALPHA * _SCALE, out=below)
    np.multiply(np.maximum(x, 0, out=out), _SCALE, out=out)
    return np.add(out, below, out=out)


selu = elementwise(
    "selu(input, inplace: bool = False)",
    _selu,
    (
        lambda g, out, x: (
            g * ops.where(x <= 0, ops.exp(_below(x)) * (_ALPHA * _SCALE), _SCALE)
        ),
    ),
    infer=activated,
    grad_fn="EluBackward0",
    scratch=1,
    kinks=(0.0,),
    meaning="1.0507 times elu with alpha = 1.6733, which keep mean 0 and variance 1.",
    example="selu([-1, 0, 2])",
)

# ----- Gates -----


def _mish(x: Array, out: Array | None = None) -> Any:
    gate = np.asarray(np.logaddexp(x, x.dtype.type(0)))
    return np.multiply(x, np.tanh(gate, out=gate), out=out)


def _mish_rule(g: Node, out: Node, x: Node) -> Node:
    gate: Node = ops.tanh(ops.softplus(x))
    return g * (gate + x * ops.sigmoid(x) * (1 - gate * gate))


mish = elementwise(
    "mish(input, inplace: bool = False)",
    _mish,
    (_mish_rule,),
    infer=activated,
    scratch=1,
    meaning="x * tanh(softplus(x)).",
    example="mish([-1, 0, 2])",
)


def _logsigmoid(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    powers = np.asarray(np.abs(x))
    np.exp(np.negative(powers, out=powers), out=powers)
    np.log1p(powers, out=powers)
    return np.subtract(np.minimum(x, 0, out=out), powers, out=out)


logsigmoid = elementwise(
    "logsigmoid(input)",
    _logsigmoid,
    (lambda g, out, x: g * ops.sigmoid(-x),),
    infer=activated,
    grad_fn="LogSigmoidBackward0",
    layout=lambda node, strides: layout.contiguous(node.shape),
    scratch=1,
    meaning="log(sigmoid(x)).",
    example="logsigmoid([-1000, 0, 2])",
)


def _halves(x: Array, dim: int) -> list[Array]:
    return np.split(x, 2, dim)


def _glu_type(input: Node, *, dim: int = -1) -> Type:
    require_float(input, "glu")
    if input.ndim == 0:
        raise DifftoolError(
            "glu halves a dimension, and a tensor of shape () has none",
            kind="shape",
            hint="give a tensor with a dimension of even length",
        )
    dim = normal_dim(dim, input.ndim)
    length = input.shape[dim]
    if length % 2:
        raise DifftoolError(
            f"glu halves dimension {dim}, whose length is {length}",
            kind="shape",
            hint="the length has to be even",
        )
    shape = (*input.shape[:dim], length // 2, *input.shape[dim + 1 :])
    operand_dtype = float32 if input.dtype == float16 else None
    return Type(shape, input.dtype, operand_dtype, {"dim": dim})


def _glu(x: Array, dim: int) -> Any:
    first, second = _halves(x, dim)
    return first / (1 + np.exp(-second))


def _glu_rule(g: Node, out: Node, x: Node, dim: int) -> Node:
    half = x.shape[dim] // 2
    first = ops.slice(x, dim=dim, start=0, end=half)
    gate: Node = ops.sigmoid(ops.slice(x, dim=dim, start=half, end=2 * half))
    passed = g * gate
    return ops.cat(passed, passed * (1 - gate) * first, dim=dim)


def _glu_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    (x,) = inputs
    gated: Node = ops.glu(x, dim=node.parameters["dim"] + 1)
    return gated


glu = Operation(
    ("glu(input, dim: int = -1)",),
    _glu,
    _glu_type,
    (_glu_rule,),
    layout=lambda node, strides: layout.iterated(node.shape, [node.shape], [strides]),
    batch=_glu_batch,
    axes=axes.along,
    scratch=0.5,
    checks=(
        Check("glu(x)", {"x": (2, 4)}),
        Check("glu(x, 0)", {"x": (2, 3)}),
    ),
    meaning="The first half along dim times the sigmoid of the second half.",
    example="glu([[1., 2., 0., 100.]])",
)

# ----- What PyTorch composes of other functions -----


@composite(
    "tanhshrink(input)",
    example="tanhshrink([-1, 0, 2])",
    checks=(Check("tanhshrink(x)", {"x": (2, 3)}),),
)
def tanhshrink(input: Node) -> Node:
    """x - tanh(x)."""
    return input - ops.tanh(input)


@composite(
    "softsign(input)",
    example="softsign([-1, 0, 2])",
    checks=(Check("softsign(x)", {"x": (2, 3)}, kinks=(0.0,)),),
)
def softsign(input: Node) -> Node:
    """x / (1 + |x|)."""
    return input / (ops.abs(input) + 1)
