"""An index for each slice along one dimension: slices selected, added to, replaced, filled.

`index_select` and `index_add` are each other's derivatives. Where an index names a slice several
times, the last one stays, and the gradient is PyTorch's: each gets the gradient of the place.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int32, int64
from difftool.graph.node import Node, Number
from difftool.operations import axes_places, batch_places
from difftool.operations.declare import copied, zeros_for
from difftool.operations.indexing.index_range import (
    require_dtype,
    require_number,
    require_range,
    require_slices,
    require_vector,
    require_whole,
)
from difftool.operations.registry import Array, Check, Operation, Type, number_of, ops


def _slices(x: Array, index: Array, dim: int, from_end: bool = False) -> tuple[Any, ...]:
    """The NumPy index of the slices, none of them out of range; 0-d counts as 1-d."""
    index, shape = np.atleast_1d(index), x.shape or (1,)
    require_range(index, dim, shape[dim], -shape[dim] if from_end else 0)
    return (*(slice(None),) * dim, index)


# ----- Selecting -----


def _index_select_type(input: Node, index: Node, *, dim: int) -> Type:
    require_whole("index_select", index, int64, int32)
    dim = require_vector("index_select", input, index, dim)
    if not input.ndim and index.size != 1:
        raise DifftoolError(
            f"index_select takes one index for a 0-d tensor, not {index.size}",
            kind="shape",
            hint="x[None] makes a tensor of shape (1,) of it",
        )
    shape = (*input.shape[:dim], index.size, *input.shape[dim + 1 :]) if input.ndim else ()
    return Type(shape, input.dtype, None, {"dim": dim})


def _index_select(x: Array, index: Array, *, dim: int) -> Array:
    taken: Array = np.atleast_1d(x)[_slices(x, index, dim)]
    return taken if x.ndim else taken.reshape(())


def _index_select_back(g: Node, out: Node, x: Node, index: Node, *, dim: int) -> Node:
    gradient: Node = ops.index_add(zeros_for(g, x.shape), index, g, dim=dim)
    return gradient


index_select = Operation(
    ("index_select(input, dim: int, index: IndexTensor)",),
    _index_select,
    _index_select_type,
    (_index_select_back, None),
    checks=(
        Check("index_select(x, 1, [2, 0, 2]) ^ 2", {"x": (2, 3)}),
        Check("index_select(x, 0, [0]) ^ 2", {"x": ()}),
    ),
    batch=batch_places.along_index,
    axes=axes_places.index_select,
    meaning="The slices of input along dim that index names, in its order.",
    example="index_select([[1, 2, 3], [4, 5, 6]], 1, [2, 0])",
)


# ----- Adding -----


def _index_add_type(
    input: Node, index: Node, source: Node, *, dim: int, alpha: Number = 1
) -> Type:
    require_whole("index_add", index, int64, int32)
    dim = require_slices("index_add", input, index, source, dim)
    return Type(input.shape, input.dtype, None, {"dim": dim, "alpha": alpha})


def _index_add(
    x: Array,
    index: Array,
    source: Array,
    *,
    dim: int,
    alpha: Number = 1,
    out: Array | None = None,
) -> Array:
    result = copied(x, out)
    if alpha != 1:
        source = source * np.asarray(alpha).astype(x.dtype)
    np.add.at(np.atleast_1d(result), _slices(x, index, dim), source)
    return result


def _index_add_source(
    g: Node, out: Node, x: Node, index: Node, source: Node, *, dim: int, alpha: Number = 1
) -> Node:
    gradient: Node = ops.index_select(g, index, dim=dim)
    return gradient if alpha == 1 else gradient * alpha


index_add = Operation(
    ("index_add(input, dim: int, index: IndexTensor, source, *, alpha: Number = 1)",),
    _index_add,
    _index_add_type,
    (lambda g, out, x, index, source, **rest: g, None, _index_add_source),
    checks=(
        Check("index_add(x, 1, [2, 2], y) ^ 2", {"x": (2, 3), "y": (2, 2)}),
        Check("index_add(x, 0, [1, 0], y, alpha=-0.5) ^ 2", {"x": (3,), "y": (2,)}),
    ),
    batch=batch_places.along_index,
    axes=axes_places.along_index,
    scratch=lambda node: 0 if node.parameters["alpha"] == 1 else 1,
    meaning="input with alpha times the slices of source added along dim where index says.",
    example="index_add(zeros(3), 0, [0, 2, 2], [1., 2., 3.])",
)

# ----- Replacing -----


def _index_copy_type(input: Node, index: Node, source: Node, *, dim: int) -> Type:
    require_whole("index_copy", index)
    if input.ndim < 2 and (not source.ndim or not input.ndim) and source.ndim < 2:
        # One number and a vector of one number are alike.
        dim = require_vector("index_copy", input, index, dim)
        require_dtype("index_copy", input, source, "source")
        if index.size != source.size:
            raise DifftoolError(
                f"index_copy has {source.size} elements for {index.size} indices",
                kind="shape",
                hint="give one for each index",
            )
    else:
        dim = require_slices("index_copy", input, index, source, dim)
    return Type(input.shape, input.dtype, None, {"dim": dim})


def _index_copy(
    x: Array, index: Array, source: Array, *, dim: int, out: Array | None = None
) -> Array:
    result = copied(x, out)
    np.atleast_1d(result)[_slices(x, index, dim)] = source
    return result


def _index_copy_source(
    g: Node, out: Node, x: Node, index: Node, source: Node, *, dim: int
) -> Node:
    gradient: Node = ops.index_select(g, index, dim=dim)
    return gradient if gradient.ndim == source.ndim else ops.reshape(gradient, source.shape)


index_copy = Operation(
    ("index_copy(input, dim: int, index: IndexTensor, source)",),
    _index_copy,
    _index_copy_type,
    (
        lambda g, out, x, index, source, *, dim: ops.index_fill(g, index, 0, dim=dim),
        None,
        _index_copy_source,
    ),
    checks=(
        Check("index_copy(x, 1, [2, 0], y) ^ 2", {"x": (2, 3), "y": (2, 2)}),
        Check("index_copy(x, 0, [1], y) ^ 2", {"x": (3,), "y": ()}),
    ),
    batch=batch_places.along_index,
    axes=axes_places.along_index,
    meaning="input with the slices of source in place along dim where index says.",
    example="index_copy(zeros(3), 0, [0, 2], [1., 2.])",
)

# ----- Filling -----


def _index_fill_type(input: Node, index: Node, value: Node, *, dim: int) -> Type:
    require_whole("index_fill", index)
    dim = require_vector("index_fill", input, index, dim, from_end=True)
    if value.ndim:
        raise DifftoolError(
            f"index_fill fills in one number, not a tensor of shape {value.shape}",
            kind="shape",
            hint="index_copy takes tensors",
        )
    require_number(value, input)
    return Type(input.shape, input.dtype, None, {"dim": dim})


def _index_fill(
    x: Array, index: Array, value: Array, *, dim: int, out: Array | None = None
) -> Array:
    result = copied(x, out)
    if x.size:
        np.atleast_1d(result)[_slices(x, index, dim, from_end=True)] = value.astype(x.dtype)
    return result


def _index_fill_value(
    g: Node, out: Node, x: Node, index: Node, value: Node, *, dim: int
) -> Node:
    """The gradient of all that was filled, once each."""
    filled = ops.index_fill(ops.zeros(g.shape, dtype=boolean), index, True, dim=dim)
    gradient: Node = ops.sum(ops.where(filled, g, 0))
    return gradient


index_fill = Operation(
    ("index_fill(input, dim: int, index: IndexTensor, value)",),
    _index_fill,
    _index_fill_type,
    (
        lambda g, out, x, index, value, *, dim: ops.index_fill(g, index, 0, dim=dim),
        None,
        _index_fill_value,
    ),
    grad_fn=lambda node: (
        "IndexFillBackward1" if number_of(node.inputs[2]) is None else "IndexFillBackward0"
    ),
    checks=(
        Check("index_fill(x ^ 2, 1, [2, 0], s ^ 2)", {"x": (2, 3), "s": ()}),
        Check("index_fill(x ^ 2, 0, [-1], 3)", {"x": (3,)}),
    ),
    batch=batch_places.along_index,
    axes=axes_places.along_index,
    meaning="input with one number, of its own dtype, in the slices along dim that index names.",
    example="index_fill(zeros(3), 0, [0, 2], 5)",
)
