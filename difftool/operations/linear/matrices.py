"""What functions of square matrices share, for a matrix or a batch of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import float16
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Array, Check, Type, ops
from difftool.operations.shapes import dtype_name, require_float


def well_conditioned(call: str, *more: Check) -> tuple[Check, ...]:
    """Checks of a function of one well-conditioned matrix, `call` with {} for the matrix."""
    return (
        Check(call.format("x + 3 * eye(3)"), {"x": (3, 3)}),
        Check(call.format("x + 3 * eye(2)"), {"x": (2, 2, 2)}),
        *more,
    )


def require_square(function: str) -> Callable[[Node], None]:
    def require(x: Node) -> None:
        if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
            raise DifftoolError(
                f"{function} takes square matrices, not a tensor of shape {x.shape}",
                kind="shape",
                hint="the last two dimensions must be equal",
            )
        require_float(x, function)

    return require


def require_dimensions(x: Node, function: str) -> None:
    """Refuse what is no matrix or batch of matrices."""
    if x.ndim < 2:
        raise DifftoolError(
            f"{function} takes matrices, not a tensor of shape {x.shape}",
            kind="shape",
            hint="it needs two dimensions or more, of which the last two are a matrix",
        )


def require_matrices(x: Node, function: str) -> None:
    """The same, and refuse dtypes that LAPACK has not."""
    require_dimensions(x, function)
    require_float(x, function)
    if x.dtype == float16:
        raise DifftoolError(
            f"{function} is not defined in half precision",
            kind="dtype",
            hint="convert with .float() first",
        )


def require_one_dtype(function: str, *operands: Node) -> None:
    for x in operands[1:]:
        if x.dtype != operands[0].dtype:
            raise DifftoolError(
                f"{function} needs one dtype, not {dtype_name(operands[0].dtype)} "
                f"and {dtype_name(x.dtype)}",
                kind="dtype",
                hint="convert one with .double() or .float()",
            )


def require_system(function: str, triangle: Node, sides: Node, left: bool) -> None:
    """Refuse what is no system of equations, A X = B or X A = B."""
    for x in (triangle, sides):
        require_matrices(x, function)
    require_one_dtype(function, triangle, sides)
    require_fit(function, triangle, sides, left)


def require_fit(function: str, triangle: Node, sides: Node, left: bool) -> None:
    """The same for the shapes alone."""
    require_square(function)(triangle)
    rows = sides.shape[-2 if left else -1]
    if rows != triangle.shape[-1]:
        raise DifftoolError(
            f"{function}: shapes {triangle.shape} and {sides.shape} don't fit the equation "
            + ("A X = B" if left else "X A = B"),
            kind="shape",
            hint=f"A is {triangle.shape[-1]} by {triangle.shape[-1]}, B has {rows} "
            + ("rows" if left else "columns"),
        )


def number_of_each(function: str) -> Callable[..., Type]:
    """The type rule of a function that gives one number for each matrix."""
    require = require_square(function)

    def infer(x: Node) -> Type:
        require(x)
        return Type(x.shape[:-2], x.dtype)

    return infer


def matrix_of_each(function: str) -> Callable[..., Type]:
    """The type rule of a function that gives a matrix of the same size for each matrix."""
    require = require_square(function)

    def infer(x: Node, **parameters: Any) -> Type:
        require(x)
        return Type(x.shape, x.dtype)

    return infer


def column_major(node: Node, *steps: Strides) -> Strides:
    """LAPACK's results stand column by column."""
    shape = (*node.shape[:-2], node.shape[-1], node.shape[-2])
    result = layout.contiguous(shape)
    return (*result[:-2], result[-1], result[-2])


def in_lapack(copies: float, before: float = 0) -> Callable[[Node], float]:
    """The scratch of LAPACK, which works in `copies` of one matrix of a batch after the other.

    Args:
        before: how many arrays of the whole batch there are besides.
    """

    def scratch(node: Node) -> float:
        batch = max(prod(node.inputs[0].shape[:-2]), 1)
        return before + copies / batch

    return scratch


def wide_enough(x: Array) -> Array:
    """NumPy's linear algebra has no float16."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def summed_to(node: Node, shape: Shape) -> Node:
    """Sum a gradient over the batch dimensions that `shape` was broadcast along."""
    missing = node.ndim - len(shape)
    dims = [axis for axis in range(missing)]
    dims += [
        axis + missing
        for axis, length in enumerate(shape)
        if length == 1 and node.shape[axis + missing] != 1
    ]
    if dims:
        node = ops.sum(node, dim=tuple(dims), keepdim=True)
    return ops.reshape(node, shape) if node.shape != shape else node


def matrix_transpose(x: Node) -> Node:
    return ops.transpose(x, dim0=-2, dim1=-1)


def symmetric(x: Node) -> Node:
    """Each matrix plus its transpose."""
    return x + matrix_transpose(x)


def skew(x: Node) -> Node:
    """Each matrix minus its transpose."""
    return x - matrix_transpose(x)


def as_column(x: Node) -> Node:
    """A vector for each matrix, whose elements multiply the rows."""
    return ops.unsqueeze(x, dim=-1)


def as_row(x: Node) -> Node:
    """A vector for each matrix, whose elements multiply the columns."""
    return ops.unsqueeze(x, dim=-2)


def part(x: Node, dim: int, start: int, end: int) -> Node:
    """The places from `start` to `end` along a dimension; x itself if these are all."""
    if start == 0 and end == x.shape[dim]:
        return x
    return ops.slice(x, dim=dim, start=start, end=end)


def joined(parts: Sequence[Node], dim: int) -> Node:
    """Matrices of a batch side by side, or one below the other."""
    return parts[0] if len(parts) == 1 else ops.cat(*parts, dim=dim)


def over_matrices(g: Node) -> Node:
    """A number for each matrix, ready to multiply the matrices."""
    return ops.unsqueeze(ops.unsqueeze(g, dim=-1), dim=-1)
