"""Two or three tensors combined element by element, by one formula with one derivative.

Kernels are written so that large arguments don't overflow on the way; half precision is computed in
single and rounded once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, float16, float32, is_float
from difftool.graph.node import Node, Number
from difftool.operations.declare import (
    Infer,
    by_factor,
    elementwise,
    overwriting,
    promoted,
    widened,
)
from difftool.operations.registry import Array, Check, Type, number_of, ops
from difftool.operations.shapes import broadcast, dtype_name, require_float, require_tensors

# ----- A tensor and a share of a product or a quotient -----


def _added(function: str) -> Infer:
    """The type of addcmul or addcdiv; the factor `value` is a parameter only if it isn't 1."""

    def infer(input: Node, tensor1: Node, tensor2: Node, *, value: Number = 1) -> Type:
        require_tensors(function, input, tensor1, tensor2)
        type_ = promoted(input, tensor1, tensor2)
        if type_.dtype == boolean:
            raise DifftoolError(
                f"{function} is not defined for booleans",
                kind="dtype",
                hint="convert one of them, for instance with .double()",
            )
        if function == "addcdiv" and not (is_float(tensor1.dtype) or is_float(tensor2.dtype)):
            raise DifftoolError(
                "addcdiv divides no integers by integers",
                kind="dtype",
                hint="convert one of the two, for instance with .double()",
            )
        if not is_float(type_.dtype):
            value = int(value)
        parameters = {} if value == 1 else {"value": value}
        operand_dtype = float32 if type_.dtype == float16 else type_.dtype
        return type_._replace(operand_dtype=operand_dtype, parameters=parameters)

    return infer


addcmul = elementwise(
    (
        "addcmul(input, tensor1, tensor2, *, value: Number = 1)",
        "addcmul(input, value: Number, tensor1, tensor2)",
    ),
    lambda x, y, z, value=1, out=None: np.add(x, by_factor(y, value) * z, out=out),
    (
        lambda g, out, x, y, z, value=1: g,
        lambda g, out, x, y, z, value=1: g * by_factor(z, value),
        lambda g, out, x, y, z, value=1: g * by_factor(y, value),
    ),
    infer=_added("addcmul"),
    scratch=1,
    checks=(
        Check("addcmul(x, y, z)", {"x": (2, 3), "y": (3,), "z": (2, 1)}),
        Check("addcmul(x, y, z, value=-2)", {"x": (), "y": (3,), "z": (3,)}),
    ),
    meaning="x + value * y * z, element by element.",
    example="addcmul([1., 2.], [3., 4.], [5., 6.], value=0.5)",
    latex="{} + {} \\cdot {}",
)

addcdiv = elementwise(
    (
        "addcdiv(input, tensor1, tensor2, *, value: Number = 1)",
        "addcdiv(input, value: Number, tensor1, tensor2)",
    ),
    lambda x, y, z, value=1, out=None: np.add(x, by_factor(y, value) / z, out=out),
    (
        lambda g, out, x, y, z, value=1: g,
        lambda g, out, x, y, z, value=1: g * (value / z),
        lambda g, out, x, y, z, value=1: -g * (by_factor(y, value) / (z * z)),
    ),
    infer=_added("addcdiv"),
    scratch=1,
    checks=(
        Check("addcdiv(x, y, z)", {"x": (2, 3), "y": (3,), "z": (2, 1)}, (0.5, 2.0)),
        Check("addcdiv(x, y, z, value=-2)", {"x": (), "y": (3,), "z": (3,)}, (0.5, 2.0)),
    ),
    meaning="x + value * y / z, element by element.",
    example="addcdiv([1., 2.], [3., 4.], [5., 6.], value=0.5)",
    latex=r"{} + \frac{{{}}}{{{}}}",
)


def _between(x: Array, y: Array, weight: Array, out: Array | None = None) -> Any:
    """From the nearer end, so that the weights 0 and 1 give exactly x and y."""
    distance = y - x
    if weight.ndim == 0:
        if abs(weight) < 0.5:
            return np.add(x, weight * distance, out=out)
        return np.subtract(y, distance * (1 - weight), out=out)
    near = np.abs(weight) < 0.5
    steps = np.asarray(distance * np.where(near, weight, 1 - weight))
    return np.where(near, x + steps, y - steps)


def _between_type(input: Node, end: Node, weight: Node) -> Type:
    require_tensors("lerp", input, end)
    require_float(input, "lerp")
    number = number_of(weight) is not None
    for name, node in (("end", end), ("weight", weight)):
        single = name == "weight" and (number or node.shape == ())
        if node.dtype != input.dtype and not single:
            raise DifftoolError(
                f"lerp takes tensors of one dtype: input is {dtype_name(input.dtype)}, "
                f"{name} is {dtype_name(node.dtype)}",
                kind="dtype",
                hint="convert one of them, for instance with .double()",
            )
    shape = broadcast(input.shape, end.shape, weight.shape)
    return Type(shape, input.dtype, float32 if input.dtype == float16 else input.dtype)


lerp = elementwise(
    "lerp(input, end, weight)",
    _between,
    (
        lambda g, out, x, y, weight: g * (1 - weight),
        lambda g, out, x, y, weight: g * weight,
        lambda g, out, x, y, weight: g * (y - x),
    ),
    infer=_between_type,
    grad_fn=lambda node: (
        "LerpBackward1" if number_of(node.inputs[2]) is None else "LerpBackward0"
    ),
    scratch=lambda node: 4 if node.inputs[2].shape else 2,
    checks=(
        Check("lerp(x, y, 0.3)", {"x": (2, 3), "y": (3,)}),
        Check("lerp(x, y, z)", {"x": (3,), "y": (2, 1), "z": (2, 3)}, kinks=(-0.5, 0.5)),
    ),
    meaning="x + weight * (y - x): from x at weight 0 straight to y at weight 1.",
    example="lerp([0., 10.], [1., 20.], 0.5)",
)

# ----- Lengths and sums of powers -----


def _of_tensors(function: str) -> Infer:
    """Promoted tensors; none of the operands is a number, and the result is floating."""

    def infer(*inputs: Node) -> Type:
        require_tensors(function, *inputs)
        type_ = promoted(*inputs)
        if not is_float(type_.dtype):
            raise DifftoolError(
                f"{function} needs a floating-point tensor, not {dtype_name(type_.dtype)}",
                kind="dtype",
                hint="write the numbers with a point (2.0), or convert with .double()",
            )
        return type_

    return infer


hypot = elementwise(
    "hypot(input, other)",
    np.hypot,
    (lambda g, out, x, y: g * (x / out), lambda g, out, x, y: g * (y / out)),
    infer=_of_tensors("hypot"),
    domain=(0.5, 2.0),
    meaning="sqrt(x^2 + y^2), which neither overflows nor vanishes on the way.",
    example="hypot([3., 1e200], [4., 1e200])",
    latex=r"\sqrt{{{}^2 + {}^2}}",
)

logaddexp = elementwise(
    "logaddexp(input, other)",
    np.logaddexp,
    (
        lambda g, out, x, y: g / (1 + ops.exp(y - x)),
        lambda g, out, x, y: g / (1 + ops.exp(x - y)),
    ),
    infer=_of_tensors("logaddexp"),
    meaning="log(exp(x) + exp(y)), without their overflow.",
    example="logaddexp([0., 1000.], [0., 1000.])",
    latex=r"\ln\left(e^{{{}}} + e^{{{}}}\right)",
)

logaddexp2 = elementwise(
    "logaddexp2(input, other)",
    np.logaddexp2,
    (
        lambda g, out, x, y: g / (1 + 2 ** (y - x)),
        lambda g, out, x, y: g / (1 + 2 ** (x - y)),
    ),
    infer=_of_tensors("logaddexp2"),
    meaning="log2(2^x + 2^y), without their overflow.",
    example="logaddexp2([0., 2000.], [0., 2000.])",
    latex=r"\log_2\left(2^{{{}}} + 2^{{{}}}\right)",
)


def _times_power_type(input: Node, other: Node) -> Type:
    require_tensors("ldexp", input, other)
    if other.dtype == boolean and is_float(input.dtype):
        raise DifftoolError(
            "ldexp takes no booleans as exponents", kind="dtype", hint="convert them with .long()"
        )
    return widened(input, other)


@overwriting
def _times_power(x: Array, y: Array, out: Array | None = None) -> Any:
    return np.multiply(x, np.exp2(y), out=out)


ldexp = elementwise(
    "ldexp(input, other)",
    _times_power,
    (
        lambda g, out, x, y: g * 2**y,
        lambda g, out, x, y: g * out * math.log(2),
    ),
    infer=_times_power_type,
    scratch=1,
    meaning="x * 2^y.",
    example="ldexp([1., 3.], tensor([0, 4]))",
    latex=r"{} \cdot 2^{{{}}}",
)

# ----- Angles in degrees -----


def _scaled(factor: float) -> Any:
    def kernel(x: Array, out: Array | None = None) -> Any:
        return np.multiply(x, x.dtype.type(factor), out=out)

    return overwriting(kernel)


deg2rad = elementwise(
    "deg2rad(input)",
    _scaled(math.pi / 180),
    (lambda g, out, x: g * (math.pi / 180),),
    grad_fn="Deg2RadBackward0",
    meaning="An angle in degrees as radians: x * pi / 180.",
    example="deg2rad([0, 90, 180])",
)

rad2deg = elementwise(
    "rad2deg(input)",
    _scaled(180 / math.pi),
    (lambda g, out, x: g * (180 / math.pi),),
    grad_fn="Rad2DegBackward0",
    meaning="An angle in radians as degrees: x * 180 / pi.",
    example="rad2deg([0, pi])",
)
