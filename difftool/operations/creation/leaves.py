"""What creation functions share: leaves whose value a kernel computes from parameters alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, int64, is_float
from difftool.graph.node import Node, Number, Shape, building
from difftool.operations.axes import Axes
from difftool.operations.registry import Operation, Type
from difftool.operations.shapes import possible_shape


def sized(*, size: Sequence[int], dtype: DType, **rest: Any) -> Type:
    return Type(valid_size(size), dtype, None, {"size": tuple(size), "dtype": dtype, **rest})


def valid_size(size: Sequence[int]) -> Shape:
    if any(length < 0 for length in size):
        raise DifftoolError(
            f"{tuple(size)} is not a shape: sizes are not negative",
            kind="shape",
            hint="give the number of elements along each dimension",
        )
    return possible_shape(tuple(size))


def source(
    name: str,
    kernel: Callable[..., Any],
    axes: Callable[[Node], Axes] | None = None,
    scratch: float | Callable[[Node], float] = 0,
) -> Operation:
    """The operation of a leaf: `kernel(size=..., dtype=..., **parameters)` computes its value."""
    return Operation(
        (f"{name}()",), kernel, sized, axes=axes, scratch=scratch, meaning="", example=""
    )


def made_leaf(node: Node, requires_grad: bool) -> Node:
    if requires_grad and not is_float(node.dtype):
        raise DifftoolError(
            f"only floating-point tensors can require gradients, this one is {node.dtype.name}",
            kind="dtype",
            hint="write the numbers with a point (1.0), or give dtype=float64",
        )
    node.requires_grad = requires_grad
    return node


def require_room(numbers: Sequence[Number], dtype: DType) -> None:
    """Refuse numbers that an integer dtype can't hold; uint8 takes negative ones, which wrap."""
    if dtype.kind not in "iu":
        return
    limits = np.iinfo(dtype.name)
    low = -limits.max if dtype.kind == "u" else limits.min
    for number in numbers:
        if not low <= number <= limits.max:
            raise DifftoolError(
                f"{number if abs(number) < 1e25 else float(number)} does not fit into {dtype.name}",
                kind="value",
                hint=f"{dtype.name} goes from {limits.min} to {limits.max}; "
                "a number with a point (1.0) is floating-point",
            )


def dtype_of(items: Sequence[Any]) -> DType:
    """PyTorch's dtype for Python numbers: the widest kind among them decides."""
    kinds = {type(item) for item in items}
    if float in kinds or not kinds:
        return building.default_dtype
    return int64 if int in kinds else boolean
