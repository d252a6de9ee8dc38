"""Indices held against the tensors they point into, for all families that look elements up.

What was written as numbers is checked before anything is computed, the rest by the kernels.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, int32, int64, is_float
from difftool.graph.node import Node, Shape
from difftool.operations.declare import zeros_for
from difftool.operations.registry import Array, number_of, ops
from difftool.operations.shapes import dtype_name, normal_dim, out_of_range


def require_range(index: Array, dim: int, size: int, lowest: int = 0) -> None:
    """Refuse values of `index` that are not from `lowest` to `size` - 1."""
    if index.size and (np.min(index) < lowest or np.max(index) >= size):
        wrong = index[(index < lowest) | (index >= size)]
        raise out_of_range(int(wrong[0]), dim, size, lowest)


def require_known_range(index: Node, dim: int, size: int, lowest: int = 0) -> None:
    """The same before anything is computed, for an index that was written as numbers."""
    value = index.parameters.get("value")
    if isinstance(value, np.ndarray) and not index.inputs:
        require_range(value, dim, size, lowest)


def require_whole(function: str, index: Node, *dtypes: DType) -> None:
    """Refuse an index that is not of int64, or of one of the `dtypes`."""
    if index.dtype not in (dtypes or (int64,)):
        raise DifftoolError(
            f"{function} takes an int64 tensor as index, not {dtype_name(index.dtype)}",
            kind="dtype",
            hint="convert it with .long()",
        )


def require_dtype(function: str, input: Node, source: Node, name: str) -> None:
    """Refuse a `source`, which is called `name`, of another dtype than the tensor it goes into."""
    if source.dtype != input.dtype:
        raise DifftoolError(
            f"{function} puts elements of one dtype in place, not {dtype_name(source.dtype)} "
            f"into {dtype_name(input.dtype)}",
            kind="dtype",
            hint=f"convert {name} to the dtype of input",
        )


def require_number(value: Node, input: Node) -> None:
    """Refuse a value that is no finite number where `input` holds whole numbers."""
    number = number_of(value)
    if number is not None and not is_float(input.dtype) and not math.isfinite(number):
        raise DifftoolError(
            f"{number} is not a number of type {dtype_name(input.dtype)}",
            kind="dtype",
            hint="convert the tensor, for instance with .double()",
        )


# ----- An index for each slice along one dimension -----


def require_vector(
    function: str, input: Node, index: Node, dim: int, from_end: bool = False
) -> int:
    """`dim` from the front, for an `index` of one dimension or none.

    With `from_end` negative values count from the end.
    """
    dim = normal_dim(dim, input.ndim)
    if index.ndim > 1:
        raise DifftoolError(
            f"{function} takes a vector as index, not a tensor of shape {index.shape}",
            kind="shape",
            hint="flatten the index, or use gather or scatter for an index for each element",
        )
    size = (input.shape or (1,))[dim]
    if input.size or not from_end:
        require_known_range(index, dim, size, -size if from_end else 0)
    return dim


def require_slices(function: str, input: Node, index: Node, source: Node, dim: int) -> int:
    """`dim` from the front, for a `source` of one slice of input's shape for each of `index`."""
    dim = require_vector(function, input, index, dim)
    require_dtype(function, input, source, "source")
    part = (*input.shape[:dim], index.size, *input.shape[dim + 1 :]) if input.ndim else ()
    if source.shape != part or (not input.ndim and index.size != 1):
        raise DifftoolError(
            f"{function} has a source of shape {source.shape} for {index.size} indices along "
            f"dimension {dim} of a tensor of shape {input.shape}",
            kind="shape",
            hint=f"source has the shape of input, but one slice for each index: {part}",
        )
    return dim


# ----- An index for each element, along one dimension -----


def fits(index: Node, other: Node, free: int | None = None) -> bool:
    """Whether `index` is nowhere longer than `other`, but along the dimension `free`."""
    lengths, limits = index.shape or (1,), other.shape or (1,)
    return len(lengths) == len(limits) and all(
        [
            axis == free or length <= limit
            for axis, (length, limit) in enumerate(zip(lengths, limits, strict=True))
        ]
    )


def require_lookup(function: str, input: Node, index: Node, dim: int) -> int:
    """`dim` from the front, for an `index` as gather and scatter take it."""
    dim = normal_dim(dim, input.ndim)
    require_whole(function, index, int64, int32)
    if index.size and not fits(index, input, free=dim):
        raise DifftoolError(
            f"{function} can't use an index of shape {index.shape} "
            f"for a tensor of shape {input.shape} along dimension {dim}",
            kind="shape",
            hint=f"it needs as many dimensions, and only dimension {dim} may be longer",
        )
    require_known_range(index, dim, (input.shape or (1,))[dim])
    return dim


def require_source(function: str, input: Node, index: Node, src: Node) -> None:
    """Refuse a `src` that has no element of input's dtype for each element of `index`."""
    require_dtype(function, input, src, "src")
    if index.size and not fits(index, src):
        raise DifftoolError(
            f"{function} has an index of shape {index.shape} for a src of shape {src.shape}",
            kind="shape",
            hint="src needs as many dimensions, none of them shorter",
        )


def element_places(shape: Shape, index: Array, dim: int) -> tuple[Any, ...]:
    """The NumPy index of the elements that `index` names along `dim`; 0-d counts as 1-d."""
    index, shape = np.atleast_1d(index), shape or (1,)
    require_range(index, dim, shape[dim])
    grid = np.ogrid[tuple([slice(size) for size in index.shape])]
    return tuple([index if axis == dim else places for axis, places in enumerate(grid)])


def used(src: Array, index: Array) -> Array:
    """The elements of src that have an element of index; 0-d counts as 1-d."""
    part: Array = np.atleast_1d(src)[tuple([slice(size) for size in np.atleast_1d(index).shape])]
    return part


def source_gradient(gradient: Node, src: Node) -> Node:
    """A gradient in the shape of the index, filled up with zeros to that of `src`."""
    if not gradient.size:
        return zeros_for(gradient, src.shape)
    for axis, size in enumerate(src.shape):
        length = gradient.shape[axis]
        if length != size:
            whole = (*src.shape[: axis + 1], *gradient.shape[axis + 1 :])
            zeros = zeros_for(gradient, whole)
            gradient = ops.slice_scatter(zeros, gradient, dim=axis, end=length)
    return gradient
