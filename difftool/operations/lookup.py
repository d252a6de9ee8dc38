"""Elements looked up by tensors of whole numbers; and the adjoints, which add them in place.

`index` serves `x[i, j]`, where all indices broadcast to one shape; `gather` has an index of its
own for each element, along one dimension. Taking and putting are each other's derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import int32, int64
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import axes, axes_places, batch_places
from difftool.operations.axes_places import place_of_indices
from difftool.operations.declare import copied, zeros_for
from difftool.operations.registry import Array, Check, Operation, Rule, Type, constant, ops
from difftool.operations.shapes import (
    broadcast,
    dtype_name,
    normal_dim,
    out_of_range,
    possible_shape,
)


def _require_range(index: Array, dim: int, size: int, lowest: int) -> None:
    if index.size and (np.min(index) < lowest or np.max(index) >= size):
        wrong = index[(index < lowest) | (index >= size)]
        raise out_of_range(int(wrong[0]), dim, size, lowest)


def _require_known_range(index: Node, dim: int, size: int, lowest: int) -> None:
    """The same before anything is computed, for an index that was written as numbers."""
    value = index.parameters.get("value")
    if isinstance(value, np.ndarray) and not index.inputs:
        _require_range(value, dim, size, lowest)


# ----- One common shape of indices -----


def _indexed_shape(shape: Shape, indices: Sequence[Node], dims: Sequence[int]) -> Shape:
    try:
        common = broadcast(*[index.shape for index in indices])
    except DifftoolError as error:
        raise DifftoolError(
            f"as indices, {error.message}", kind="shape", hint=error.hint
        ) from None
    kept = [size for dim, size in enumerate(shape) if dim not in dims]
    first = place_of_indices(dims)
    return possible_shape((*kept[:first], *common, *kept[first:]))


def _index_type(input: Node, *indices: Node, dims: Sequence[int] | None = None) -> Type:
    dims = tuple(range(len(indices))) if dims is None else tuple(dims)
    ascending = all([first < second for first, second in zip(dims, dims[1:], strict=False)])
    known = dims and dims[0] >= 0 and dims[-1] < input.ndim
    if not known or len(indices) != len(dims) or not ascending:
        raise DifftoolError(
            f"{len(indices)} indices for dimensions {dims} of a tensor of shape {input.shape}",
            kind="index",
            hint="give one index for each of dims, which ascend",
        )
    for index, dim in zip(indices, dims, strict=True):
        if index.dtype.kind not in "iu":
            raise DifftoolError(
                f"an index tensor holds whole numbers, not {dtype_name(index.dtype)}",
                kind="index",
                hint="convert it with .long()",
            )
        size = input.shape[dim]
        _require_known_range(index, dim, size, -size)
    return Type(_indexed_shape(input.shape, indices, dims), input.dtype, None, {"dims": dims})


def _places(shape: Shape, indices: Sequence[Array], dims: Sequence[int]) -> tuple[Any, ...]:
    """The NumPy index of the elements, none of them out of range."""
    places: list[Any] = [slice(None)] * (dims[-1] + 1)
    for index, dim in zip(indices, dims, strict=True):
        _require_range(index, dim, shape[dim], -shape[dim])
        places[dim] = index
    return tuple(places)


def _index_layout(node: Node, strides: Strides, *of_indices: Strides) -> Strides:
    """ATen iterates over the tensor, with stride 0 where it is indexed, and over the indices."""
    dims = node.parameters["dims"]
    first = place_of_indices(dims)
    kept = [stride for dim, stride in enumerate(strides) if dim not in dims]
    behind = len(kept) - first
    common = node.shape[first : node.ndim - behind]
    padded = (1,) * first + common + (1,) * behind
    shapes = [node.shape]
    operands = [(*kept[:first], *(0,) * len(common), *kept[first:])]
    for index, own in zip(node.inputs[1:], of_indices, strict=True):
        spread = layout.broadcast(common, index.shape, own)
        shapes.append(padded)
        operands.append(layout.viewed(common, spread, padded) or layout.contiguous(padded))
    return layout.iterated(node.shape, shapes, operands)


def _index_back(g: Node, out: Node, x: Node, *indices: Node, dims: tuple[int, ...]) -> Node:
    """Back to their places; what was taken several times is added up."""
    zeros = zeros_for(g, x.shape)
    gradient: Node = ops.index_put(zeros, *indices, g, dims=dims, accumulate=True)
    return gradient


def _index_rule(position: int) -> Rule | None:
    return None if position else _index_back


index = Operation(
    ("index(input, indices: Tensors, dims: Size | None = None)",),
    lambda x, *indices, dims: x[_places(x.shape, indices, dims)],
    _index_type,
    _index_rule,
    layout=_index_layout,
    checks=(
        Check("x[[0, 0, 1]] ^ 2", {"x": (2, 3)}),
        Check("x[:, [[0, 2], [1, 1]]] ^ 2", {"x": (2, 3)}),
        Check("x[[0, 1], :, [1, 0]] ^ 2", {"x": (2, 3, 2)}),
    ),
    batch=batch_places.index,
    axes=axes_places.index,
    meaning="The elements at tensors of whole numbers, one for each of dims; `x[i, j]`.",
    example="index([1, 2, 3], [tensor([0, 2])])",
)


def _index_put_type(
    input: Node, *rest: Node, accumulate: bool = False, dims: Sequence[int] | None = None
) -> Type:
    *indices, values = rest
    part, _, _, parameters = _index_type(input, *indices, dims=dims)
    if values.dtype != input.dtype or broadcast(values.shape, part) != part:
        raise DifftoolError(
            f"index_put replaces a part of shape {part} and dtype {dtype_name(input.dtype)}, "
            f"values has {values.shape} and {dtype_name(values.dtype)}",
            kind="shape" if values.dtype == input.dtype else "dtype",
            hint="values must have the dtype of input, and a shape that broadcasts to the part",
        )
    return Type(input.shape, input.dtype, None, {**(parameters or {}), "accumulate": accumulate})


def _index_put(
    x: Array, *rest: Array, accumulate: bool, dims: tuple[int, ...], out: Array | None = None
) -> Array:
    *indices, values = rest
    result = copied(x, out)
    places = _places(x.shape, indices, dims)
    if accumulate:
        np.add.at(result, places, values)
    else:
        result[places] = values
    return result


def _index_put_input(
    g: Node, out: Node, x: Node, *rest: Node, accumulate: bool, dims: tuple[int, ...]
) -> Node:
    """All of g, or what elements that were not replaced have of it."""
    if accumulate:
        return g
    zero = constant(0.0, g.dtype)
    gradient: Node = ops.index_put(g, *rest[:-1], zero, dims=dims, accumulate=False)
    return gradient


def _index_put_values(
    g: Node, out: Node, x: Node, *rest: Node, accumulate: bool, dims: tuple[int, ...]
) -> Node:
    """What stands at the places of g, summed where one value went to several."""
    *indices, values = rest
    gradient: Node = ops.index(g, *indices, dims=dims)
    missing = gradient.ndim - values.ndim
    own = (1,) * missing + values.shape
    repeated = tuple([dim for dim, size in enumerate(gradient.shape) if own[dim] != size])
    if repeated:
        gradient = ops.sum(gradient, dim=repeated, keepdim=True)
    return ops.reshape(gradient, values.shape) if missing else gradient


def _index_put_rule(position: int) -> Rule | None:
    """Indices require no gradient: an input that does and is not the first is `values`."""
    return _index_put_values if position else _index_put_input


index_put = Operation(
    (
        "index_put(input, indices: Tensors, values, accumulate: bool = False, "
        "dims: Size | None = None)",
    ),
    _index_put,
    _index_put_type,
    _index_put_rule,
    checks=(
        Check("index_put(x, [tensor([1, 1])], y, True) ^ 2", {"x": (2, 3), "y": (2, 3)}),
        Check("index_put(x, [tensor([1, 0])], y, True) ^ 2", {"x": (2, 3), "y": (3,)}),
        Check("index_put(x, [tensor([2, 0])], y) ^ 2", {"x": (3,), "y": (2,)}),
    ),
    batch=batch_places.index_put,
    axes=axes_places.index_put,
    meaning="input with values put in place, or with accumulate added, where indices point.",
    example="index_put(zeros(3), [tensor([0, 2])], ones(2))",
)


# ----- An index for each element, along one dimension -----


def _fits(index: Node, other: Node, free: int | None = None) -> bool:
    """Whether `index` is nowhere longer than `other`, but along the dimension `free`."""
    lengths, limits = index.shape or (1,), other.shape or (1,)
    return len(lengths) == len(limits) and all(
        [
            axis == free or length <= limit
            for axis, (length, limit) in enumerate(zip(lengths, limits, strict=True))
        ]
    )


def _require_lookup(function: str, input: Node, index: Node, dim: int) -> int:
    """`dim` from the front, for an `index` as gather and scatter_add take it."""
    dim = normal_dim(dim, input.ndim)
    if index.dtype not in (int64, int32):
        raise DifftoolError(
            f"{function} takes an int64 tensor as index, not {dtype_name(index.dtype)}",
            kind="dtype",
            hint="convert it with .long()",
        )
    if index.size and not _fits(index, input, free=dim):
        raise DifftoolError(
            f"{function} can't use an index of shape {index.shape} "
            f"for a tensor of shape {input.shape} along dimension {dim}",
            kind="shape",
            hint=f"it needs as many dimensions, and only dimension {dim} may be longer",
        )
    _require_known_range(index, dim, (input.shape or (1,))[dim], 0)
    return dim


def _element_places(shape: Shape, index: Array, dim: int) -> tuple[Any, ...]:
    """The NumPy index of the elements that `index` names along `dim`; 0-d counts as 1-d."""
    index, shape = np.atleast_1d(index), shape or (1,)
    _require_range(index, dim, shape[dim], 0)
    grid = np.ogrid[tuple([slice(size) for size in index.shape])]
    return tuple([index if axis == dim else places for axis, places in enumerate(grid)])


def _gather_type(input: Node, index: Node, *, dim: int, sparse_grad: bool = False) -> Type:
    if sparse_grad:
        raise DifftoolError(
            "gather makes no sparse gradients",
            kind="unsupported",
            hint="leave sparse_grad out: the values are the same",
        )
    dim = _require_lookup("gather", input, index, dim)
    return Type(index.shape, input.dtype, None, {"dim": dim})


def _gather(x: Array, index: Array, *, dim: int) -> Array:
    if not index.size:
        return np.empty(index.shape, x.dtype)
    taken: Array = np.atleast_1d(x)[_element_places(x.shape, index, dim)]
    return taken.reshape(index.shape)


def _gather_back(g: Node, out: Node, x: Node, index: Node, *, dim: int) -> Node:
    gradient: Node = ops.scatter_add(zeros_for(g, x.shape), index, g, dim=dim)
    return gradient


gather = Operation(
    ("gather(input, dim: int, index: IndexTensor, *, sparse_grad: bool = False)",),
    _gather,
    _gather_type,
    (_gather_back, None),
    checks=(
        Check("gather(x, 1, [[0, 2], [1, 1]]) ^ 2", {"x": (2, 3)}),
        Check("gather(x, 0, [[0, 1]]) ^ 2", {"x": (2, 3)}),
    ),
    batch=batch_places.at_places,
    axes=axes_places.gather,
    meaning="For each element of index, the element of input at that place along dim.",
    example="gather([[1, 2, 3], [4, 5, 6]], 1, [[0, 2], [1, 1]])",
)


def _scatter_add_type(input: Node, index: Node, src: Node, *, dim: int) -> Type:
    dim = _require_lookup("scatter_add", input, index, dim)
    if src.dtype != input.dtype:
        raise DifftoolError(
            f"scatter_add adds elements of one dtype, not {dtype_name(src.dtype)} "
            f"to {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert src to the dtype of input",
        )
    if index.size and not _fits(index, src):
        raise DifftoolError(
            f"scatter_add has an index of shape {index.shape} for a src of shape {src.shape}",
            kind="shape",
            hint="src needs as many dimensions, none of them shorter",
        )
    return Type(input.shape, input.dtype, None, {"dim": dim})


def _scatter_add(
    x: Array, index: Array, src: Array, *, dim: int, out: Array | None = None
) -> Array:
    result = copied(x, out)
    if index.size:
        used = np.atleast_1d(src)[tuple([slice(size) for size in index.shape])]
        np.add.at(np.atleast_1d(result), _element_places(x.shape, index, dim), used)
    return result


def _scatter_add_src(g: Node, out: Node, x: Node, index: Node, src: Node, *, dim: int) -> Node:
    """What index points at; elements of src beyond index were not used."""
    gradient: Node = ops.gather(g, index, dim=dim)
    if not index.size:
        return zeros_for(g, src.shape)
    for axis, size in enumerate(src.shape):
        used = gradient.shape[axis]
        if used != size:
            whole = (*src.shape[: axis + 1], *gradient.shape[axis + 1 :])
            gradient = ops.slice_scatter(zeros_for(g, whole), gradient, dim=axis, end=used)
    return gradient


scatter_add = Operation(
    ("scatter_add(input, dim: int, index: IndexTensor, src)",),
    _scatter_add,
    _scatter_add_type,
    (lambda g, out, x, index, src, *, dim: g, None, _scatter_add_src),
    checks=(
        Check("scatter_add(x, 1, [[0, 0], [2, 1]], y) ^ 2", {"x": (2, 3), "y": (2, 2)}),
        Check("scatter_add(x, 0, [[1, 1]], y) ^ 2", {"x": (2, 3), "y": (2, 3)}),
    ),
    batch=batch_places.at_places,
    axes=axes.along,
    meaning="input with each element of src added at the place index gives along dim.",
    example="scatter_add(zeros(3), 0, [0, 2, 2], [1., 2., 3.])",
)
