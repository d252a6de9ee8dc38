"""An index for each element, along one dimension: elements gathered, and scattered.

`gather` and `scatter_add` are each other's derivatives; `scatter` replaces what `scatter_add` adds
to. Where an index names a place several times, the last value stays, and the gradient is PyTorch's:
each of the values gets the gradient of the place. `place_reduction` has the other reductions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations import axes, axes_places, batch_places
from difftool.operations.declare import copied, zeros_for
from difftool.operations.indexing.index_range import (
    element_places,
    require_lookup,
    require_source,
    require_whole,
    source_gradient,
    used,
)
from difftool.operations.registry import (
    Array,
    Check,
    Operation,
    Type,
    composite,
    number_of,
    ops,
)
from difftool.operations.shapes import broadcast, normal_dim


def _gather_type(input: Node, index: Node, *, dim: int, sparse_grad: bool = False) -> Type:
    dim = require_lookup("gather", input, index, dim)
    return Type(index.shape, input.dtype, None, {"dim": dim})


def _gather(x: Array, index: Array, *, dim: int) -> Array:
    if not index.size:
        return np.empty(index.shape, x.dtype)
    taken: Array = np.atleast_1d(x)[element_places(x.shape, index, dim)]
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


@composite(
    "take_along_dim(input, indices: IndexTensor, dim: int | None = None)",
    example="take_along_dim([[3, 1, 2]], [[1, 2, 0]], 1)",
    checks=(Check("take_along_dim(x, [[-1, 0]], 1) ^ 2", {"x": (2, 3)}),),
)
def take_along_dim(input: Node, indices: Node, dim: int | None = None) -> Node:
    """Elements at indices along dim, all else broadcast; without dim from the flat tensor."""
    require_whole("take_along_dim", indices)
    if dim is None:
        flat: Node = ops.gather(
            ops.view(input, (-1,)), ops.reshape(indices, (indices.size,)), dim=0
        )
        return flat
    if input.ndim != indices.ndim:
        raise DifftoolError(
            f"take_along_dim takes indices of as many dimensions as input, "
            f"not {indices.ndim} for {input.ndim}",
            kind="shape",
            hint="reshape the indices; dimensions of length 1 broadcast",
        )
    if not input.ndim:
        raise DifftoolError(
            "take_along_dim has no dimension to go along in a 0-d tensor",
            kind="shape",
            hint="leave dim out: then it takes from the flat tensor",
        )
    dim = normal_dim(dim, input.ndim)
    spread = ops.expand(input, _broadcast_besides(dim, input.shape, indices.shape))
    places = ops.expand(indices, _broadcast_besides(dim, indices.shape, input.shape))
    if input.shape[dim]:
        # PyTorch counts round and round: an index of -1 or 5 is a place out of 3, too.
        places = ops.remainder(places, input.shape[dim])
    gathered: Node = ops.gather(spread, places, dim=dim)
    return gathered


def _broadcast_besides(dim: int, shape: Shape, other: Shape) -> Shape:
    """`shape` broadcast to `other` in all dimensions but `dim`."""
    return broadcast(shape, (*other[:dim], *shape[dim : dim + 1], *other[dim + 1 :]))


# ----- Scattering -----


def _gathered_for_source(
    g: Node, out: Node, x: Node, index: Node, src: Node, *, dim: int, **rest: Any
) -> Node:
    """What index points at; elements of src beyond index were not used."""
    return source_gradient(ops.gather(g, index, dim=dim), src)


def _scatter_add_type(input: Node, index: Node, src: Node, *, dim: int) -> Type:
    dim = require_lookup("scatter_add", input, index, dim)
    require_source("scatter_add", input, index, src)
    return Type(input.shape, input.dtype, None, {"dim": dim})


def _scatter_add(
    x: Array, index: Array, src: Array, *, dim: int, out: Array | None = None
) -> Array:
    result = copied(x, out)
    if index.size:
        places = element_places(x.shape, index, dim)
        np.add.at(np.atleast_1d(result), places, used(src, index))
    return result


scatter_add = Operation(
    ("scatter_add(input, dim: int, index: IndexTensor, src)",),
    _scatter_add,
    _scatter_add_type,
    (lambda g, out, x, index, src, *, dim: g, None, _gathered_for_source),
    checks=(
        Check("scatter_add(x, 1, [[0, 0], [2, 1]], y) ^ 2", {"x": (2, 3), "y": (2, 2)}),
        Check("scatter_add(x, 0, [[1, 1]], y) ^ 2", {"x": (2, 3), "y": (2, 3)}),
    ),
    batch=batch_places.at_places,
    axes=axes.along,
    meaning="input with each element of src added at the place index gives along dim.",
    example="scatter_add(zeros(3), 0, [0, 2, 2], [1., 2., 3.])",
)

_REDUCTIONS = {"add": np.add, "multiply": np.multiply}


def _scatter_type(
    input: Node, index: Node, src: Node, *, dim: int, reduce: str | None = None
) -> Type:
    dim = require_lookup("scatter", input, index, dim)
    if number_of(src) is None:
        require_source("scatter", input, index, src)
    if reduce is not None and reduce not in _REDUCTIONS:
        raise DifftoolError(
            f"scatter can't reduce by {reduce!r}",
            kind="argument",
            hint="reduce is 'add' or 'multiply'; scatter_reduce knows others",
        )
    return Type(input.shape, input.dtype, None, {"dim": dim, "reduce": reduce})


def _scatter(
    x: Array,
    index: Array,
    src: Array,
    *,
    dim: int,
    reduce: str | None,
    out: Array | None = None,
) -> Array:
    result = copied(x, out)
    if index.size:
        # A number that was written stands for as many of them as are needed.
        values = used(src, index) if src.ndim else src
        values = values.astype(x.dtype, copy=False)
        places = element_places(x.shape, index, dim)
        if reduce is None:
            np.atleast_1d(result)[places] = values
        else:
            _REDUCTIONS[reduce].at(np.atleast_1d(result), places, values)
    return result


def _require_derivative(out: Node, reduce: str | None) -> None:
    if reduce is not None:
        raise DifftoolError(
            f"PyTorch has no derivative for scatter with reduce={reduce!r}",
            kind="unsupported",
            span=out.span,
            hint="scatter_add and scatter_reduce have one",
        )


def _scatter_input(
    g: Node, out: Node, x: Node, index: Node, src: Node, *, dim: int, reduce: str | None
) -> Node:
    """Nothing where an element was replaced."""
    _require_derivative(out, reduce)
    gradient: Node = ops.scatter(g, index, 0, dim=dim)
    return gradient


def _scatter_source(
    g: Node, out: Node, x: Node, index: Node, src: Node, *, dim: int, reduce: str | None
) -> Node:
    _require_derivative(out, reduce)
    return _gathered_for_source(g, out, x, index, src, dim=dim)


def _scatter_grad_fn(node: Node) -> str:
    if node.parameters["reduce"] is not None:
        return "NotImplemented"
    return "ScatterBackward0" if number_of(node.inputs[2]) is None else "ScatterBackward1"


scatter = Operation(
    (
        "scatter(input, dim: int, index: IndexTensor, src, *, reduce: str | None = None)",
        "scatter(input, dim: int, index: IndexTensor, value, *, reduce: str | None = None)",
    ),
    _scatter,
    _scatter_type,
    (_scatter_input, None, _scatter_source),
    grad_fn=_scatter_grad_fn,
    checks=(
        Check("scatter(x, 1, [[0, 1], [2, 1]], y) ^ 2", {"x": (2, 3), "y": (2, 2)}),
        Check("scatter(x, 0, [[1, 1]], y) ^ 2", {"x": (2, 3), "y": (2, 3)}),
        Check("scatter(x, 1, [[0, 0], [2, 1]], 1.5) ^ 2", {"x": (2, 3)}),
    ),
    batch=batch_places.at_places,
    axes=axes.along,
    meaning="input with each element of src, or one number, at the place index gives along dim.",
    example="scatter(zeros(3), 0, [0, 2], [1., 2.])",
)
