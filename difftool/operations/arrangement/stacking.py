"""Stacking: tensors brought to enough dimensions and joined; matrices joined along their diagonals.

`joining` has `cat` and `stack` themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations import batch as batching
from difftool.operations.declare import copied
from difftool.operations.registry import Array, Check, Operation, Rule, Type, composite, ops
from difftool.operations.shapes import possible_shape, require_some, result_dtype

# ----- At least so many dimensions -----


def _at_least_1d(x: Node) -> Node:
    raised: Node = x if x.ndim else ops.reshape(x, (1,))
    return raised


def _at_least_2d(x: Node) -> Node:
    if x.ndim == 0:
        x = ops.reshape(x, (1, 1))
    elif x.ndim == 1:
        x = ops.unsqueeze(x, dim=0)
    return x


def _at_least_3d(x: Node) -> Node:
    if x.ndim == 0:
        return ops.reshape(x, (1, 1, 1))
    if x.ndim == 1:
        x = ops.unsqueeze(x, dim=0)
    return ops.unsqueeze(x, dim=-1) if x.ndim == 2 else x


def _each(raise_one: Callable[[Node], Node], tensors: Any) -> Any:
    """One tensor for one, a tuple for several or for a list of them."""
    if isinstance(tensors, Node):
        return raise_one(tensors)
    if isinstance(tensors, list | tuple) and any([isinstance(x, Node) for x in tensors]):
        return tuple([raise_one(x if isinstance(x, Node) else ops.tensor(x)) for x in tensors])
    return raise_one(ops.tensor(tensors, literal=True))


def _forms(name: str) -> tuple[str, str]:
    return f"{name}(tensors: Any)", f"{name}(*tensors: Tensor)"


@composite(*_forms("atleast_1d"), example="atleast_1d(tensor(3.0))")
def atleast_1d(tensors: Any) -> Any:
    """A number as a vector, anything else as it is; a tuple of them for several tensors."""
    return _each(_at_least_1d, tensors)


@composite(*_forms("atleast_2d"), example="atleast_2d([1, 2, 3])")
def atleast_2d(tensors: Any) -> Any:
    """A vector as a row, anything of more dimensions as it is; a tuple for several tensors."""
    return _each(_at_least_2d, tensors)


@composite(*_forms("atleast_3d"), example="atleast_3d([1, 2, 3])")
def atleast_3d(tensors: Any) -> Any:
    """A matrix with a third dimension behind; a vector of n as (1, n, 1); a tuple for several."""
    return _each(_at_least_3d, tensors)


# ----- Joined -----


@composite(
    "hstack(tensors: Tensors)",
    example="hstack([[1, 2], [3]])",
    checks=(Check("hstack([x, y]) ^ 2", {"x": (2, 1), "y": (2, 2)}),),
)
def hstack(tensors: tuple[Node, ...]) -> Node:
    """Tensors joined side by side: along dimension 1, vectors along their own."""
    require_some("hstack", tensors)
    raised = [_at_least_1d(x) for x in tensors]
    joined: Node = ops.cat(*raised, dim=0 if raised[0].ndim == 1 else 1)
    return joined


@composite(
    "vstack(tensors: Tensors)",
    example="vstack([[1, 2], [3, 4]])",
    aliases=("row_stack",),
    checks=(Check("vstack([x, y]) ^ 2", {"x": (2,), "y": (1, 2)}),),
)
def vstack(tensors: tuple[Node, ...]) -> Node:
    """Tensors joined one below the other, along dimension 0; vectors are rows."""
    require_some("vstack", tensors)
    joined: Node = ops.cat(*[_at_least_2d(x) for x in tensors], dim=0)
    return joined


@composite(
    "dstack(tensors: Tensors)",
    example="dstack([[1, 2], [3, 4]])",
    checks=(Check("dstack([x, y]) ^ 2", {"x": (2,), "y": (1, 2, 1)}),),
)
def dstack(tensors: tuple[Node, ...]) -> Node:
    """Tensors joined one behind the other, along dimension 2."""
    require_some("dstack", tensors)
    joined: Node = ops.cat(*[_at_least_3d(x) for x in tensors], dim=2)
    return joined


@composite(
    "column_stack(tensors: Tensors)",
    example="column_stack([[1, 2], [3, 4]])",
    checks=(Check("column_stack([x, y]) ^ 2", {"x": (2,), "y": (2, 2)}),),
)
def column_stack(tensors: tuple[Node, ...]) -> Node:
    """Tensors joined side by side; numbers and vectors are columns."""
    require_some("column_stack", tensors)
    columns = [ops.reshape(x, (x.size, 1)) if x.ndim < 2 else x for x in tensors]
    joined: Node = ops.cat(*columns, dim=1)
    return joined


# ----- Along the diagonal -----


def _sides(x: Node | Array) -> tuple[int, int]:
    """Rows and columns; a vector is a row, a number a matrix of one element."""
    rows, columns = ((1, 1) + x.shape)[-2:]
    return rows, columns


def _block_type(*tensors: Node) -> Type:
    require_some("block_diag", tensors)
    for x in tensors:
        if x.ndim > 2:
            raise DifftoolError(
                f"block_diag takes matrices, not a tensor of shape {x.shape}",
                kind="shape",
                hint="tensors of up to two dimensions are the blocks",
            )
    sides = [_sides(x) for x in tensors]
    shape = (sum([rows for rows, _ in sides]), sum([columns for _, columns in sides]))
    dtype = result_dtype(tensors)
    return Type(possible_shape(shape), dtype, dtype)


def _blocks(*arrays: Array, out: Array | None = None) -> Array:
    sides = [_sides(x) for x in arrays]
    height, width = [sum(lengths) for lengths in zip(*sides, strict=True)]
    dtype = arrays[0].dtype
    result = copied(np.broadcast_to(np.zeros((), dtype), (height, width)), out)
    top = left = 0
    for x, (rows, columns) in zip(arrays, sides, strict=True):
        result[top : top + rows, left : left + columns] = x
        top += rows
        left += columns
    return result


def _own_block(position: int) -> Rule:
    """The gradient of the block at `position`: its part of g."""

    def rule(g: Node, out: Node, *tensors: Node) -> Node:
        before = [_sides(x) for x in tensors[:position]]
        rows, columns = _sides(tensors[position])
        top, left = sum([side for side, _ in before]), sum([side for _, side in before])
        band = ops.slice(g, dim=0, start=top, end=top + rows)
        block = ops.slice(band, dim=1, start=left, end=left + columns)
        gradient: Node = ops.reshape(block, tensors[position].shape)
        return gradient

    return rule


def _block_batch(node: Node, inputs: tuple[Node, ...], size: int) -> Node:
    """The bands of rows that the blocks stand in, one below the other."""
    bands = []
    left = 0
    for x, own in zip(batching.rows(node, inputs, size), node.inputs, strict=True):
        _, columns = _sides(own)
        block = ops.to(ops.reshape(x, (size, *_sides(own))), dtype=node.dtype)
        pads = ((0, 0), (0, 0), (left, node.shape[1] - left - columns))
        bands.append(ops.constant_pad_nd(block, pads=pads))
        left += columns
    batch: Node = ops.cat(*bands, dim=1)
    return batch


block_diag = Operation(
    ("block_diag(*tensors: Tensor)",),
    _blocks,
    _block_type,
    _own_block,
    batch=_block_batch,
    checks=(
        Check("block_diag(x, y) ^ 2", {"x": (2, 1), "y": (2,)}),
        Check("block_diag(x) ^ 2", {"x": ()}),
    ),
    meaning="Matrices along the diagonal of a larger one, which is zero elsewhere.",
    example="block_diag(ones(2, 2), tensor([[3.0]]))",
)
