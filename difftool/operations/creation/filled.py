"""Creation: tensors of given sizes, filled with one number or with that of a diagonal.

All of them make leaves: nodes without inputs. `sequences` has numbers that are counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, Number, Shape, building
from difftool.operations import axes
from difftool.operations.creation.leaves import dtype_of, made_leaf, require_room, source
from difftool.operations.declare import copied
from difftool.operations.registry import Array, composite

# ----- Filled tensors -----


def _filled(
    *, size: Shape, dtype: DType, fill_value: Number, out: Array | None = None
) -> Array:
    # Through the widest dtype of its kind: uint8 wraps what it can't hold.
    wide = np.array(fill_value, np.float64 if is_float(dtype) else None)
    return copied(np.broadcast_to(wide.astype(dtype), size), out)


_ones = source("ones", _filled, axes.filled)
_zeros = source("zeros", _filled, axes.filled)
_full = source("full", _filled, axes.filled)
_eye = source("eye", lambda *, size, dtype: np.eye(*size, dtype=dtype))
_ones_like = source("ones_like", _filled, axes.filled)
_zeros_like = source("zeros_like", _filled, axes.filled)
_full_like = source("full_like", _filled, axes.filled)


@composite(
    "ones(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="ones(2, 2)",
)
def ones(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A tensor of ones."""
    dtype = dtype or building.default_dtype
    return made_leaf(_ones(size=size, dtype=dtype, fill_value=1), requires_grad)


@composite(
    "zeros(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="zeros(3)",
)
def zeros(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A tensor of zeros."""
    dtype = dtype or building.default_dtype
    return made_leaf(_zeros(size=size, dtype=dtype, fill_value=0), requires_grad)


@composite(
    "empty(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="empty(3)",
)
def empty(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A tensor to be filled; it holds zeros here, and anything in PyTorch."""
    dtype = dtype or building.default_dtype
    return made_leaf(_zeros(size=size, dtype=dtype, fill_value=0), requires_grad)


@composite(
    "scalar_tensor(s: Number, *, dtype: DType | None = None, requires_grad: bool = False)",
    example="scalar_tensor(3)",
)
def scalar_tensor(s: Number, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A 0-d tensor of a number, floating-point unless a dtype is given."""
    dtype = dtype or building.default_dtype
    require_room([s], dtype)
    return made_leaf(_full(size=(), dtype=dtype, fill_value=s), requires_grad)


@composite(
    "full(size: Size, fill_value: Number, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="full((2, 2), 7)",
)
def full(
    size: Sequence[int],
    fill_value: Number,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """A tensor filled with one number, whose type decides the dtype."""
    dtype = dtype or dtype_of([fill_value])
    require_room([fill_value], dtype)
    return made_leaf(_full(size=size, dtype=dtype, fill_value=fill_value), requires_grad)


@composite(
    "eye(n: int, m: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False)",
    example="eye(3)",
    aliases=("identity",),
)
def eye(
    n: int, m: int | None = None, dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """Ones on the diagonal of an n by m matrix, zeros elsewhere."""
    size = (n, n if m is None else m)
    return made_leaf(_eye(size=size, dtype=dtype or building.default_dtype), requires_grad)


_LIKE = "input, *, dtype: DType | None = None, requires_grad: bool = False"


@composite(f"ones_like({_LIKE})", example="ones_like([1, 2, 3])")
def ones_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Ones in the shape and dtype of a tensor."""
    dtype = dtype or input.dtype
    return made_leaf(_ones_like(size=input.shape, dtype=dtype, fill_value=1), requires_grad)


@composite(f"zeros_like({_LIKE})", example="zeros_like([1, 2, 3])")
def zeros_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Zeros in the shape and dtype of a tensor."""
    dtype = dtype or input.dtype
    return made_leaf(_zeros_like(size=input.shape, dtype=dtype, fill_value=0), requires_grad)


@composite(
    "full_like(input, fill_value: Number, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="full_like([1, 2, 3], 7)",
)
def full_like(
    input: Node, fill_value: Number, dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """One number in the shape and dtype of a tensor."""
    dtype = dtype or input.dtype
    require_room([fill_value], dtype)
    return made_leaf(
        _full_like(size=input.shape, dtype=dtype, fill_value=fill_value), requires_grad
    )


@composite(f"empty_like({_LIKE})", example="empty_like([1, 2, 3])")
def empty_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A tensor to be filled, in the shape of another; zeros here, undefined in PyTorch."""
    made: Node = zeros_like(input, dtype=dtype, requires_grad=requires_grad)
    return made
