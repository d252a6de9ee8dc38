"""Places counted through a tensor row by row, whatever its shape: `take` and `put`.

They are each other's derivatives. Negative places count from the end. Where a place is named
several times, the last value stays, and the gradient is PyTorch's: each value gets the place's.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations import axes_places, batch_places
from difftool.operations.axes import opaque
from difftool.operations.declare import copied, zeros_for
from difftool.operations.indexing.index_range import require_dtype, require_whole
from difftool.operations.registry import Array, Check, Operation, Type, ops


def _require_within(index: Array, size: int) -> None:
    if index.size and (np.min(index) < -size or np.max(index) >= size):
        wrong = index[(index < -size) | (index >= size)]
        raise DifftoolError(
            f"index {int(wrong[0])} is out of range for a tensor of {size} elements",
            kind="index",
            hint=f"it goes from {-size} to {size - 1}" if size else "the tensor is empty",
        )


def _require_known(index: Node, size: int) -> None:
    value = index.parameters.get("value")
    if isinstance(value, np.ndarray) and not index.inputs:
        _require_within(value, size)


def _take_type(input: Node, index: Node) -> Type:
    require_whole("take", index)
    _require_known(index, input.size)
    return Type(index.shape, input.dtype)


def _take(x: Array, index: Array) -> Array:
    _require_within(index, x.size)
    taken: Array = x.reshape(-1)[index]
    return taken


take = Operation(
    ("take(input, index: IndexTensor)",),
    _take,
    _take_type,
    (lambda g, out, x, index: ops.put(zeros_for(g, x.shape), index, g, accumulate=True), None),
    checks=(
        Check("take(x, [[0, -1], [4, 0]]) ^ 2", {"x": (2, 3)}),
        Check("take(x, [0, 0]) ^ 2", {"x": ()}),
    ),
    batch=batch_places.take,
    axes=axes_places.take,
    meaning="The elements at places counted through input row by row, in the shape of index.",
    example="take([[1, 2], [3, 4]], [0, -1])",
)


def _put_type(input: Node, index: Node, source: Node, *, accumulate: bool = False) -> Type:
    require_whole("put", index)
    require_dtype("put", input, source, "source")
    if index.size != source.size:
        raise DifftoolError(
            f"put has {source.size} elements for {index.size} places",
            kind="shape",
            hint="give one for each place",
        )
    _require_known(index, input.size)
    return Type(input.shape, input.dtype, None, {"accumulate": accumulate})


def _put(x: Array, index: Array, source: Array, *, accumulate: bool) -> Array:
    _require_within(index, x.size)
    result = copied(x)
    flat, places, values = result.reshape(-1), index.reshape(-1), source.reshape(-1)
    if accumulate:
        np.add.at(flat, places, values)
    else:
        flat[places] = values
    return result


def _put_input(
    g: Node, out: Node, x: Node, index: Node, source: Node, *, accumulate: bool
) -> Node:
    """All of g, or what elements that were not replaced have of it."""
    if accumulate:
        return g
    gradient: Node = ops.put(g, index, zeros_for(g, source.shape))
    return gradient


def _put_source(
    g: Node, out: Node, x: Node, index: Node, source: Node, *, accumulate: bool
) -> Node:
    taken: Node = ops.take(g, index)
    return taken if taken.shape == source.shape else ops.reshape(taken, source.shape)


put = Operation(
    ("put(input, index: IndexTensor, source, accumulate: bool = False)",),
    _put,
    _put_type,
    (_put_input, None, _put_source),
    checks=(
        Check("put(x, [4, -6], y) ^ 2", {"x": (2, 3), "y": (2,)}),
        Check("put(x, [[1], [1]], y, True) ^ 2", {"x": (3,), "y": (2,)}),
    ),
    batch=batch_places.put,
    axes=opaque,
    meaning="input with source in place, or added, at places counted through it row by row.",
    example="put(zeros(2, 2), [0, 3], [1., 2.])",
)
