"""What comes to one place reduced to one element: `scatter_reduce` and `index_reduce`.

The first has an index for each element of `src`, the second one for each slice along a dimension;
their derivatives are in `place_derivatives`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean
from difftool.graph.node import Node
from difftool.operations import axes, axes_places, batch_places
from difftool.operations.declare import copied, zeros_for
from difftool.operations.indexing.index_range import (
    element_places,
    require_lookup,
    require_range,
    require_slices,
    require_source,
    source_gradient,
    used,
)
from difftool.operations.indexing.place_derivatives import (
    Way,
    input_gradient,
    reduced_source_gradient,
)
from difftool.operations.registry import Array, Check, Operation, Type, ops

_UFUNCS: dict[str, np.ufunc] = {
    "sum": np.add,
    "mean": np.add,
    "prod": np.multiply,
    "amax": np.maximum,
    "amin": np.minimum,
}


def _identity(reduce: str, dtype: DType) -> Any:
    """What a reduction of nothing is."""
    if reduce in ("sum", "mean", "prod"):
        return reduce == "prod"
    largest = reduce == "amin"
    if dtype.kind == "f":
        return np.inf if largest else -np.inf
    if dtype.kind == "b":
        return largest
    limits = np.iinfo(dtype.name)
    return limits.max if largest else limits.min


def _reduced(
    x: Array,
    places: tuple[Any, ...],
    values: Array,
    reduce: str,
    include_self: bool,
    out: Array | None,
) -> Array:
    result = copied(x, out)
    target = np.atleast_1d(result)
    if not include_self:
        target[places] = _identity(reduce, x.dtype)
    _UFUNCS[reduce].at(target, places, values)
    if reduce == "mean":
        counts = np.full(target.shape, int(include_self))
        np.add.at(counts, places, 1)
        np.maximum(counts, 1, out=counts)
        divide = np.divide if x.dtype.kind == "f" else np.floor_divide
        divide(target, counts, out=target, casting="unsafe")
    return result


def _require_reduction(function: str, input: Node, reduce: str, known: tuple[str, ...]) -> None:
    if reduce not in known:
        raise DifftoolError(
            f"{function} can't reduce by {reduce!r}",
            kind="argument",
            hint=f"reduce is one of {', '.join(known)}",
        )
    if reduce == "mean" and input.dtype == boolean:
        raise DifftoolError(
            f"{function} has no mean of booleans",
            kind="dtype",
            hint="convert them with .double()",
        )


def _scratch(node: Node) -> float:
    """A mean counts what came to each place, in int64."""
    return 8 / node.dtype.itemsize if node.parameters["reduce"] == "mean" else 0


# ----- An index for each element -----


def _scatter_reduce_type(
    input: Node, index: Node, src: Node, *, dim: int, reduce: str, include_self: bool = True
) -> Type:
    _require_reduction("scatter_reduce", input, reduce, ("sum", "prod", "mean", "amax", "amin"))
    dim = require_lookup("scatter_reduce", input, index, dim)
    require_source("scatter_reduce", input, index, src)
    parameters = {"dim": dim, "reduce": reduce, "include_self": include_self}
    return Type(input.shape, input.dtype, None, parameters)


def _scatter_reduce(
    x: Array,
    index: Array,
    src: Array,
    *,
    dim: int,
    reduce: str,
    include_self: bool,
    out: Array | None = None,
) -> Array:
    if not index.size:
        return copied(x, out)
    places = element_places(x.shape, index, dim)
    return _reduced(x, places, used(src, index), reduce, include_self, out)


def _scattering(index: Node, dim: int, reduce: str, include_self: bool) -> Way:
    return Way(
        lambda like: ops.gather(like, index, dim=dim),
        lambda start, values: ops.scatter_add(start, index, values, dim=dim),
        lambda start, values: ops.scatter_reduce(
            start, index, values, dim=dim, reduce=reduce, include_self=include_self
        ),
        lambda like: ops.scatter(like, index, 0, dim=dim),
    )


def _part(src: Node, index: Node) -> Node:
    """The elements of src that have an element of index."""
    for axis, size in enumerate(index.shape):
        if src.shape[axis] != size:
            src = ops.slice(src, dim=axis, end=size)
    return src


def _scatter_reduce_input(
    g: Node, out: Node, x: Node, index: Node, src: Node, *, dim: int, **how: Any
) -> Node:
    if not index.size:
        return g
    way = _scattering(index, dim, **how)
    return input_gradient(g, out, x, _part(src, index), way=way, **how)


def _scatter_reduce_source(
    g: Node, out: Node, x: Node, index: Node, src: Node, *, dim: int, **how: Any
) -> Node:
    if not index.size:
        return zeros_for(g, src.shape)
    way = _scattering(index, dim, **how)
    gradient = reduced_source_gradient(g, out, x, _part(src, index), way=way, **how)
    return source_gradient(gradient, src)


scatter_reduce = Operation(
    (
        "scatter_reduce(input, dim: int, index: IndexTensor, src, reduce: str, *, "
        "include_self: bool = True)",
    ),
    _scatter_reduce,
    _scatter_reduce_type,
    (_scatter_reduce_input, None, _scatter_reduce_source),
    checks=(
        Check("scatter_reduce(x, 1, [[0, 0], [2, 1]], y, 'sum') ^ 2", {"x": (2, 3), "y": (2, 2)}),
        Check(
            "scatter_reduce(x, 1, [[0, 0]], y, 'prod') ^ 2", {"x": (2, 3), "y": (2, 2)}, (0.5, 2)
        ),
        Check(
            "scatter_reduce(x, 0, [0, 0, 2], y, 'mean', include_self=False) ^ 2",
            {"x": (3,), "y": (3,)},
        ),
        Check("scatter_reduce(x, 0, [0, 0, 2], y, 'amax') ^ 2", {"x": (3,), "y": (3,)}),
        Check(
            "scatter_reduce(x, 0, [0, 0, 2], y, 'amin', include_self=False) ^ 2",
            {"x": (3,), "y": (3,)},
        ),
    ),
    batch=batch_places.at_places,
    axes=axes.along,
    scratch=_scratch,
    meaning="input with what index brings of src to each place along dim reduced with it.",
    example="scatter_reduce(ones(3), 0, [0, 2, 2], [1., 2., 3.], 'mean')",
)

# ----- An index for each slice -----


def _index_reduce_type(
    input: Node, index: Node, source: Node, *, dim: int, reduce: str, include_self: bool = True
) -> Type:
    _require_reduction("index_reduce", input, reduce, ("prod", "mean", "amax", "amin"))
    dim = require_slices("index_reduce", input, index, source, dim)
    parameters = {"dim": dim, "reduce": reduce, "include_self": include_self}
    return Type(input.shape, input.dtype, None, parameters)


def _index_reduce(
    x: Array,
    index: Array,
    source: Array,
    *,
    dim: int,
    reduce: str,
    include_self: bool,
    out: Array | None = None,
) -> Array:
    index, shape = np.atleast_1d(index), x.shape or (1,)
    require_range(index, dim, shape[dim])
    places = (*(slice(None),) * dim, index)
    return _reduced(x, places, np.atleast_1d(source), reduce, include_self, out)


def _indexing(index: Node, dim: int, reduce: str, include_self: bool) -> Way:
    return Way(
        lambda like: ops.index_select(like, index, dim=dim),
        lambda start, values: ops.index_add(start, index, values, dim=dim),
        lambda start, values: ops.index_reduce(
            start, index, values, dim=dim, reduce=reduce, include_self=include_self
        ),
        lambda like: ops.index_fill(like, index, 0, dim=dim),
    )


def _index_reduce_input(
    g: Node, out: Node, x: Node, index: Node, source: Node, *, dim: int, **how: Any
) -> Node:
    return input_gradient(g, out, x, source, way=_indexing(index, dim, **how), **how)


def _index_reduce_source(
    g: Node, out: Node, x: Node, index: Node, source: Node, *, dim: int, **how: Any
) -> Node:
    return reduced_source_gradient(g, out, x, source, way=_indexing(index, dim, **how), **how)


index_reduce = Operation(
    (
        "index_reduce(input, dim: int, index: IndexTensor, source, reduce: str, *, "
        "include_self: bool = True)",
    ),
    _index_reduce,
    _index_reduce_type,
    (_index_reduce_input, None, _index_reduce_source),
    checks=(
        Check(
            "index_reduce(x, 1, [0, 0], y, 'prod') ^ 2", {"x": (2, 3), "y": (2, 2)}, (0.5, 2)
        ),
        Check("index_reduce(x, 0, [0, 0, 2], y, 'mean') ^ 2", {"x": (3,), "y": (3,)}),
        Check(
            "index_reduce(x, 0, [0, 0, 2], y, 'amax', include_self=False) ^ 2",
            {"x": (3,), "y": (3,)},
        ),
        Check("index_reduce(x, 0, [0, 0, 2], y, 'amin') ^ 2", {"x": (3,), "y": (3,)}),
    ),
    batch=batch_places.along_index,
    axes=axes_places.along_index,
    scratch=_scratch,
    meaning="input with the slices that index brings of source to each place along dim reduced.",
    example="index_reduce(ones(3), 0, [0, 2, 2], [1., 2., 3.], 'amax')",
)
