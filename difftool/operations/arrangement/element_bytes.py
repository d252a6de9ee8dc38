"""The bytes of a tensor's elements, read as elements of another type: what `view(dtype)` is.

`reshaping.view` and `copies.view_copy` make these nodes.
"""

from __future__ import annotations

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import DType
from difftool.graph.node import Node
from difftool.operations.registry import Array, Operation, Type, ops
from difftool.operations.shapes import dtype_name


def read_as(input: Node, dtype: DType) -> Node:
    """The elements of `dtype` that the bytes of `input` are; no gradient passes.

    Raises:
        DifftoolError: kind "shape", where elements of another length do not fit the last dimension.
    """
    return ops.detach(input) if input.dtype == dtype else _read_as(input, dtype=dtype)


def _read_type(input: Node, dtype: DType) -> Type:
    ours, theirs = input.dtype.itemsize, dtype.itemsize
    if ours == theirs:
        return Type(input.shape, dtype)
    words = f"{dtype_name(input.dtype)} as {dtype_name(dtype)}"
    if not input.shape:
        raise DifftoolError(
            f"a 0-d tensor has no room for a view of {words}, of another length",
            kind="shape",
            hint="give it a dimension: .reshape(1)",
        )
    if layout.strides(input)[-1] != 1:
        raise DifftoolError(
            f"no view of {words}: the elements of a row do not stand beside one another in memory",
            kind="shape",
            hint="call .contiguous() first",
        )
    length, rest = divmod(input.shape[-1] * ours, theirs)
    if rest:
        raise DifftoolError(
            f"no view of {words}: {input.shape[-1]} elements of {ours} bytes are not a whole "
            f"number of {theirs} bytes",
            kind="shape",
            hint=f"the last size must be a multiple of {theirs // ours}",
        )
    return Type((*input.shape[:-1], length), dtype)


def _read(x: Array, dtype: DType) -> Array:
    return np.ascontiguousarray(x).reshape(x.shape).view(dtype)


_read_as = Operation(
    ("view(input, dtype: DType)",),
    _read,
    _read_type,
    meaning="",
    example="",
)
