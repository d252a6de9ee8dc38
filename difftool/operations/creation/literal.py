"""Numbers in the text: tensors from nested lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, int64, is_float
from difftool.graph.node import Node, Number, Shape, building
from difftool.operations.creation.leaves import dtype_of, made_leaf, require_room
from difftool.operations.registry import Operation, Type, composite, number_of, ops
from difftool.operations.shapes import MOST_DIMENSIONS, MOST_NUMBERS
from difftool.operations.values import value_of


@composite(
    "tensor(data: Any, *, dtype: DType | None = None, requires_grad: bool = False)",
    example="tensor([0.1, 1.0], dtype=float32)",
    aliases=("array",),
)
def tensor(
    data: Any,
    dtype: DType | None = None,
    requires_grad: bool = False,
    literal: bool = False,
) -> Node:
    """A tensor of the numbers in nested lists; whole numbers make integers, as in PyTorch.

    With `literal` (a list where a tensor is expected) whole numbers are of the default floating
    dtype, and tensors in the list are stacked and stay differentiable.
    """
    if isinstance(data, Node) and number_of(data) is None:
        detached: Node = ops.detach(data)
        if dtype is not None and dtype != detached.dtype:
            detached = ops.to(detached, dtype=dtype)
        return made_leaf(detached, requires_grad)
    items, shape = _flattened(data)
    nodes = [item for item in items if isinstance(item, Node)]
    if nodes and literal:
        stacked: Node = ops.stack(*items)
        return stacked if len(shape) == 1 else ops.reshape(stacked, shape + stacked.shape[1:])
    if nodes:
        items = [_number_in(item) if isinstance(item, Node) else item for item in items]
    if dtype is None:
        dtype = dtype_of(items)
        if literal and dtype == int64:
            dtype = building.default_dtype
    require_room(items, dtype)
    # What is too large for a narrow float is infinite in it.
    with np.errstate(over="ignore"):
        value = np.array(items, dtype if is_float(dtype) else None)
    # By way of int64 negative numbers wrap in uint8, also those written with a point.
    value = value.astype(np.int64 if dtype.kind == "u" else dtype).astype(dtype)
    return made_leaf(_tensor(value=value.reshape(shape)), requires_grad)


@composite(
    "as_tensor(data: Any, dtype: DType | None = None, *, copy: bool | None = None)",
    example="as_tensor([0.1, 1.0])",
    aliases=("asarray",),
)
def as_tensor(data: Any, dtype: DType | None = None, copy: bool | None = None) -> Node:
    """A tensor of the numbers in nested lists, or x itself: then its gradient passes."""
    if isinstance(data, Node) and number_of(data) is None:
        same = data if dtype is None else ops.to(data, dtype=dtype)
        return ops.clone(same) if copy and same is data else same
    made: Node = ops.tensor(data, dtype=dtype)
    return made


def _number_in(node: Node) -> Number:
    """The number in a 0-d tensor, without its gradient."""
    if node.size != 1:
        raise DifftoolError(
            f"tensor(...) takes numbers, not a tensor of shape {node.shape}",
            kind="argument",
            hint="stack([...]) and cat([...]) join tensors and keep their gradients",
        )
    number: Number = value_of(node).item()
    return number


_tensor = Operation(
    ("tensor()",),
    lambda *, value: value,
    lambda *, value: Type(value.shape, value.dtype),
    meaning="",
    example="",
)


def _flattened(data: Any) -> tuple[list[Any], Shape]:
    """The items of nested lists in order, and the shape of the nesting."""
    level: list[Any] = [data]
    shape: list[int] = []
    while level and isinstance(level[0], list | tuple):
        length = len(level[0])
        for place, item in enumerate(level):
            if not isinstance(item, list | tuple) or len(item) != length:
                found = f"{len(item)} items" if isinstance(item, list | tuple) else "a number"
                raise DifftoolError(
                    f"a list is ragged: item {_path(place, shape)} has {found}, "
                    f"item {_path(0, shape)} has {length} items",
                    kind="shape",
                    hint="lists in one tensor must have equal lengths",
                )
        shape.append(length)
        if len(shape) > MOST_DIMENSIONS:
            raise DifftoolError(
                f"lists are nested deeper than NumPy's {MOST_DIMENSIONS} dimensions",
                kind="shape",
                hint="use fewer brackets",
            )
        if len(level) * length > MOST_NUMBERS:
            raise DifftoolError(
                f"lists of more than {MOST_NUMBERS} numbers",
                kind="limit",
                hint="give a tensor of that size as an input from a file",
            )
        level = [item for row in level for item in row]
    for place, item in enumerate(level):
        if not isinstance(item, bool | int | float | Node):
            found = "a list" if isinstance(item, list | tuple) else repr(item)
            raise DifftoolError(
                f"item {_path(place, shape)} of a tensor is {found}, not a number",
                kind="shape" if isinstance(item, list | tuple) else "value",
                hint="tensors hold numbers and booleans, in lists of equal lengths",
            )
    return level, tuple(shape)


def _path(place: int, shape: Sequence[int]) -> str:
    """The place of a flat index in nested lists: [1][0]."""
    path = []
    for length in reversed(shape):
        path.append(place % length)
        place //= length
    return "".join(f"[{index}]" for index in reversed(path)) or "[0]"
