"""Grids: vectors over the dimensions of a common shape, and combinations of their elements."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, int32, int64
from difftool.graph.node import Node, Shape, building
from difftool.operations.creation.leaves import made_leaf, source
from difftool.operations.registry import Array, Check, composite, constant, ops
from difftool.operations.shapes import (
    MOST_DIMENSIONS,
    broadcast,
    dtype_name,
    possible_shape,
    require_one_dtype,
    require_some,
)

# ----- One shape for all -----


@composite("broadcast_tensors(*tensors: Tensor)", example="broadcast_tensors([1, 2], [[3], [4]])")
def broadcast_tensors(tensors: Sequence[Node]) -> tuple[Node, ...]:
    """A tuple of the tensors, each broadcast to the shape they have in common."""
    if not tensors:
        return ()
    shape = possible_shape(broadcast(*[x.shape for x in tensors]))
    return tuple([x if x.shape == shape else ops.expand(x, shape) for x in tensors])


def _spread(vectors: Sequence[Node]) -> list[Node]:
    """Each vector along a dimension of its own, broadcast along the others."""
    shape: Shape = possible_shape(tuple([x.size for x in vectors]))
    grids = []
    for axis, x in enumerate(vectors):
        own = [1] * len(shape)
        own[axis] = x.size
        grids.append(ops.expand(ops.view(x, tuple(own)), shape))
    return grids


@composite(
    "meshgrid(*tensors: Tensor, indexing: str | None = None)",
    example="meshgrid([1, 2], [3, 4, 5], indexing='ij')",
    checks=(
        Check("meshgrid(x, y, indexing='xy')[0] ^ 2", {"x": (2,), "y": (3,)}),
        Check("meshgrid(x, y)[0] ^ 2", {"x": (2,), "y": ()}),
    ),
)
def meshgrid(tensors: Sequence[Node], indexing: str | None = None) -> tuple[Node, ...]:
    """A tuple of grids, one for each vector, in the order of the dimensions ('ij') or 'xy'."""
    if indexing not in (None, "ij", "xy"):
        raise DifftoolError(
            f"meshgrid has no indexing {indexing!r}",
            kind="value",
            hint="'ij': the first vector goes down the rows; 'xy': along the columns",
        )
    require_some("meshgrid", tensors)
    for x in tensors:
        if x.ndim > 1:
            raise DifftoolError(
                f"meshgrid takes vectors, not a tensor of shape {x.shape}",
                kind="shape",
                hint="flatten it first",
            )
    require_one_dtype("meshgrid", *tensors)
    if indexing == "xy" and len(tensors) > 1:
        second, first, *others = _spread([tensors[1], tensors[0], *tensors[2:]])
        return (first, second, *others)
    return tuple(_spread(tensors))


# ----- Combinations -----


def _require_vectors(function: str, tensors: Sequence[Node]) -> None:
    for x in tensors:
        if x.ndim != 1:
            raise DifftoolError(
                f"{function} takes vectors, not a tensor of shape {x.shape}",
                kind="shape",
                hint="flatten it first",
            )


@composite(
    "cartesian_prod(*tensors: Tensor)",
    example="cartesian_prod([1, 2], [3, 4])",
    checks=(Check("cartesian_prod(x, y) ^ 2", {"x": (2,), "y": (3,)}),),
)
def cartesian_prod(tensors: Sequence[Node]) -> Node:
    """All ways to take one element of each vector, as rows."""
    _require_vectors("cartesian_prod", tensors)
    if len(tensors) == 1:
        return tensors[0]
    rows: Node = ops.stack(*[ops.flatten(grid) for grid in meshgrid(tensors)], dim=1)
    return rows


@composite(
    "combinations(input, r: int = 2, with_replacement: bool = False)",
    example="combinations([1, 2, 3])",
    checks=(Check("combinations(x, 2, True) ^ 2", {"x": (3,)}),),
)
def combinations(input: Node, r: int = 2, with_replacement: bool = False) -> Node:
    """All ways to take r elements of a vector in their order, as rows."""
    _require_vectors("combinations", [input])
    if r < 0:
        raise DifftoolError(
            f"combinations can't take {r} elements", kind="value", hint="r is not negative"
        )
    if r > MOST_DIMENSIONS:
        raise DifftoolError(
            f"combinations of {r} elements need a grid of more than {MOST_DIMENSIONS} dimensions",
            kind="limit",
            hint="use a smaller r",
        )
    if r == 0:
        nothing: Node = ops.zeros((0,), dtype=input.dtype)
        return nothing
    grids = _spread([input] * r)
    if building.allow is not None:
        building.allow(2 * grids[0].size)  # the mask, and a comparison
    mask = constant(_ascending(input.size, r, with_replacement))
    rows: Node = ops.stack(*[ops.masked_select(grid, mask) for grid in grids], dim=1)
    return rows


def _ascending(length: int, count: int, repeated: bool) -> Array:
    """Where in a grid of `count` dimensions the places ascend, or at least don't descend."""
    mask = np.ones((length,) * count, bool)
    places = np.indices(mask.shape, sparse=True)
    for first, second in zip(places, places[1:], strict=False):
        mask &= first <= second if repeated else first < second
    return mask


# ----- Places in a triangle -----


def _triangle_kernel(
    *, size: Shape, dtype: DType, row: int, col: int, offset: int, lower: bool
) -> Array:
    # Only the rows that have places: a matrix may be far longer than its triangle.
    rows = np.arange(max(-offset, 0), row) if lower else np.arange(min(row, max(col - offset, 0)))
    edge = np.clip(rows + offset + (1 if lower else 0), 0, col)
    starts, counts = (np.zeros_like(edge), edge) if lower else (edge, col - edge)
    places = np.empty(size, dtype)
    places[0] = np.repeat(rows, counts)
    # Within each row the columns count from its start.
    places[1] = np.arange(size[1])
    places[1] -= np.repeat(np.cumsum(counts) - counts - starts, counts).astype(dtype, copy=False)
    return places


def _counted(node: Node) -> float:
    """One row of places in 64 bits."""
    return 4 / node.dtype.itemsize


_triangle = source("tril_indices", _triangle_kernel, scratch=_counted)

_TRIANGLE = "row: int, col: int, offset: int = 0, *, dtype: DType | None = None"


def _indices(function: str, row: int, col: int, offset: int, dtype: DType | None) -> Node:
    dtype = int64 if dtype is None else dtype
    if row < 0 or col < 0 or dtype not in (int32, int64):
        raise DifftoolError(
            f"{function} has no matrix of {row} rows and {col} columns, or no places of dtype "
            f"{dtype_name(dtype)}",
            kind="value" if row < 0 or col < 0 else "dtype",
            hint="sizes are not negative; places are int64 or int32",
        )
    lower = function == "tril_indices"
    count = _places_in(row, col, offset)
    if not lower:
        count = row * col - _places_in(row, col, offset - 1)
    return made_leaf(
        _triangle(size=(2, count), dtype=dtype, row=row, col=col, offset=offset, lower=lower),
        requires_grad=False,
    )


def _places_in(row: int, col: int, offset: int) -> int:
    """How many places (i, j) with j - i <= offset a matrix has."""
    first = min(max(-offset, 0), row)  # the rows before have none,
    full = min(max(col - 1 - offset, first), row)  # those from here on have all
    growing = full - first
    partial = growing * (first + offset + 1) + growing * (growing - 1) // 2
    return partial + (row - full) * col


@composite(f"tril_indices({_TRIANGLE})", example="tril_indices(3, 3)")
def tril_indices(row: int, col: int, offset: int = 0, dtype: DType | None = None) -> Node:
    """Rows and columns of the places in a lower triangle, up to a diagonal."""
    return _indices("tril_indices", row, col, offset, dtype)


@composite(f"triu_indices({_TRIANGLE})", example="triu_indices(3, 3)")
def triu_indices(row: int, col: int, offset: int = 0, dtype: DType | None = None) -> Node:
    """Rows and columns of the places in an upper triangle, from a diagonal on."""
    return _indices("triu_indices", row, col, offset, dtype)
