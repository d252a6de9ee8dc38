"""Least squares: the X for which A X comes nearest to B, for batches too.

Gradients: those of pinv(A) B, by G. H. Golub and V. Pereyra, "The differentiation of
pseudo-inverses and nonlinear least squares problems whose variables separate" (1973).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64
from difftool.graph.node import Node, Shape
from difftool.operations.linear.matrices import (
    as_row,
    in_lapack,
    matrix_transpose,
    require_matrices,
    require_one_dtype,
)
from difftool.operations.linear.pseudoinverse import gradient_of_pseudoinverse
from difftool.operations.linear.several_results import Several
from difftool.operations.linear.singular_value_kernel import decomposed
from difftool.operations.registry import Array, Check, composite, ops

Parts = tuple[Node, ...]

DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


class linalg_lstsq_result(NamedTuple):
    """What `linalg.lstsq` gives."""

    solution: Node
    residuals: Node
    rank: Node
    singular_values: Node


def _is_vector(a: Shape, b: Shape) -> bool:
    return len(b) == len(a) - 1


def _require(a: Node, b: Node, *, rcond: float, driver: str) -> Shape:
    require_matrices(a, "lstsq")
    require_one_dtype("lstsq", a, b)
    vector = _is_vector(a.shape, b.shape)
    if driver not in DRIVERS:
        raise DifftoolError(
            f"lstsq has no driver {driver!r}",
            kind="argument",
            hint=f"driver is one of {', '.join(DRIVERS)}",
        )
    if b.ndim != a.ndim - vector or b.shape[: a.ndim - 2] != a.shape[:-2]:
        raise DifftoolError(
            f"lstsq: shapes {a.shape} and {b.shape} are no batches of one size",
            kind="shape",
            hint="B has as many dimensions as A, or one less for a vector each",
        )
    if b.shape[a.ndim - 2] != a.shape[-2]:
        raise DifftoolError(
            f"lstsq: shapes {a.shape} and {b.shape} don't fit the equation A X = B",
            kind="shape",
            hint=f"A has {a.shape[-2]} rows, B has {b.shape[a.ndim - 2]}",
        )
    return a.shape[:-2]


def _shapes(a: Shape, b: Shape, *, rcond: float, driver: str) -> list[Shape | None]:
    rows, columns = a[-2:]
    vector = _is_vector(a, b)
    sides = () if vector else b[-1:]
    residuals = rows > columns and driver != "gelsy"
    return [
        (columns, *sides),
        (sides or (1,)) if residuals else None,
        None if driver == "gels" else (),
        (min(rows, columns),) if driver in ("gelsd", "gelss") else None,
    ]


def _kernel(a: Array, b: Array, *, rcond: float, driver: str) -> list[Any]:
    """The solution of least norm; singular values up to rcond times the largest are zero."""
    vector = _is_vector(a.shape, b.shape)
    sides = b[..., None] if vector else b
    left, values, right = decomposed(a)
    largest = np.max(values, -1, keepdims=True, initial=0)
    kept = values > (0 if driver == "gels" else rcond * largest)
    rank = np.count_nonzero(kept, -1)
    scaled = np.swapaxes(left, -1, -2) @ sides / np.where(kept, values, 1)[..., None]
    solution = np.swapaxes(right, -1, -2) @ (scaled * kept[..., None])
    residuals = None
    if a.shape[-2] > a.shape[-1] and driver != "gelsy":
        if np.any(rank < a.shape[-1]):
            raise DifftoolError(
                "lstsq: a matrix has not full rank, so that there are no residuals",
                kind="value",
                hint="driver='gelsy' computes none; sum((A @ X - B)^2, 0) does",
            )
        residuals = np.sum(np.square(a @ solution - sides), -2)
    return [solution[..., 0] if vector else solution, residuals, rank, values]


def _columns(b: Node, a: Node) -> tuple[Node, bool]:
    """The right sides as columns, and whether they were one vector for each matrix."""
    vector = _is_vector(a.shape, b.shape)
    return (ops.unsqueeze(b, dim=-1) if vector else b), vector


def _matrix_from_solution(
    g: Node, parts: Parts, a: Node, b: Node, *, rcond: float, driver: str
) -> Node:
    inverse = ops.pinv(a)
    g, _ = _columns(g, a)
    sides, _ = _columns(b, a)
    return gradient_of_pseudoinverse(ops.matmul(g, matrix_transpose(sides)), inverse, a)


def _sides_from_solution(
    g: Node, parts: Parts, a: Node, b: Node, *, rcond: float, driver: str
) -> Node:
    g, vector = _columns(g, a)
    gradient = ops.matmul(matrix_transpose(ops.pinv(a)), g)
    return ops.squeeze(gradient, dim=-1) if vector else gradient


def _weighted(g: Node, parts: Parts, a: Node, b: Node) -> tuple[Node, Node]:
    """2 (A X - B), each column times the gradient of its residual, and X."""
    solution, _ = _columns(parts[0], a)
    sides, _ = _columns(b, a)
    return (ops.matmul(a, solution) - sides) * as_row(g * 2.0), solution


def _matrix_from_residuals(
    g: Node, parts: Parts, a: Node, b: Node, *, rcond: float, driver: str
) -> Node:
    if parts[1].shape == (0,):
        return ops.zeros(a.shape, dtype=a.dtype)
    gaps, solution = _weighted(g, parts, a, b)
    return ops.matmul(gaps, matrix_transpose(solution))


def _sides_from_residuals(
    g: Node, parts: Parts, a: Node, b: Node, *, rcond: float, driver: str
) -> Node:
    if parts[1].shape == (0,):
        return ops.zeros(b.shape, dtype=b.dtype)
    gradient = -_weighted(g, parts, a, b)[0]
    return ops.squeeze(gradient, dim=-1) if _is_vector(a.shape, b.shape) else gradient


_lstsq = Several(
    "lstsq",
    _kernel,
    _require,
    _shapes,
    (
        (_matrix_from_solution, _matrix_from_residuals, None, None),
        (_sides_from_solution, _sides_from_residuals, None, None),
    ),
    grad_fn="LinalgLstsqBackward0",
    dtypes={2: int64},
    scratch=in_lapack(4.5, before=3),
)


@composite(
    "linalg.lstsq(input, b, rcond: float | None = None, *, driver: str | None = None)",
    example="linalg.lstsq([[1., 0.], [1., 1.], [1., 2.]], [[1.], [2.], [3.]]).solution",
    checks=(
        Check("linalg.lstsq(x, y).solution", {"x": (3, 2), "y": (3, 2)}),
        Check("linalg.lstsq(x, y)[0]", {"x": (2, 3), "y": (2,)}),
        Check("linalg.lstsq(x, y, driver='gelsd')[1]", {"x": (2, 3, 2), "y": (2, 3, 1)}),
    ),
)
def linalg_lstsq(
    input: Node, b: Node, rcond: float | None = None, driver: str | None = None
) -> linalg_lstsq_result:
    """X for the least ||A X - B||: (solution, residuals, rank, singular_values)."""
    require_matrices(input, "lstsq")
    if rcond is None:
        rcond = max(input.shape[-2:]) * float(np.finfo(input.dtype.name).eps)
    return linalg_lstsq_result(*_lstsq(input, b, rcond=rcond, driver=driver or "gelsy"))
