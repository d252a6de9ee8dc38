"""Conversion between element types, and the functions that hand a value on as it is.

`to` is also what the derivative walk brings a gradient to its value's dtype with.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import (
    TENSOR_TYPES,
    DType,
    boolean,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
)
from difftool.graph.node import Node, Operand
from difftool.operations import axes, batch
from difftool.operations.declare import same
from difftool.operations.registry import (
    Array,
    Check,
    Composite,
    Operation,
    Type,
    composite,
    constant,
    is_weak,
    ops,
)
from difftool.operations.shapes import dtype_name


class _To(Operation):
    """A tensor that has the dtype already is returned itself, as PyTorch does."""

    def __call__(self, *operands: Operand, **parameters: Any) -> Node:
        input, *like = [x if isinstance(x, Node) else constant(x) for x in operands]
        dtype = like[0].dtype if like else parameters["dtype"] or input.dtype
        if input.dtype == dtype and not is_weak(input) and not parameters.get("copy", False):
            return input
        return super().__call__(input, dtype=dtype)


def _converted(input: Node, dtype: DType) -> Type:
    return Type(input.shape, dtype)


def _convert(x: Array, dtype: DType, out: Array | None = None) -> Array:
    if out is None:
        return x.astype(dtype)
    np.copyto(out, x, casting="unsafe")
    return out


to = _To(
    (
        "to(input, dtype: DType, *, copy: bool = False)",
        "to(input, device: Device, dtype: DType | None = None, *, copy: bool = False)",
        "to(input, other, *, copy: bool = False)",
    ),
    _convert,
    _converted,
    (lambda g, out, x, dtype: g,),
    grad_fn="ToCopyBackward0",
    batch=batch.elementwise,
    meaning="The tensor with elements of another type; x itself if it has that type.",
    example="to([1, 2], float32)",
    checks=(Check("to(x, float64, copy=True) ^ 2", {"x": (2, 3)}),),
    narrow=True,
    layout=layout.preserved,
)


def _conversion(name: str, dtype: DType) -> Composite:
    return Composite(
        (f"{name}(input)",),
        lambda input: ops.to(input, dtype=dtype),
        meaning=f"The tensor with elements of type {dtype_name(dtype)}.",
        example=f"tensor([0, 1, 2]).{name}()",
    )


as_double = _conversion("double", float64)
as_float = _conversion("float", float32)
as_half = _conversion("half", float16)
as_long = _conversion("long", int64)
as_int = _conversion("int", int32)
as_short = _conversion("short", int16)
as_char = _conversion("char", int8)
as_byte = _conversion("byte", uint8)
as_bool = _conversion("bool", boolean)


@composite(
    "type(input, dtype: DType)",
    "type(input, dtype: str | None = None)",
    example="type([1, 2], float32)",
)
def as_type(input: Node, dtype: DType | str | None = None) -> Node | str:
    """The tensor with elements of type `dtype`; the name of its type where none is given."""
    if dtype is None:
        return next(f"torch.{name}" for name, own in TENSOR_TYPES.items() if own == input.dtype)
    if isinstance(dtype, str):
        asked = TENSOR_TYPES.get(dtype.removeprefix("torch."))
        if asked is None or not dtype.startswith("torch."):
            raise DifftoolError(
                f"type() has no tensors of the type {dtype!r}",
                kind="dtype",
                hint="'torch.DoubleTensor', 'torch.FloatTensor', or a dtype, as float64",
            )
        dtype = asked
    result: Node = ops.to(input, dtype=dtype)
    return result


@composite("cpu(input)", example="tensor([1, 2]).cpu()")
def cpu(input: Node) -> Node:
    """x itself: all tensors are in the processor's memory."""
    return input


def _itself(x: Array) -> Array:
    return x


clone = Operation(
    ("clone(input)",),
    _itself,
    same,
    (lambda g, out, x: g,),
    batch=batch.itself,
    meaning="A copy, through which gradients pass.",
    example="clone([1, 2])",
    checks=(Check("clone(x) ^ 2", {"x": (2, 3)}),),
    narrow=True,
    view=True,
    owned=True,
    rearranges=True,
    layout=layout.preserved,
)

detach = Operation(
    ("detach(input)",),
    _itself,
    same,
    batch=batch.elementwise,
    axes=axes.elementwise,
    meaning="The same values, through which no gradient passes.",
    example="detach([1, 2])",
    view=True,
    layout=layout.unchanged,
)
