"""Norms of matrices.

The 1-norm and the infinity-norm of a matrix are the largest of the 1-norms of its columns or rows;
the 2-norm is its largest singular value, the nuclear norm their sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isinf
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, Number
from difftool.operations.registry import Check, composite, ops
from difftool.operations.shapes import (
    dtype_name,
    normal_dim,
    reduced_shape,
    require_float,
)


def norm_of_dims(function: str, dim: Any, number: str) -> DifftoolError:
    return DifftoolError(
        f"{function} takes {number} dimensions as dim here, not {dim}",
        kind="argument",
        hint="vector_norm reduces any number of dimensions",
    )


def over_matrices(
    input: Node,
    ord: Number | str,
    dim: int | Sequence[int],
    keepdim: bool,
    dtype: DType | None,
) -> Node:
    """The norm `ord` of the matrices in two dimensions."""
    dims = (dim,) if isinstance(dim, int) else tuple(dim)
    if len(dims) != 2 or input.ndim < 2:
        raise norm_of_dims("a matrix norm", dims, "two")
    rows, columns = [normal_dim(one, input.ndim) for one in dims]
    if rows == columns:
        raise norm_of_dims("a matrix norm", dims, "two different")
    result: Node
    if ord == "fro":
        result = ops.vector_norm(input, ord=2, dim=dims, keepdim=keepdim, dtype=dtype)
        return result
    if ord in (2, -2, "nuc"):
        return _by_singular_values(input, ord, rows, columns, keepdim, dtype)
    if ord not in (1, -1, inf, -inf):
        raise DifftoolError(
            f"there is no matrix norm {ord!r}",
            kind="argument",
            hint="'fro', 'nuc', 1, -1, 2, -2, inf and -inf are; vector_norm takes any order",
        )
    summed, chosen = (columns, rows) if isinf(float(ord)) else (rows, columns)
    sums = ops.vector_norm(input, ord=1, dim=(summed,), keepdim=keepdim, dtype=dtype)
    if not keepdim and chosen > summed:
        chosen -= 1
    if ord in (1, inf) and sums.shape[chosen] == 0:
        # A matrix without columns (or rows) has the norm 0, and nothing to differentiate by.
        shape = reduced_shape(sums.shape, (chosen,), keepdim)
        result = ops.zeros(shape, dtype=sums.dtype)
        return result
    result = (ops.amax if float(ord) > 0 else ops.amin)(sums, dim=(chosen,), keepdim=keepdim)
    return result


def _by_singular_values(
    input: Node,
    ord: Number | str,
    rows: int,
    columns: int,
    keepdim: bool,
    dtype: DType | None,
) -> Node:
    """The largest, the smallest or all of the singular values, by PyTorch's nodes."""
    require_float(input, "norm")
    if dtype is not None:
        if not is_float(dtype) or dtype.itemsize < input.dtype.itemsize:
            raise DifftoolError(
                f"norm of a {dtype_name(input.dtype)} tensor can't be taken in {dtype_name(dtype)}",
                kind="dtype",
                hint="dtype may only widen; convert the tensor or the result with .to(dtype)",
            )
        input = ops.to(input, dtype=dtype)
    order = (*[axis for axis in range(input.ndim) if axis not in (rows, columns)], rows, columns)
    values = ops.svdvals(ops.permute(input, dims=order))
    result: Node
    if ord == "nuc":
        result = ops.sum(values, dim=-1, keepdim=keepdim)
    elif ord == 2 and values.shape[-1] == 0:
        shape = reduced_shape(values.shape, (values.ndim - 1,), keepdim)
        result = ops.zeros(shape, dtype=values.dtype)
    else:
        result = (ops.amax if ord == 2 else ops.amin)(values, dim=-1, keepdim=keepdim)
    if not keepdim:
        return result
    back = [order.index(axis) for axis in range(input.ndim)]
    restored: Node = ops.permute(ops.unsqueeze(result, dim=-1), dims=tuple(back))
    return restored


@composite(
    "matrix_norm(input, ord: Number, dim: Dims | None = None, keepdim: bool = False, *, "
    "dtype: DType | None = None)",
    "matrix_norm(input, ord: str = 'fro', dim: Dims | None = None, keepdim: bool = False, *, "
    "dtype: DType | None = None)",
    example="matrix_norm([[1., 2.], [3., 4.]], 1)",
    checks=(
        Check("matrix_norm(x, inf) ^ 2", {"x": (2, 3, 3)}, kinks=(0.0,)),
        Check("matrix_norm(x, 2) ^ 2", {"x": (2, 3, 2)}),
        Check("matrix_norm(x, 'nuc', (2, 0), True)", {"x": (2, 2, 3)}),
        Check("matrix_norm(x, -2)", {"x": (3, 2)}),
    ),
)
def matrix_norm(
    input: Node,
    ord: Number | str = "fro",
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    dtype: DType | None = None,
) -> Node:
    """Norm of matrices, which are the last two dimensions unless dim names two others."""
    dims = (-2, -1) if dim is None else (dim,) if isinstance(dim, int) else dim
    return over_matrices(input, ord, dims, keepdim, dtype)


@composite(
    "nuclear_norm(input, keepdim: bool = False)",
    "nuclear_norm(input, dim: Dims, keepdim: bool = False)",
    example="nuclear_norm([[1., 2.], [3., 4.]])",
    checks=(Check("nuclear_norm(x)", {"x": (3, 2)}),),
)
def nuclear_norm(
    input: Node, keepdim: bool = False, dim: int | Sequence[int] | None = None
) -> Node:
    """Sum of the singular values of matrices."""
    return over_matrices(input, "nuc", (-2, -1) if dim is None else dim, keepdim, None)
