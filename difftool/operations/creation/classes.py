"""Tensors and shapes made by calling PyTorch's classes: `torch.Tensor([1, 2])`, `torch.Size([2])`.

`literal` has `tensor`, which tells integers from floating-point numbers; these are of one type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import (
    DType,
    boolean,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    is_float,
    uint8,
)
from difftool.graph.node import Node, building
from difftool.operations.registry import Composite, composite, number_of, ops
from difftool.operations.shapes import Size, dtype_name


def _class(name: str, dtype: DType | None) -> Composite:
    """The class of tensors of `dtype`; None: of the default one, and of any that is given."""

    def made(data: Any = None, size: Sequence[int] | None = None) -> Node:
        own = dtype or building.default_dtype
        if isinstance(data, Node) and number_of(data) is None:
            return _shown(data, data.dtype if dtype is None else dtype)
        if isinstance(data, list | tuple):
            # By way of the numbers' own type: what stands behind a point falls away in integers.
            numbers: Node = ops.tensor(data, dtype=own if is_float(own) else None)
            return numbers if numbers.dtype == own else ops.to(numbers, dtype=own)
        if data is not None:
            size = (_length(data),)
        room: Node = ops.empty(size or (0,), dtype=own)
        return room

    kind = "the default type" if dtype is None else dtype_name(dtype)
    return Composite(
        (f"{name}(data: Any)", f"{name}(*size: int = ())"),
        made,
        meaning=f"A tensor of {kind}: of the numbers in lists, or of sizes, to be filled.",
        example=f"{name}([0, 1])",
    )


def _shown(data: Node, dtype: DType) -> Node:
    if data.dtype != dtype:
        raise DifftoolError(
            f"a tensor of {dtype_name(data.dtype)} is none of {dtype_name(dtype)}",
            kind="dtype",
            hint="convert it with .to(dtype)",
        )
    same: Node = ops.alias(data)
    return same


def _length(data: Any) -> int:
    number = number_of(data) if isinstance(data, Node) else data
    if not isinstance(number, int) or isinstance(number, bool):
        raise DifftoolError(
            "a class of tensors takes lists of numbers, or sizes",
            kind="argument",
            hint="torch.tensor(3.5) makes a tensor of one number",
        )
    return number


any_tensor = _class("Tensor", None)
double_tensor = _class("DoubleTensor", float64)
float_tensor = _class("FloatTensor", float32)
half_tensor = _class("HalfTensor", float16)
long_tensor = _class("LongTensor", int64)
int_tensor = _class("IntTensor", int32)
short_tensor = _class("ShortTensor", int16)
char_tensor = _class("CharTensor", int8)
byte_tensor = _class("ByteTensor", uint8)
bool_tensor = _class("BoolTensor", boolean)


@composite("Size(size: Size = ())", example="ones(Size([2, 3]))")
def shape_of_sizes(size: tuple[int, ...] = ()) -> Size:
    """A shape, as x.shape is one."""
    return Size(size)
