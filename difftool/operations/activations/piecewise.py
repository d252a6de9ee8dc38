"""Activation functions of straight lines: linear or square between their kinks.

At kinks, at thresholds and for nan the derivatives are PyTorch's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import is_float
from difftool.graph.node import Node, Number
from difftool.operations.activations.activation_type import activated, refuse_in_place
from difftool.operations.declare import elementwise, overwriting, room, same
from difftool.operations.registry import Array, Check, Type, composite, ops
from difftool.operations.shapes import dtype_name, refuse_booleans, require_float

# ----- Between two bounds -----


def _hardtanh_type(
    input: Node, *, min_val: Number = -1.0, max_val: Number = 1.0, inplace: bool = False
) -> Type:
    refuse_in_place(inplace)
    refuse_booleans("hardtanh", input)
    if min_val > max_val:
        raise DifftoolError(
            f"hardtanh has the bounds {min_val} and {max_val}",
            kind="argument",
            hint="min_val is not above max_val",
        )
    if not is_float(input.dtype):
        min_val, max_val = int(min_val), int(max_val)
        if input.dtype.kind == "u" and min_val < 0:
            raise DifftoolError(
                f"hardtanh of a {dtype_name(input.dtype)} tensor has no negative bound",
                kind="dtype",
                hint="give min_val=0, or convert the tensor with .long()",
            )
    return same(input)._replace(parameters={"min_val": min_val, "max_val": max_val})


def _hardtanh_rule(g: Node, out: Node, x: Node, min_val: Number, max_val: Number) -> Node:
    """0 at the bounds already."""
    beyond = ops.bitwise_or(x <= min_val, x >= max_val)
    result: Node = ops.where(beyond, 0, g)
    return result


@overwriting
def _hardtanh(x: Array, min_val: Number, max_val: Number, out: Array | None = None) -> Any:
    return np.clip(x, min_val, max_val, out=out)


hardtanh = elementwise(
    "hardtanh(input, min_val: Number = -1.0, max_val: Number = 1.0, inplace: bool = False)",
    _hardtanh,
    (_hardtanh_rule,),
    infer=_hardtanh_type,
    checks=(
        Check("hardtanh(x) * x", {"x": (2, 3)}, kinks=(-1.0, 1.0)),
        Check("hardtanh(x, -0.5, 1.5)", {"x": ()}, kinks=(-0.5, 1.5)),
    ),
    meaning="x brought between min_val and max_val; the derivative is 0 at the bounds too.",
    example="hardtanh([-2, 0.5, 2])",
)


@composite(
    "relu6(input, inplace: bool = False)",
    example="relu6([-1, 3, 7])",
    checks=(Check("relu6(x) * x", {"x": (2, 3)}, (-3.0, 9.0), (0.0, 6.0)),),
)
def relu6(input: Node, inplace: bool = False) -> Node:
    """x brought between 0 and 6: hardtanh of these bounds."""
    result: Node = ops.hardtanh(input, min_val=0.0, max_val=6.0, inplace=inplace)
    return result


@overwriting
def _hardsigmoid(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    np.clip(np.add(x, 3, out=out), 0, 6, out=out)
    return np.divide(out, 6, out=out)


def _inside(x: Node) -> Node:
    """Whether x is between -3 and 3, the kinks of hardsigmoid and hardswish."""
    inside: Node = ops.bitwise_and(x > -3, x < 3)
    return inside


# PyTorch's gradient has a sixth in single precision, whatever the dtype.
_SIXTH = float(np.float32(1) / np.float32(6))

hardsigmoid = elementwise(
    "hardsigmoid(input, inplace: bool = False)",
    _hardsigmoid,
    (lambda g, out, x: ops.where(_inside(x), g * _SIXTH, 0),),
    infer=activated,
    domain=(-5.0, 5.0),
    kinks=(-3.0, 3.0),
    meaning="(x + 3) / 6 brought between 0 and 1.",
    example="hardsigmoid([-4, 0, 4])",
)


def _hardswish(x: Array, out: Array | None = None) -> Any:
    out = room(x, out)
    return np.multiply(x, _hardsigmoid(x, out), out=out)


def _hardswish_rule(g: Node, out: Node, x: Node) -> Node:
    return ops.where(x <= -3, 0, ops.where(x < 3, g * (x / 3 + 0.5), g))


hardswish = elementwise(
    "hardswish(input, inplace: bool = False)",
    _hardswish,
    (_hardswish_rule,),
    infer=activated,
    domain=(-5.0, 5.0),
    kinks=(-3.0, 3.0),
    meaning="x * hardsigmoid(x).",
    example="hardswish([-4, 0, 4])",
)

# ----- Nothing around zero -----


def _outside(x: Node, lambd: Number) -> Node:
    """Whether the gradient passes; it does for nan."""
    outside: Node = ops.bitwise_not(ops.bitwise_and(x >= -lambd, x <= lambd))
    return outside


def _shrink_rule(g: Node, out: Node, x: Node, lambd: Number = 0.5) -> Node:
    result: Node = ops.where(_outside(x, lambd), g, 0)
    return result


hardshrink = elementwise(
    "hardshrink(input, lambd: Number = 0.5)",
    lambda x, lambd=0.5: np.where((x >= -lambd) & (x <= lambd), x.dtype.type(0), x),
    (_shrink_rule,),
    infer=activated,
    scratch=0.125,
    kinks=(-0.5, 0.5),
    meaning="x, but 0 where it is not beyond -lambd or lambd.",
    example="hardshrink([-1, 0.5, 2])",
)


def _softshrink_type(input: Node, *, lambd: Number = 0.5) -> Type:
    type_ = activated(input, lambd=lambd)
    if not 0 <= lambd < math.inf:
        raise DifftoolError(
            f"softshrink has the lambd {lambd}",
            kind="argument",
            hint="lambd is 0 or more",
        )
    return type_


def _softshrink(x: Array, lambd: Number = 0.5) -> Any:
    """x - lambd above, x + lambd below, and between them a zero of the sign of x."""
    inside = np.clip(x, -lambd, lambd)
    return np.where(inside == x, x * 0, x - inside)


softshrink = elementwise(
    "softshrink(input, lambd: Number = 0.5)",
    _softshrink,
    (_shrink_rule,),
    infer=_softshrink_type,
    scratch=3.25,
    kinks=(-0.5, 0.5),
    meaning="x moved towards 0 by lambd, and no further than there.",
    example="softshrink([-1, 0.25, 2])",
)


def _threshold_type(
    input: Node, *, threshold: Number, value: Number, inplace: bool = False
) -> Type:
    refuse_in_place(inplace)
    refuse_booleans("threshold", input)
    if not is_float(input.dtype):
        threshold, value = int(threshold), int(value)
    return same(input)._replace(parameters={"threshold": threshold, "value": value})


threshold = elementwise(
    "threshold(input, threshold: Number, value: Number, inplace: bool = False)",
    lambda x, threshold, value: np.where(x <= threshold, x.dtype.type(value), x),
    (lambda g, out, x, threshold, value: ops.where(x <= threshold, 0, g),),
    infer=_threshold_type,
    scratch=0.25,
    checks=(Check("threshold(x, 0.5, 3) * x", {"x": (2, 3)}, kinks=(0.5,)),),
    meaning="x where it is above the threshold, value elsewhere.",
    example="threshold([-1, 0.5, 2], 0.5, 9)",
)

# ----- A slope below zero -----


def _sloped(x: Array, slope: Any) -> Any:
    return np.where(x > 0, x, x * slope)


def _prelu_rule(g: Node, out: Node, x: Node, weight: Node) -> Node:
    """At 0 the slope is the weight's, but a second derivative has no part in it."""
    slope = ops.where(ops.eq(x, 0), ops.detach(weight), weight)
    passed: Node = ops.where(x > 0, g, g * slope)
    return passed


_prelu_kernel = elementwise(
    "prelu(input, weight)",
    _sloped,
    (_prelu_rule, lambda g, out, x, weight: ops.where(x >= 0, 0, g * x)),
    grad_fn="PreluKernelBackward0",
    scratch=1.25,
    checks=(),
    meaning="",
    example="",
)


@composite(
    "prelu(input, weight)",
    example="prelu([-1., 2.], [0.25])",
    checks=(
        Check("prelu(x, y)", {"x": (2, 3), "y": (3,)}, kinks=(0.0,)),
        Check("prelu(x, y)", {"x": (3,), "y": ()}, kinks=(0.0,)),
    ),
)
def prelu(input: Node, weight: Node) -> Node:
    """x where it is positive, weight * x elsewhere; one weight, or one for each channel (dim 1)."""
    require_float(input, "prelu")
    if weight.dtype != input.dtype:
        raise DifftoolError(
            f"prelu takes tensors of one dtype, not {dtype_name(input.dtype)} "
            f"and {dtype_name(weight.dtype)}",
            kind="dtype",
            hint="convert the weight to the dtype of the input",
        )
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.ndim > 1 or weight.size not in (1, channels if input.ndim else 1):
        raise DifftoolError(
            f"prelu has a weight of shape {weight.shape} for {channels} channels",
            kind="shape",
            hint="give one weight, or one for each channel, which is dimension 1",
        )
    if weight.ndim != input.ndim:
        shape = [1] * input.ndim
        if input.ndim > 1:
            shape[1] = weight.size
        weight = ops.reshape(weight, tuple(shape))
    return _prelu_kernel(input, weight)


_leaky = elementwise(
    "rrelu(input)",
    _sloped,
    (lambda g, out, x, slope: ops.where(x > 0, g, g * slope),),
    infer=activated,
    grad_fn="RreluWithNoiseBackward0",
    layout=lambda node, strides: layout.contiguous(node.shape),
    scratch=1.25,
    checks=(),
    meaning="",
    example="",
)


@composite(
    "rrelu(input, lower: float = 0.125, upper: float = 0.3333333333333333, "
    "training: bool = False, inplace: bool = False)",
    example="rrelu([-1., 2.])",
    checks=(Check("rrelu(x) * x", {"x": (2, 3)}, kinks=(0.0,)),),
)
def rrelu(
    input: Node,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Node:
    """x where it is positive, elsewhere times the mean of lower and upper."""
    refuse_in_place(inplace)
    if training:
        raise DifftoolError(
            "rrelu with training=True draws random slopes",
            kind="unsupported",
            hint="leave training=True out, or give leaky_relu the slope",
        )
    if lower > upper:
        raise DifftoolError(
            f"rrelu has the bounds {lower} and {upper}",
            kind="argument",
            hint="lower is not above upper",
        )
    return _leaky(input, slope=(lower + upper) / 2)
