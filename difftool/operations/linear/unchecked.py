"""Inverses, solutions and Cholesky factors that say whether they failed, instead of refusing.

What a failed one holds is what LAPACK leaves there: infinities and NaN, or the columns that were
factored before the first that could not be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int32
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.linear import general_systems, row_exchanges
from difftool.operations.linear.lu_kernel import eliminated
from difftool.operations.linear.matrices import in_lapack, require_matrices, require_square
from difftool.operations.linear.triangular_kernel import solved
from difftool.operations.registry import Array, Check, Operation, Type, composite


class linalg_inv_ex_result(NamedTuple):
    """What `linalg.inv_ex` gives."""

    inverse: Node
    info: Node


class linalg_solve_ex_result(NamedTuple):
    """What `linalg.solve_ex` gives."""

    result: Node
    info: Node


class linalg_cholesky_ex_result(NamedTuple):
    """What `linalg.cholesky_ex` gives."""

    L: Node
    info: Node


# ----- Kernels -----


def _solution(a: Array, b: Array) -> Any:
    """A^-1 B, by dividing by zero where A is singular."""
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        factors, pivots, _ = eliminated(a)
    order = row_exchanges.order_of(pivots, a.shape[-2])[..., None]
    outer = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    rows = np.take_along_axis(
        np.broadcast_to(b, outer + b.shape[-2:]),
        np.broadcast_to(order, (*outer, order.shape[-2], b.shape[-1])),
        -2,
    )
    inner = solved(factors, rows, upper=False, unitriangular=True)
    return solved(factors, inner, upper=True)


def _solve_kernel(a: Array, b: Array, *, left: bool) -> Any:
    if not left:
        turned = _solution(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2))
        return np.swapaxes(turned, -1, -2)
    if general_systems.is_vector(a.shape, b.shape):
        return _solution(a, b[..., None])[..., 0]
    return _solution(a, b)


def _columns_until_failure(x: Array) -> Any:
    """The Cholesky factor, column by column until one fails; what is right of it stays."""
    lower = np.tril(x)
    alive = np.ones(x.shape[:-2], bool)
    for column in range(x.shape[-1]):
        known = lower[..., column, :column]
        pivot = lower[..., column, column] - np.sum(known * known, -1)
        positive = alive & (pivot > 0)
        below = lower[..., column + 1 :, column]
        rest = below - (lower[..., column + 1 :, :column] @ known[..., None])[..., 0]
        root = np.sqrt(np.where(positive, pivot, 1))
        below[...] = np.where(positive[..., None], rest / root[..., None], below)
        diagonal = np.where(positive, root, np.where(alive, pivot, lower[..., column, column]))
        lower[..., column, column] = diagonal
        alive = positive
    return lower


def _cholesky_kernel(x: Array, *, upper: bool) -> Any:
    turned = np.swapaxes(x, -1, -2) if upper else x
    try:
        lower: Any = np.linalg.cholesky(turned)
    except np.linalg.LinAlgError:
        lower = _columns_until_failure(turned)
    return np.swapaxes(lower, -1, -2) if upper else lower


def _first_not_positive(factor: Array) -> Any:
    """The order of the first leading minor that is not positive; 0: there is none."""
    failed = ~(np.diagonal(factor, axis1=-2, axis2=-1) > 0)
    if not failed.shape[-1]:
        return np.zeros(failed.shape[:-1], np.int32)
    return np.where(failed.any(-1), np.argmax(failed, -1) + 1, 0).astype(np.int32)


# ----- Operations -----


def _info_type(x: Node, *, function: str, check: bool) -> Type:
    return Type(x.shape[:-2], int32)


def _information(
    kernel: Callable[[Array], Any], message: str, hint: str
) -> Operation:
    def checked(x: Array, *, function: str, check: bool) -> Any:
        info = np.asarray(kernel(x))
        if check and info.any():
            place = int(info[info > 0][0])
            raise DifftoolError(f"{function}: {message.format(place)}", kind="value", hint=hint)
        return info

    return Operation(
        ("info()",),
        checked,
        _info_type,
        batch=batch.from_the_right,
        axes=axes.matrices,
        scratch=2,
        meaning="",
        example="",
    )


_singular_info = _information(
    lambda x: eliminated(x)[2],
    "the diagonal element {} of U, counted from 1, is zero: the matrix is singular",
    "leave check_errors out to get info instead",
)
_cholesky_info = _information(
    _first_not_positive,
    "the leading minor of order {} is not positive-definite",
    "leave check_errors out to get info instead",
)

_inverse = Operation(
    ("inv_ex(A)",),
    lambda x: _solution(x, np.eye(x.shape[-1], dtype=x.dtype)),
    lambda x: Type(x.shape, x.dtype),
    general_systems.inv.rules,
    grad_fn="LinalgInvExBackward0",
    layout=general_systems.inv.layout,
    scratch=in_lapack(3),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="",
    example="",
)

_solve = Operation(
    ("solve_ex(A, B)",),
    _solve_kernel,
    general_systems.solve.infer,
    general_systems.solve.rules,
    grad_fn="LinalgSolveExBackward0",
    layout=general_systems.solve.layout,
    scratch=general_systems.solve.scratch,
    axes=general_systems.solve.axes,
    meaning="",
    example="",
)

_cholesky = Operation(
    ("cholesky_ex(A)",),
    _cholesky_kernel,
    lambda x, *, upper: Type(x.shape, x.dtype),
    general_systems.linalg_cholesky.rules,
    grad_fn="LinalgCholeskyExBackward0",
    layout=general_systems.linalg_cholesky.layout,
    scratch=in_lapack(1),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="",
    example="",
)


# ----- Functions -----


def _require(x: Node, function: str) -> None:
    require_matrices(x, function)
    require_square(function)(x)


@composite(
    "linalg.inv_ex(A, *, check_errors: bool = False)",
    example="linalg.inv_ex([[2., 0.], [0., 4.]]).inverse",
    aliases=("inv_ex",),
    checks=(Check("linalg.inv_ex(x + 3 * eye(3)).inverse", {"x": (3, 3)}),),
)
def linalg_inv_ex(A: Node, check_errors: bool = False) -> linalg_inv_ex_result:
    """The inverse, and which pivot is zero if there is none: (inverse, info)."""
    _require(A, "inv_ex")
    info = _singular_info(A, function="inv_ex", check=check_errors)
    return linalg_inv_ex_result(_inverse(A), info)


@composite(
    "linalg.solve_ex(A, B, *, left: bool = True, check_errors: bool = False)",
    example="linalg.solve_ex([[2., 0.], [0., 4.]], [2., 4.]).result",
    aliases=("solve_ex",),
    checks=(Check("linalg.solve_ex(x + 3 * eye(2), y).result", {"x": (2, 2), "y": (2, 3)}),),
)
def linalg_solve_ex(
    A: Node, B: Node, left: bool = True, check_errors: bool = False
) -> linalg_solve_ex_result:
    """The solution X of A X = B, and which pivot of A is zero if any: (result, info)."""
    _require(A, "solve_ex")
    info = _singular_info(A, function="solve_ex", check=check_errors)
    return linalg_solve_ex_result(_solve(A, B, left=left), info)


@composite(
    "linalg.cholesky_ex(input, *, upper: bool = False, check_errors: bool = False)",
    example="linalg.cholesky_ex([[4., 2.], [2., 5.]]).L",
    aliases=("cholesky_ex",),
    checks=(Check("linalg.cholesky_ex(x @ x.mT + 3 * eye(3)).L", {"x": (3, 3)}),),
)
def linalg_cholesky_ex(
    input: Node, upper: bool = False, check_errors: bool = False
) -> linalg_cholesky_ex_result:
    """The Cholesky factor, and the order of the first minor that is not positive: (L, info)."""
    _require(input, "cholesky_ex")
    factor = _cholesky(input, upper=upper)
    info = _cholesky_info(factor, function="cholesky_ex", check=check_errors)
    return linalg_cholesky_ex_result(factor, info)
