"""Batching rules of what moves elements: rearrangements, joining, looking up and putting in place.

They follow the conventions of `batch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from difftool.graph.node import Node
from difftool.operations.axes_places import place_of_indices
from difftool.operations.batch import again, by_rows, is_batched, lined_up, repeated, rows
from difftool.operations.registry import number_of, ops

# ----- Rearrangements -----


def expand(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    batch: Node = ops.expand(lined_up(inputs[0], node.ndim), (size, *node.shape))
    return batch


def permute(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    batch: Node = ops.permute(inputs[0], dims=(0, *[d + 1 for d in node.parameters["dims"]]))
    return batch


def transpose(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    if node.ndim == 0:
        return inputs[0]
    first, second = node.parameters["dim0"], node.parameters["dim1"]
    batch: Node = ops.transpose(inputs[0], dim0=first + 1, dim1=second + 1)
    return batch


def matrix_transpose(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """`t`, which leaves anything but a matrix as it is."""
    if node.ndim < 2:
        return inputs[0]
    batch: Node = ops.transpose(inputs[0], dim0=1, dim1=2)
    return batch


def flip(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    if node.ndim == 0:
        return inputs[0]
    batch: Node = ops.flip(inputs[0], dims=tuple([d + 1 for d in node.parameters["dims"]]))
    return batch


def roll(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Without dims the elements are rolled in one row."""
    shifts, dims = node.parameters["shifts"], node.parameters["dims"]
    batch: Node
    if dims:
        batch = ops.roll(inputs[0], shifts=shifts, dims=tuple([d + 1 for d in dims]))
        return batch
    flat = ops.reshape(inputs[0], (size, node.size))
    batch = ops.reshape(ops.roll(flat, shifts=shifts, dims=(1,)), (size, *node.shape))
    return batch


def repeat(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    operand = lined_up(inputs[0], node.ndim)
    batch: Node = ops.repeat(operand, repeats=(1, *node.parameters["repeats"]))
    return batch


def cat(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """Tensors of shape (0,) join anything and add nothing; their batches don't."""
    parts = [
        x
        for x, own in zip(rows(node, inputs, size), node.inputs, strict=True)
        if own.shape != (0,)
    ]
    if not parts:
        return rows(node, inputs, size)[0]
    return again(node, tuple(parts), (size, *node.shape), {"dim": node.parameters["dim"] + 1})


def trace(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    diagonal = ops.diagonal(inputs[0], dim1=1, dim2=2)
    batch: Node = ops.sum(diagonal, dim=1)
    return batch


# ----- One common shape of indices -----


def index(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    dims = node.parameters["dims"]
    x, *indices = inputs
    common = _common_rank(node)
    first = place_of_indices(dims)
    batch: Node
    if any([is_batched(node, inputs, place) for place in range(1, len(inputs))]):
        spread = _spread(node, inputs, size, common)
        if is_batched(node, inputs, 0):
            # The batch is one more indexed dimension, the first, and stands in front.
            moved = tuple([dim + 1 for dim in dims])
            batch = ops.index(x, _counted(size, common), *spread, dims=(0, *moved))
            behind = range(common + 1, node.ndim + 1)
            order = [0, *behind[:first], *range(1, common + 1), *behind[first:]]
        else:
            batch = ops.index(x, *spread, dims=dims)
            rest = [dim for dim in range(node.ndim + 1) if dim != first]
            order = [first, *rest]
    else:
        batch = ops.index(x, *indices, dims=tuple([dim + 1 for dim in dims]))
        # Indices that are no neighbours stand in front, before the batch.
        place = 0 if _are_neighbours(dims) else common
        order = [place, *[dim for dim in range(node.ndim + 1) if dim != place]]
    return _permuted(batch, order)


def index_put(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    dims, accumulate = node.parameters["dims"], node.parameters["accumulate"]
    x = inputs[0] if is_batched(node, inputs, 0) else repeated(inputs[0], size)
    *indices, values = inputs[1:]
    common = _common_rank(node)
    first = place_of_indices(dims)
    part = node.ndim - len(dims) + common
    # The values in the rank of what they replace, a batch dimension (or a 1) in front.
    if is_batched(node, inputs, len(inputs) - 1):
        values = lined_up(values, part)
    else:
        values = ops.reshape(values, (1,) * (part + 1 - values.ndim) + values.shape)
    moved = tuple([dim + 1 for dim in dims])
    if any([is_batched(node, inputs, place) for place in range(1, len(inputs) - 1)]):
        indices = [_counted(size, common), *_spread(node, inputs[:-1], size, common)]
        moved = (0, *moved)
        kept = [*range(1, first + 1), *range(first + common + 1, part + 1)]
        order = [0, *range(first + 1, first + common + 1), *kept]
    elif _are_neighbours(dims):
        order = list(range(part + 1))
    else:
        order = [*range(1, common + 1), 0, *range(common + 1, part + 1)]
    values = _permuted(values, order)
    batch: Node = ops.index_put(x, *indices, values, dims=moved, accumulate=accumulate)
    return batch


def _common_rank(node: Node) -> int:
    """The number of dimensions that the indices broadcast to."""
    count = len(node.parameters["dims"])
    return max([index.ndim for index in node.inputs[1 : count + 1]])


def _are_neighbours(dims: Sequence[int]) -> bool:
    return dims[-1] - dims[0] == len(dims) - 1


def _spread(node: Node, inputs: tuple[Node, ...], size: int, common: int) -> list[Node]:
    """The indices, batches of them with the batch in front of their common dimensions."""
    return [
        x if x is own else lined_up(x, common)
        for x, own in zip(inputs[1:], node.inputs[1:], strict=False)
    ]


def _counted(size: int, common: int) -> Node:
    """The number of each row of the batch, as an index."""
    numbers: Node = ops.reshape(ops.arange(size), (size,) + (1,) * common)
    return numbers


def _permuted(x: Node, order: Sequence[int]) -> Node:
    if list(order) == list(range(x.ndim)):
        return x
    permuted: Node = ops.permute(x, dims=tuple(order))
    return permuted


# ----- An index for each element -----


def at_places(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """`gather` and `scatter`; as in PyTorch 0-d tensors have a dimension 0.

    The number that `scatter` puts in place stays one.
    """
    number = [x for x in inputs[2:] if number_of(x) is not None]
    operands = rows(node, inputs, size)[: len(inputs) - len(number)]
    dim = node.parameters["dim"]
    shape = (size, *node.shape)
    if node.inputs[0].shape and node.inputs[1].shape:
        return again(node, (*operands, *number), shape, {"dim": dim + 1})
    operands = tuple([ops.reshape(x, (size, prod(x.shape[1:]))) for x in operands])
    flat = again(node, (*operands, *number), (size, node.size), {"dim": 1})
    batch: Node = ops.reshape(flat, shape)
    return batch


# ----- One index for each slice, and places counted through a tensor -----


def along_index(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """`index_select` and its like; the index, the second input, is the same in all rows."""
    shapes = [x.shape for place, x in enumerate(node.inputs) if place != 1]
    value = node.inputs[-1] if node.operation.name == "index_fill" else None
    if is_batched(node, inputs, 1) or () in shapes[: 1 if value is not None else None]:
        return by_rows(node, inputs, size)
    if value is not None and inputs[-1] is not value:
        return by_rows(node, inputs, size)
    x, _, *rest = rows(node, inputs, size)
    operands = (x, node.inputs[1], *(rest if value is None else [value]))
    return again(node, operands, (size, *node.shape), {"dim": node.parameters["dim"] + 1})


def take(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """The index is the same in all rows."""
    x, index = inputs
    if index is not node.inputs[1]:
        return by_rows(node, inputs, size)
    batch: Node = ops.index(ops.reshape(x, (size, prod(x.shape[1:]))), index, dims=(1,))
    return batch


def put(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """The index is the same in all rows."""
    if is_batched(node, inputs, 1):
        return by_rows(node, inputs, size)
    x, _, source = rows(node, inputs, size)
    index = node.inputs[1]
    result: Node = ops.index_put(
        ops.reshape(x, (size, node.size)),
        ops.reshape(index, (index.size,)),
        ops.reshape(source, (size, index.size)),
        dims=(1,),
        accumulate=node.parameters["accumulate"],
    )
    batch: Node = ops.reshape(result, (size, *node.shape))
    return batch
