"""The singular value decomposition of matrices, for batches too.

Gradients: J. Townsend, "Differentiating the singular value decomposition" (2016).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.linear.matrices import (
    as_column,
    as_row,
    in_lapack,
    matrix_transpose,
    part,
    require_matrices,
    skew,
)
from difftool.operations.linear.several_results import Several
from difftool.operations.linear.singular_value_kernel import decomposed
from difftool.operations.registry import Array, Check, composite, ops

Parts = tuple[Node, ...]


class linalg_svd_result(NamedTuple):
    """What `linalg.svd` gives."""

    U: Node
    S: Node
    Vh: Node


class svd_result(NamedTuple):
    """What `svd` gives."""

    U: Node
    S: Node
    V: Node


def _require(x: Node, *, full: bool) -> Shape:
    require_matrices(x, "svd")
    return x.shape[:-2]


def _shapes(shape: Shape, *, full: bool) -> tuple[Shape, Shape, Shape]:
    rows, columns = shape[-2:]
    count = min(rows, columns)
    return (rows, rows if full else count), (count,), (columns if full else count, columns)


def _kernel(x: Array, *, full: bool) -> tuple[Any, Any, Any]:
    return decomposed(x, full)


def _thin(parts: Parts) -> Parts:
    """The parts without the vectors that only complete a basis: they have no gradient."""
    left, values, right = parts
    count = values.shape[-1]
    return part(left, -1, 0, count), values, part(right, -2, 0, count)


def _gaps(values: Node) -> Node:
    """s_j^2 - s_i^2, and ones on the diagonal; written so that near values don't cancel."""
    identity = ops.eye(values.shape[-1], dtype=values.dtype)
    row, column = as_row(values), as_column(values)
    return (row - column) * (row + column) + identity


def _beyond(g: Node, basis: Node) -> Node:
    """What of the columns of g stands off the space of an orthonormal basis."""
    return g - ops.matmul(basis, ops.matmul(matrix_transpose(basis), g))


def _from_left(g: Node, parts: Parts, x: Node, *, full: bool) -> Node:
    left, values, right = _thin(parts)
    count = values.shape[-1]
    g = part(g, -1, 0, count)
    inner = skew(ops.matmul(matrix_transpose(left), g)) / _gaps(values) * as_row(values)
    gradient = ops.matmul(left, inner)
    if x.shape[-2] > count:
        gradient = gradient + _beyond(g / as_row(values), left)
    return ops.matmul(gradient, right)


def _from_values(g: Node, parts: Parts, x: Node, *, full: bool) -> Node:
    left, _, right = _thin(parts)
    return ops.matmul(left * as_row(g), right)


def _from_right(g: Node, parts: Parts, x: Node, *, full: bool) -> Node:
    left, values, right = _thin(parts)
    count = values.shape[-1]
    g = matrix_transpose(part(g, -2, 0, count))
    inner = skew(ops.matmul(right, g)) / _gaps(values) * as_column(values)
    gradient = ops.matmul(inner, right)
    if x.shape[-1] > count:
        gradient = gradient + matrix_transpose(_beyond(g / as_row(values), matrix_transpose(right)))
    return ops.matmul(left, gradient)


_svd = Several(
    "svd",
    _kernel,
    _require,
    _shapes,
    ((_from_left, _from_values, _from_right),),
    grad_fn="LinalgSvdBackward0",
    columns=(0, 2),
    scratch=in_lapack(3.5),
)


@composite(
    "linalg.svd(A, full_matrices: bool = True, *, driver: str | None = None)",
    example="linalg.svd([[3., 0.], [4., 5.]]).S",
    checks=(
        Check("linalg.svd(x, False).Vh", {"x": (3, 2)}),
        Check("u = linalg.svd(x, full_matrices=False); u.U @ u.Vh", {"x": (2, 2, 3)}),
        Check("linalg.svd(x)[0][:, :2] + linalg.svd(x).S", {"x": (3, 2)}),
        Check("linalg.svd(x)[2][:2]", {"x": (2, 3)}),
    ),
)
def linalg_svd(A: Node, full_matrices: bool = True, driver: str | None = None) -> linalg_svd_result:
    """A = U diag(S) Vh, with orthonormal U and Vh and descending singular values S."""
    _require_no_driver(driver)
    return linalg_svd_result(*_svd(A, full=full_matrices))


def _require_no_driver(driver: str | None) -> None:
    if driver is not None:
        raise DifftoolError(
            "a driver is chosen on CUDA only",
            kind="argument",
            hint="leave driver out",
        )


@composite(
    "svd(input, some: bool = True, compute_uv: bool = True)",
    example="svd([[3., 0.], [4., 5.]]).V",
    checks=(Check("svd(x)[2]", {"x": (2, 3)}),),
)
def svd(input: Node, some: bool = True, compute_uv: bool = True) -> svd_result:
    """A = U diag(S) V^T; some=False gives square U and V, compute_uv=False zeros for them."""
    if not compute_uv:
        require_matrices(input, "svd")
        *outer, rows, columns = input.shape
        left, right = [
            ops.zeros((*outer, size, size), dtype=input.dtype) for size in (rows, columns)
        ]
        return svd_result(left, svdvals(input), right)
    left, values, right = _svd(input, full=not some)
    return svd_result(left, values, matrix_transpose(right))


@composite(
    "svdvals(A, *, driver: str | None = None)",
    example="svdvals([[3., 0.], [4., 5.]])",
    checks=(Check("svdvals(x)", {"x": (3, 2)}), Check("svdvals(x)", {"x": (2, 2, 2)})),
)
def svdvals(A: Node, driver: str | None = None) -> Node:
    """The singular values of matrices, in descending order."""
    _require_no_driver(driver)
    return _svd(A, full=False)[1]
