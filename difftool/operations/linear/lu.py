"""The LU decomposition with partial pivoting, for batches too.

Pivots are LAPACK's: row i was exchanged with row pivots[i], counted from 1. Gradients: M. Seeger et
al., "Auto-differentiating linear algebra" (2017), by the rules of triangular products and systems.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from difftool.errors import DifftoolError
from difftool.graph.dtype import int32
from difftool.graph.node import Node, Shape
from difftool.operations.declare import zeros_for
from difftool.operations.linear import row_exchanges
from difftool.operations.linear.lu_kernel import eliminated, lower_of, upper_of
from difftool.operations.linear.matrices import joined, matrix_transpose, part, require_matrices
from difftool.operations.linear.several_results import Several
from difftool.operations.registry import Array, Check, composite, ops

Parts = tuple[Node, ...]


class linalg_lu_result(NamedTuple):
    """What `linalg.lu` gives."""

    P: Node
    L: Node
    U: Node


class linalg_lu_factor_result(NamedTuple):
    """What `linalg.lu_factor` gives."""

    LU: Node
    pivots: Node


class linalg_lu_factor_ex_result(NamedTuple):
    """What `linalg.lu_factor_ex` gives."""

    LU: Node
    pivots: Node
    info: Node


class _lu_with_info_result(NamedTuple):
    """What `lu` gives with get_infos=True."""

    LU: Node
    pivots: Node
    info: Node


# ----- Gradients, as those of L and U -----


def _of_factors(
    g_lower: Node | None, g_upper: Node | None, p: Node, lower: Node, upper: Node
) -> Node:
    """The gradient of A = P L U.

    Of a square matrix it is P L^-T (tril(L^T G_L, -1) + triu(G_U U^T)) U^-T; what a wide or a tall
    one has beyond its square depends on it by L U_2 = A_2 or L_2 U = A_2.
    """
    rows, count, columns = *lower.shape[-2:], upper.shape[-1]
    square_lower, square_upper = part(lower, -2, 0, count), part(upper, -1, 0, count)
    beyond: Node | None = None
    inner: Node | None = None
    if columns > count and g_upper is not None:
        beyond = _from_lower(square_lower, part(g_upper, -1, count, columns))
        through = ops.matmul(beyond, matrix_transpose(part(upper, -1, count, columns)))
        inner = -ops.tril(ops.matmul(matrix_transpose(square_lower), through), diagonal=-1)
    if rows > count and g_lower is not None:
        beyond = _from_upper(square_upper, part(g_lower, -2, count, rows))
        through = ops.matmul(matrix_transpose(part(lower, -2, count, rows)), beyond)
        inner = -ops.triu(ops.matmul(through, matrix_transpose(square_upper)))
    if g_lower is not None:
        product = ops.matmul(matrix_transpose(square_lower), part(g_lower, -2, 0, count))
        own = ops.tril(product, diagonal=-1)
        inner = own if inner is None else inner + own
    if g_upper is not None:
        product = ops.matmul(part(g_upper, -1, 0, count), matrix_transpose(square_upper))
        own = ops.triu(product)
        inner = own if inner is None else inner + own
    assert inner is not None
    gradient = _from_upper(square_upper, _from_lower(square_lower, inner))
    if rows > count or columns > count:
        dim = -1 if columns > count else -2
        if beyond is None:
            outer = gradient.shape[:-2]
            rest = (count, columns - count) if dim == -1 else (rows - count, count)
            beyond = zeros_for(gradient, (*outer, *rest))
        gradient = joined((gradient, beyond), dim)
    return ops.matmul(p, gradient)


def _from_lower(lower: Node, g: Node) -> Node:
    """L^-T G."""
    turned = matrix_transpose(lower)
    result: Node = ops.solve_triangular(turned, g, upper=True, unitriangular=True)
    return result


def _from_upper(upper: Node, g: Node) -> Node:
    """G U^-T."""
    result: Node = ops.solve_triangular(matrix_transpose(upper), g, upper=False, left=False)
    return result


# ----- P, L and U -----


def _require(x: Node, **parameters: Any) -> Shape:
    require_matrices(x, "lu")
    return x.shape[:-2]


def _require_pivoting(pivot: bool) -> None:
    if not pivot:
        raise DifftoolError(
            "LU without pivoting is not implemented on the CPU, in PyTorch either",
            kind="unsupported",
            hint="leave pivot out",
        )


def _lu_shapes(shape: Shape) -> tuple[Shape, Shape, Shape]:
    rows, columns = shape[-2:]
    count = min(rows, columns)
    return (rows, rows), (rows, count), (count, columns)


def _lu_kernel(x: Array) -> tuple[Any, Any, Any]:
    factors, pivots, _ = eliminated(x)
    return row_exchanges.matrix(pivots, x.shape[-2], x.dtype), lower_of(factors), upper_of(factors)


_lu = Several(
    "lu",
    _lu_kernel,
    _require,
    _lu_shapes,
    (
        (
            None,
            lambda g, parts, x: _of_factors(g, None, *parts),
            lambda g, parts, x: _of_factors(None, g, *parts),
        ),
    ),
    grad_fn="LinalgLuBackward0",
)


@composite(
    "linalg.lu(A, *, pivot: bool = True)",
    example="linalg.lu([[1., 2.], [3., 4.]]).U",
    checks=(
        Check("u = linalg.lu(x); u.L * u.U.T", {"x": (3, 3)}),
        Check("u = linalg.lu(x); u.L[1:] * u.U", {"x": (3, 2)}),
        Check("u = linalg.lu(x); u.L[:, :, :1] * u.U", {"x": (2, 2, 3)}),
    ),
)
def linalg_lu(A: Node, pivot: bool = True) -> linalg_lu_result:
    """A = P L U: a permutation, a lower triangle with ones on its diagonal, an upper triangle."""
    _require_pivoting(pivot)
    return linalg_lu_result(*_lu(A))


# ----- Both factors in one matrix -----


def _factor_shapes(shape: Shape, *, check: bool) -> tuple[Shape, Shape, Shape]:
    return shape[-2:], (min(shape[-2:]),), ()


def _factor_kernel(x: Array, *, check: bool) -> tuple[Any, Any, Any]:
    factors, pivots, info = eliminated(x)
    if check and info.any():
        place = int(info[info > 0][0])
        raise DifftoolError(
            f"lu_factor: U[{place}, {place}], counted from 1, is zero: the matrix is singular",
            kind="value",
            hint="linalg.lu and linalg.lu_factor_ex factor singular matrices",
        )
    return factors, pivots, info


def _from_packed(g: Node, parts: Parts, x: Node, *, check: bool) -> Node:
    factors, pivots, _ = parts
    rows, columns = x.shape[-2:]
    count = min(rows, columns)
    lower = ops.tril(part(factors, -1, 0, count), diagonal=-1)
    lower = lower + ops.eye(rows, count, dtype=factors.dtype)
    upper = ops.triu(part(factors, -2, 0, count))
    p = row_exchanges.matrix_of(factors, pivots)
    g_lower = ops.tril(part(g, -1, 0, count), diagonal=-1)
    g_upper = ops.triu(part(g, -2, 0, count))
    return _of_factors(g_lower, g_upper, p, lower, upper)


_factor = Several(
    "lu_factor",
    _factor_kernel,
    _require,
    _factor_shapes,
    ((_from_packed, None, None),),
    grad_fn="LinalgLuFactorExBackward0",
    dtypes={1: int32, 2: int32},
    columns=(0,),
)


@composite(
    "linalg.lu_factor(A, *, pivot: bool = True)",
    example="linalg.lu_factor([[1., 2.], [3., 4.]]).LU",
    aliases=("lu_factor",),
    checks=(
        Check("linalg.lu_factor(x)[0]", {"x": (3, 3)}),
        Check("linalg.lu_factor(x).LU", {"x": (2, 3)}),
    ),
)
def linalg_lu_factor(A: Node, pivot: bool = True) -> linalg_lu_factor_result:
    """L and U of A = P L U in one matrix, and the rows that were exchanged: (LU, pivots)."""
    _require_pivoting(pivot)
    return linalg_lu_factor_result(*_factor(A, check=True)[:2])


@composite(
    "linalg.lu_factor_ex(A, *, pivot: bool = True, check_errors: bool = False)",
    example="linalg.lu_factor_ex([[1., 2.], [3., 4.]]).info",
    aliases=("lu_factor_ex",),
    checks=(Check("linalg.lu_factor_ex(x).LU", {"x": (3, 2)}),),
)
def linalg_lu_factor_ex(
    A: Node, pivot: bool = True, check_errors: bool = False
) -> linalg_lu_factor_ex_result:
    """As lu_factor, and which element of U's diagonal is zero, from 1; 0: none."""
    _require_pivoting(pivot)
    return linalg_lu_factor_ex_result(*_factor(A, check=check_errors))


@composite(
    "lu(A, pivot: bool = True, get_infos: bool = False)",
    example="lu([[1., 2.], [3., 4.]])[0]",
    checks=(Check("lu(x)[0]", {"x": (2, 2)}),),
)
def lu(A: Node, pivot: bool = True, get_infos: bool = False) -> tuple[Node, ...]:
    """L and U of A = P L U in one matrix, and the rows that were exchanged."""
    _require_pivoting(pivot)
    factors, pivots, info = _factor(A, check=False)
    return _lu_with_info_result(factors, pivots, info) if get_infos else (factors, pivots)
