"""Indexing: what `x[...]` means, as the chain of nodes that PyTorch makes of it.

The interpreter hands the items between the brackets over; the nodes are those of `slicing`,
`index_tensors` and `reshaping`. Whole numbers, slices, None and booleans are worked off from left
to right; tensors and lists are collected, and index what that leaves, all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.registry import Array, constant, number_of, ops
from difftool.operations.shapes import MOST_DIMENSIONS, MOST_NUMBERS, dtype_name, out_of_range
from difftool.operations.signature import describe
from difftool.operations.values import value_of

# A list of tensors, slices or lists stands for a tuple of them only if it is this short.
_LONGEST_LIST_OF_ITEMS = 31


def getitem(node: Node, items: Sequence[Any]) -> Node:
    """`node[items]`.

    Args:
        node: the tensor, of any shape.
        items: int, slice, None, Ellipsis, bool, nested lists of ints or bools, and nodes of whole
            numbers or booleans, as they stand between the brackets.

    Raises:
        DifftoolError: kind "index" for what is no index, out of range or one too many.
    """
    items = [_plain(item) for item in _as_tuple(items)]
    if len(items) == 1 and isinstance(items[0], slice):
        return _slice(node, 0, items[0])
    indexed = sum([_dimensions_indexed(item) for item in items])
    if indexed > node.ndim:
        raise _too_many(node, indexed)
    result, dim, own = node, 0, 0  # `own` counts the dimensions of `node`, for errors
    indices: list[Node] = []
    dims: list[int] = []
    for item in items:
        if item is Ellipsis:
            dim += node.ndim - indexed
            own += node.ndim - indexed
        elif item is None:
            result = ops.unsqueeze(result, dim=dim)
            dim += 1
        elif isinstance(item, bool):
            result = ops.unsqueeze(result, dim=dim)
            indices.append(constant(np.arange(int(item))))
            dims.append(dim)
            dim += 1
        elif isinstance(item, int):
            size = result.shape[dim]
            if not -size <= item < size:
                raise out_of_range(item, own, size, -size)
            result = ops.select(result, dim=dim, index=item)
        elif isinstance(item, slice):
            if not _is_written_whole(item, result.shape[dim]):
                result = _slice(result, dim, item)
            dim += 1
        else:
            found = _indices(item, result, dim)
            indices.extend(found)
            dims.extend(range(dim, dim + len(found)))
            dim += len(found)
        own += _dimensions_indexed(item)
    if indices:
        result = ops.index(result, *indices, dims=dims)
    return ops.alias(result) if result is node else result


def _slice(node: Node, dim: int, item: slice) -> Node:
    result: Node = ops.slice(
        node, dim=dim, start=item.start, end=item.stop, step=1 if item.step is None else item.step
    )
    return result


def _is_written_whole(item: slice, size: int) -> bool:
    """Whether PyTorch leaves a slice out: it looks at what is written (`-size:` makes a node)."""
    return (
        not item.start and (item.stop is None or item.stop >= size) and item.step in (None, 1)
    )


def _as_tuple(items: Sequence[Any]) -> Sequence[Any]:
    """A single list that holds more than numbers is read as a tuple: `x[[[0, 1], [1, 0]]]`."""
    if len(items) == 1 and isinstance(items[0], list | tuple):
        listed = items[0]
        if len(listed) <= _LONGEST_LIST_OF_ITEMS and any(
            [
                item is None
                or item is Ellipsis
                or isinstance(item, list | tuple | slice)
                or (isinstance(item, Node) and number_of(item) is None)
                for item in listed
            ]
        ):
            return tuple(listed)
    if [item is Ellipsis for item in items].count(True) > 1:
        raise DifftoolError(
            "an index can only have one `...`", kind="index", hint="write `:` for one dimension"
        )
    return items


def _plain(item: Any) -> Any:
    """An item as an int, slice, None, Ellipsis, bool, boolean array or node of whole numbers."""
    if item is None or item is Ellipsis or isinstance(item, bool | int | slice):
        return item
    if isinstance(item, list | tuple):
        return _listed(item)
    if not isinstance(item, Node):
        raise _no_index(describe(item))
    number = number_of(item)
    if isinstance(number, bool | int):
        return number
    if item.dtype.kind not in "biu":
        raise _no_index(f"a tensor of dtype {dtype_name(item.dtype)}")
    # PyTorch takes uint8 for booleans too.
    is_mask = item.dtype.kind == "b" or item.dtype == np.uint8
    if item.ndim == 0:
        single = value_of(item).item()
        return bool(single) if is_mask else int(single)
    return value_of(item).astype(bool) if is_mask else item


def _listed(items: Sequence[Any]) -> Array | Node:
    """Nested lists of whole numbers or booleans, level by level: any depth, no recursion."""
    shape: list[int] = []
    level: list[Any] = [items]
    while level and all([isinstance(item, list | tuple) for item in level]):
        shape.append(len(level[0]))
        if any([len(item) != shape[-1] for item in level]):
            raise _ragged()
        if len(level) * shape[-1] > MOST_NUMBERS:
            raise _no_index(f"a list of more than {MOST_NUMBERS} numbers")
        level = [inner for item in level for inner in item]
    values = []
    for item in level:
        if isinstance(item, list | tuple):
            raise _ragged()
        if isinstance(item, Node) and item.ndim == 0:
            item = value_of(item).item()
        if not isinstance(item, bool | int):
            raise _no_index(f"{describe(item)} in a list")
        values.append(item)
    if len(shape) > MOST_DIMENSIONS:
        raise _no_index(f"a list nested {len(shape)} deep")
    if values and all([isinstance(value, bool) for value in values]):
        return np.array(values).reshape(shape)
    try:
        return constant(np.array(values, np.int64).reshape(shape))
    except OverflowError:
        raise _no_index("a list of numbers beyond 64 bits") from None


def _ragged() -> DifftoolError:
    return DifftoolError(
        "the lists of an index have different lengths",
        kind="index",
        hint="lists within a list must be equally long, and none beside a number",
    )


def _dimensions_indexed(item: Any) -> int:
    """How many of the tensor's dimensions an item takes up."""
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.ndim if isinstance(item, np.ndarray) else 1


def _indices(item: Array | Node, result: Node, dim: int) -> list[Node]:
    """Index tensors for one item: itself, or for a mask one a dimension, where it is true."""
    if isinstance(item, Node):
        return [item]
    covered = result.shape[dim : dim + item.ndim]
    if item.shape != covered:
        raise DifftoolError(
            f"a mask of shape {item.shape} does not fit dimensions of shape {covered}",
            kind="index",
            hint="a mask has the shape of the dimensions it stands for",
        )
    return [constant(places) for places in np.nonzero(item)]


def _no_index(what: str) -> DifftoolError:
    return DifftoolError(
        f"{what} is no index",
        kind="index",
        hint="an index is a whole number, a slice, None, `...`, or a list or tensor of whole "
        "numbers or booleans; .long() makes whole numbers",
    )


def _too_many(node: Node, indexed: int) -> DifftoolError:
    return DifftoolError(
        f"too many indices: {indexed} for a tensor of {node.ndim} dimensions",
        kind="index",
        hint=f"its shape is {node.shape}; None adds a dimension",
    )
