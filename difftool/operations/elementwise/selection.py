"""Choosing between tensors: `where`, `masked_fill`, `minimum`, `maximum`, `clamp`.

The gradient goes to the operand that was chosen. At a tie, at a bound and at nan it goes where
PyTorch's goes: `minimum` and `maximum` share it, `clamp` passes it to x at its bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import boolean, category, uint8
from difftool.graph.node import Node, Operand
from difftool.operations import batch
from difftool.operations.declare import elementwise, promoted
from difftool.operations.indexing.index_range import require_number
from difftool.operations.registry import (
    Array,
    Check,
    Operation,
    Type,
    constant,
    is_weak,
    number_of,
    ops,
)
from difftool.operations.shapes import broadcast, dtype_name, result_dtype


class _Where(Operation):
    """A condition alone gives the places where it holds; uint8 is taken for booleans, too."""

    def __call__(self, *operands: Operand, **parameters: Any) -> Any:
        condition, *choices = operands
        if not choices:
            return ops.nonzero(condition, as_tuple=True)
        if isinstance(condition, Node) and condition.dtype == uint8:
            condition = ops.ne(condition, 0)
        return super().__call__(condition, *choices, **parameters)


def _choose(condition: Array, x: Array, y: Array, out: Array | None = None) -> Any:
    if x.dtype != y.dtype and (x.ndim == 0) != (y.ndim == 0):
        # A number in the wider default dtype must not widen the whole result on its way.
        if x.ndim == 0 and category(x.dtype) <= category(y.dtype):
            x = x.astype(y.dtype)
        elif y.ndim == 0 and category(y.dtype) <= category(x.dtype):
            y = y.astype(x.dtype)
    if x.dtype != y.dtype or not isinstance(x, np.ndarray):
        return np.where(condition, x, y)
    # On an irregular condition np.where waits for a mispredicted branch at every other element;
    # the same choice by the bits, y xor ((x xor y) times the condition), is up to ten times faster.
    bits = f"u{x.dtype.itemsize}"
    first, second = x.view(bits), y.view(bits)
    into = out if out is None or out.dtype != x.dtype else out.view(bits)
    given = into is not None
    chosen = np.asarray(np.bitwise_xor(first, second, out=into))
    if into is None and np.broadcast_shapes(chosen.shape, condition.shape) == chosen.shape:
        into = chosen
    chosen = np.asarray(np.multiply(chosen, condition, out=into))
    chosen = np.bitwise_xor(second, chosen, out=chosen)
    return out if given else chosen.view(x.dtype)


def _where_type(condition: Node, input: Node, other: Node) -> Type:
    if condition.dtype != boolean:
        raise DifftoolError(
            f"the condition of where is {dtype_name(condition.dtype)}, not boolean",
            kind="dtype",
            hint="compare, as in where(x > 0, x, y)",
        )
    shape = broadcast(condition.shape, input.shape, other.shape)
    return Type(shape, result_dtype((input, other)))


where = _Where(
    ("where(condition, input, other)", "where(condition)"),
    _choose,
    _where_type,
    (
        None,
        lambda g, out, condition, x, y: ops.where(condition, g, 0),
        lambda g, out, condition, x, y: ops.where(condition, 0, g),
    ),
    batch=batch.elementwise,
    meaning="Elements of `input` where the condition holds, of `other` elsewhere.",
    example="where([True, False], [1, 2], 0)",
    checks=(
        Check("where(x > 0, x ^ 3, y ^ 2)", {"x": (2, 3), "y": (3,)}, kinks=(0.0,)),
        Check("where(x < 0, y, sin(x))", {"x": (3,), "y": ()}, kinks=(0.0,)),
    ),
    narrow=True,
    latex=r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
)

def _filled_type(input: Node, mask: Node, value: Node) -> Type:
    if mask.dtype != boolean:
        raise DifftoolError(
            f"the mask of masked_fill is {dtype_name(mask.dtype)}, not boolean",
            kind="dtype",
            hint="compare, as in masked_fill(x, x > 0, 1)",
        )
    if value.shape != ():
        raise DifftoolError(
            f"masked_fill fills in one number, not a tensor of shape {value.shape}",
            kind="shape",
            hint="where(mask, value, x) takes tensors",
        )
    require_number(value, input)
    return Type(broadcast(input.shape, mask.shape), input.dtype)


masked_fill = Operation(
    ("masked_fill(input, mask, value)",),
    lambda x, mask, value, out=None: _choose(mask, value.astype(x.dtype), x, out),
    _filled_type,
    (
        lambda g, out, x, mask, value: ops.masked_fill(g, mask, 0),
        None,
        lambda g, out, x, mask, value: ops.where(mask, g, 0),
    ),
    grad_fn=lambda node: (
        "MaskedFillBackward1" if number_of(node.inputs[2]) is None else "MaskedFillBackward0"
    ),
    batch=batch.elementwise,
    meaning="The tensor with one number, of its own dtype, where the mask holds.",
    example="masked_fill([1., 2.], [True, False], -inf)",
    checks=(
        Check("masked_fill(x ^ 2, y > 0, s ^ 2)", {"x": (2, 3), "y": (3,), "s": ()}, kinks=(0.0,)),
        Check("masked_fill(x ^ 2, y > 0, 1)", {"x": (3,), "y": (2, 1)}, kinks=(0.0,)),
    ),
    narrow=True,
    layout=lambda node, *strides: layout.contiguous(node.shape),
)

minimum = elementwise(
    "minimum(input, other)",
    np.minimum,
    (
        lambda g, out, x, y: ops.where(x > y, 0, ops.where(ops.eq(x, y), g / 2, g)),
        lambda g, out, x, y: ops.where(x < y, 0, ops.where(ops.eq(x, y), g / 2, g)),
    ),
    infer=promoted,
    checks=(Check("minimum(x, y ^ 2 + 3)", {"x": (2, 3), "y": (3,)}),),
    meaning="The smaller of x and y; a tie shares the gradient, and nan wins.",
    example="minimum([1, 5], [2, 3])",
    latex=r"\min\left({}, {}\right)",
)

maximum = elementwise(
    "maximum(input, other)",
    np.maximum,
    (
        lambda g, out, x, y: ops.where(x < y, 0, ops.where(ops.eq(x, y), g / 2, g)),
        lambda g, out, x, y: ops.where(x > y, 0, ops.where(ops.eq(x, y), g / 2, g)),
    ),
    infer=promoted,
    checks=(Check("maximum(x ^ 2, y - 3)", {"x": (2, 3), "y": (3,)}),),
    meaning="The larger of x and y; a tie shares the gradient, and nan wins.",
    example="maximum([1, 5], [2, 3])",
    latex=r"\max\left({}, {}\right)",
)


class _Clamp(Operation):
    """Bounds that are tensors are inputs; numbers, and None for no bound, are parameters."""

    def __call__(self, *operands: Operand | None, **parameters: Any) -> Node:
        names = [name for name in ("input", "min", "max") if name not in parameters]
        given = {"min": None, "max": None, **parameters, **dict(zip(names, operands, strict=False))}
        inputs = [given.pop("input")]
        for name in ("min", "max"):
            if isinstance(given[name], Node):
                inputs.append(given.pop(name))
        return super().__call__(*inputs, **given)


def _bounds(tensors: tuple[Any, ...], numbers: Mapping[str, Any]) -> tuple[Any, Any]:
    """The lower and the upper bound, None where there is none."""
    waiting = iter(tensors)
    lower, upper = [
        numbers[name] if name in numbers else next(waiting) for name in ("min", "max")
    ]
    return lower, upper


def _clamp(x: Array, *tensors: Array, out: Array | None = None, **numbers: Any) -> Array:
    lower, upper = _bounds(tensors, numbers)
    if out is None and np.broadcast_shapes(x.shape, *[y.shape for y in tensors]) == x.shape:
        out = np.empty_like(x)
    if lower is not None:
        x = np.maximum(x, lower, out=out)
    return x if upper is None else np.minimum(x, upper, out=out)


def _clamp_type(input: Node, *tensors: Node, **numbers: Any) -> Type:
    given = [number for number in numbers.values() if number is not None]
    if not tensors and not given:
        raise DifftoolError(
            "clamp has no bound", kind="argument", hint="give min=, max= or both"
        )
    if tensors and (given or any(is_weak(bound) for bound in tensors)):
        raise DifftoolError(
            "clamp takes two numbers or two tensors as bounds, not one of each",
            kind="argument",
            hint="make the number a tensor, as in tensor(0.)",
        )
    dtype = result_dtype((input, *tensors, *map(constant, given)))
    if dtype.kind in "iu":
        for number in given:
            if int(number) != int(np.array(number).astype(dtype)):
                raise DifftoolError(
                    f"the bound {number} is out of range for {dtype_name(dtype)}",
                    kind="dtype",
                    hint="convert the tensor to a wider dtype, for instance with .long()",
                )
    shape = broadcast(input.shape, *[bound.shape for bound in tensors])
    return Type(shape, dtype, dtype)


def _clamp_rule(g: Node, out: Node, x: Node, *tensors: Node, **numbers: Any) -> Node:
    """The gradient passes where x is within the bounds, and at them."""
    lower, upper = _bounds(tensors, numbers)
    if upper is None:
        return _choice(x >= lower, g)
    if lower is None:
        return _choice(x <= upper, g)
    return _choice(ops.bitwise_and(x >= lower, x <= upper), g)


def _clamp_min_rule(g: Node, x: Node, lower: Node, upper: Node | None) -> Node:
    below = x < lower
    return _choice(below if upper is None else ops.bitwise_and(below, lower < upper), g)


def _clamp_max_rule(g: Node, x: Node, lower: Node | None, upper: Node) -> Node:
    above = x > upper
    return _choice(above if lower is None else ops.bitwise_or(above, upper < lower), g)


def _clamp_bound_rule(g: Node, out: Node, x: Node, *tensors: Node, **numbers: Any) -> Node:
    lower, upper = _bounds(tensors, numbers)
    if lower is None:
        return _clamp_max_rule(g, x, lower, upper)
    return _clamp_min_rule(g, x, lower, upper)


def _choice(condition: Node, g: Node) -> Node:
    result: Node = ops.where(condition, g, 0)
    return result


clamp = _Clamp(
    (
        "clamp(input, min: Number | None = None, max: Number | None = None)",
        "clamp(input, min=None, max=None)",
    ),
    _clamp,
    _clamp_type,
    (
        _clamp_rule,
        _clamp_bound_rule,
        lambda g, out, x, lower, upper: _clamp_max_rule(g, x, lower, upper),
    ),
    aliases=("clip",),
    scratch=lambda node: 0 if node.shape == node.inputs[0].shape else 1,
    grad_fn=lambda node: "ClampBackward0" if len(node.inputs) > 1 else "ClampBackward1",
    batch=batch.elementwise,
    meaning="x brought between min and max; the gradient passes at the bounds too.",
    example="clamp([-1, 0.5, 2], 0, 1)",
    checks=(
        Check("clamp(x ^ 2, 0.5, 2)", {"x": (2, 3)}, kinks=(-(0.5**0.5), 0.5**0.5, 2**0.5)),
        Check("clamp(x, max=1)", {"x": ()}, kinks=(1.0,)),
        Check("clamp(x, y - 3, y + 1)", {"x": (2, 3), "y": (3,)}, (0.1, 0.9)),
        Check("clamp(x, min=y + 1)", {"x": (2, 3), "y": (3,)}, (0.1, 0.9)),
        Check("clamp(x, max=y - 1)", {"x": (3,), "y": (2, 1)}, (0.1, 0.9)),
    ),
    narrow=True,
)
