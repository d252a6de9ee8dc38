"""Elements looked up by several tensors of whole numbers, which broadcast to one shape.

`index` serves `x[i, j]`; `index_put` replaces such elements, or adds to them. Taking and putting
are each other's derivatives. A mask stands for the places where it is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import boolean, uint8
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Operand, Shape
from difftool.operations import axes_places, batch_places
from difftool.operations.axes_places import place_of_indices
from difftool.operations.declare import copied, zeros_for
from difftool.operations.indexing.index_range import require_known_range, require_range
from difftool.operations.registry import (
    Array,
    Check,
    Operation,
    Rule,
    Type,
    constant,
    is_weak,
    ops,
)
from difftool.operations.shapes import broadcast, dtype_name, possible_shape
from difftool.operations.values import value_of


def _indexed_shape(
    shape: Shape, indices: Sequence[Node] | Sequence[Array], dims: Sequence[int]
) -> Shape:
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
    for index in indices:
        if index.dtype.kind not in "iu":
            raise DifftoolError(
                f"an index tensor holds whole numbers, not {dtype_name(index.dtype)}",
                kind="index",
                hint="convert it with .long()",
            )
    shape = _indexed_shape(input.shape, indices, dims)
    if 0 not in shape:  # else there is nothing to look up
        for index, dim in zip(indices, dims, strict=True):
            require_known_range(index, dim, input.shape[dim], -input.shape[dim])
    return Type(shape, input.dtype, None, {"dims": dims})


def _places(shape: Shape, indices: Sequence[Array], dims: Sequence[int]) -> tuple[Any, ...]:
    """The NumPy index of the elements, none of them out of range."""
    places: list[Any] = [slice(None)] * (dims[-1] + 1)
    for index, dim in zip(indices, dims, strict=True):
        require_range(index, dim, shape[dim], -shape[dim])
        places[dim] = index
    return tuple(places)


def _indexed(x: Array, *indices: Array, dims: tuple[int, ...]) -> Array:
    shape = _indexed_shape(x.shape, indices, dims)
    if 0 in shape:
        return np.empty(shape, x.dtype)
    taken: Array = x[_places(x.shape, indices, dims)]
    return taken


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
    _indexed,
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
    part = _indexed_shape(x.shape, indices, dims)
    if 0 in part:
        return result
    places = _places(x.shape, indices, dims)
    if accumulate:
        # Left to broadcast them by itself, `add.at` reads beyond the values (NumPy 2.4).
        np.add.at(result, places, np.broadcast_to(values, part))
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


class _IndexPut(Operation):
    """Masks among the indices become, for each of their dimensions, the places where they hold."""

    def __call__(self, *operands: Operand, **parameters: Any) -> Node:
        input, *indices, values = operands
        if not isinstance(values, Node) or is_weak(values):
            raise DifftoolError(
                "index_put takes a tensor as values, not a number",
                kind="argument",
                hint="make it one: tensor(...), of the dtype of input",
            )
        if parameters.get("dims") is None:
            indices = [
                one
                for index in indices
                for one in (_trues(index) if _is_mask(index) else (index,))
            ]
        return super().__call__(input, *indices, values, **parameters)


def _is_mask(index: Operand) -> bool:
    """PyTorch takes uint8 for booleans too."""
    return isinstance(index, Node) and index.dtype in (boolean, uint8) and index.ndim > 0


def _trues(mask: Operand) -> list[Node]:
    assert isinstance(mask, Node)
    return [constant(places) for places in np.nonzero(value_of(mask))]


index_put = _IndexPut(
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
