"""Elements that a mask picks: `masked_select` takes them, `masked_scatter` replaces them.

They are each other's derivatives. How many elements there are depends on the mask's value, which is
asked for when the node is made; the count is a parameter, so that no rule has to ask again.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean
from difftool.graph.node import Node, Operand, Shape
from difftool.operations import batch
from difftool.operations.axes import opaque
from difftool.operations.declare import zeros_for
from difftool.operations.indexing.index_range import require_dtype
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import broadcast, dtype_name
from difftool.operations.values import value_of


class _Masked(Operation):
    """An operation with a mask as second operand, whose elements that hold it counts."""

    def __call__(self, *operands: Operand, **parameters: Any) -> Node:
        input, mask, *_ = operands
        if "count" not in parameters and isinstance(input, Node) and isinstance(mask, Node):
            _require_mask(self.name, mask)
            shape = broadcast(input.shape, mask.shape)
            copies = prod(shape) // mask.size if mask.size else 0
            parameters["count"] = int(np.count_nonzero(value_of(mask))) * copies
        return super().__call__(*operands, **parameters)


def _require_mask(function: str, mask: Node) -> None:
    if mask.dtype != boolean:
        raise DifftoolError(
            f"the mask of {function} is {dtype_name(mask.dtype)}, not boolean",
            kind="dtype",
            hint="compare, as in x > 0",
        )


def _masked_select(x: Array, mask: Array, *, count: int) -> Array:
    if x.shape != mask.shape:
        x, mask = np.broadcast_arrays(x, mask)
    selected: Array = x[mask]
    return selected


def _masked_select_back(g: Node, out: Node, x: Node, mask: Node, *, count: int) -> Node:
    """Each gradient in its place; where x was broadcast, they are summed."""
    zeros = zeros_for(g, broadcast(x.shape, mask.shape))
    return _summed(ops.masked_scatter(zeros, mask, g, count=count), x.shape)


def _summed(gradient: Node, shape: Shape) -> Node:
    """A gradient of what `shape` was broadcast to, summed to it."""
    missing = gradient.ndim - len(shape)
    own = (1,) * missing + shape
    dims = tuple([dim for dim, size in enumerate(gradient.shape) if own[dim] != size])
    if dims:
        gradient = ops.sum(gradient, dim=dims, keepdim=True)
    return ops.reshape(gradient, shape) if missing else gradient


def _select_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """One mask for all rows picks as many elements of each."""
    x, mask = inputs
    if mask is not node.inputs[1]:
        return batch.by_rows(node, inputs, size)
    count = node.parameters["count"]
    shape = broadcast(node.inputs[0].shape, mask.shape)
    whole: Node = ops.expand(batch.lined_up(x, len(shape)), (size, *shape))
    selected = batch.again(node, (whole, mask), (size * count,), {"count": size * count})
    rows: Node = ops.reshape(selected, (size, count))
    return rows


masked_select = _Masked(
    ("masked_select(input, mask)",),
    _masked_select,
    lambda input, mask, *, count: Type((count,), input.dtype, None, {"count": count}),
    (_masked_select_back, None),
    checks=(
        Check("masked_select(x, [True, False, True]) ^ 2", {"x": (2, 3)}),
        Check("masked_select(x, [[True], [False]]) ^ 2", {"x": (3,)}),
    ),
    batch=_select_batch,
    axes=opaque,
    meaning="The elements of input where the mask holds, row by row as one vector.",
    example="masked_select([1, 2, 3], [True, False, True])",
)


def _masked_scatter_type(input: Node, mask: Node, source: Node, *, count: int) -> Type:
    require_dtype("masked_scatter", input, source, "source")
    if source.size < count:
        raise DifftoolError(
            f"masked_scatter has {source.size} elements for {count} places",
            kind="shape",
            hint="source needs an element for each place where the mask holds",
        )
    return Type(broadcast(input.shape, mask.shape), input.dtype, None, {"count": count})


def _masked_scatter(x: Array, mask: Array, source: Array, *, count: int) -> Array:
    result = np.array(np.broadcast_to(x, np.broadcast_shapes(x.shape, mask.shape)), order="C")
    result[np.broadcast_to(mask, result.shape)] = source.reshape(-1)[:count]
    return result


def _masked_scatter_source(
    g: Node, out: Node, x: Node, mask: Node, source: Node, *, count: int
) -> Node:
    """The elements of source that were used, in their order; the rest gets zeros."""
    gradient: Node = ops.masked_select(g, mask, count=count)
    if count != source.size:
        zeros = zeros_for(g, (source.size,))
        gradient = ops.slice_scatter(zeros, gradient, dim=0, end=count)
    return ops.reshape(gradient, source.shape)


def _scatter_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """One mask for all rows takes as many elements of each row of source."""
    if batch.is_batched(node, inputs, 1):
        return batch.by_rows(node, inputs, size)
    x, _, source = batch.rows(node, inputs, size)
    count = node.parameters["count"]
    whole: Node = ops.expand(batch.lined_up(x, node.ndim), (size, *node.shape))
    flat = ops.reshape(source, (size, node.inputs[2].size))
    used = ops.reshape(ops.slice(flat, dim=1, end=count), (size * count,))
    operands = (whole, node.inputs[1], used)
    return batch.again(node, operands, (size, *node.shape), {"count": size * count})


masked_scatter = _Masked(
    ("masked_scatter(input, mask, source)",),
    _masked_scatter,
    _masked_scatter_type,
    (
        lambda g, out, x, mask, source, *, count: _summed(ops.masked_fill(g, mask, 0), x.shape),
        None,
        _masked_scatter_source,
    ),
    checks=(
        Check("masked_scatter(x, [True, False, True], y) ^ 2", {"x": (2, 3), "y": (5,)}),
        Check("masked_scatter(x, [[True], [False]], y) ^ 2", {"x": (3,), "y": (3, 1)}),
    ),
    batch=_scatter_batch,
    axes=opaque,
    meaning="input with the elements of source, one after the other, where the mask holds.",
    example="masked_scatter(zeros(3), [True, False, True], [1., 2.])",
)
