"""What is made of an LU decomposition: its factors one by one, and solutions of linear systems.

Gradients: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation" (2008), sections 2.2.2 and 2.3.1, of A = P L U by its factors.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int32
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.linear import row_exchanges
from difftool.operations.linear.lu_kernel import lower_of, upper_of
from difftool.operations.linear.matrices import (
    column_major,
    matrix_transpose,
    require_matrices,
    require_system,
    summed_to,
)
from difftool.operations.linear.triangular_kernel import solved
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import broadcast, dtype_name


class lu_unpack_result(NamedTuple):
    """What `lu_unpack` gives."""

    P: Node
    L: Node
    U: Node


def _require_pivots(function: str, factors: Node, pivots: Node) -> None:
    if pivots.dtype != int32:
        raise DifftoolError(
            f"{function} takes pivots of dtype int32, not {dtype_name(pivots.dtype)}",
            kind="dtype",
            hint="give what lu_factor gave, or convert with .int()",
        )
    count = min(factors.shape[-2:])
    if pivots.ndim == 0 or pivots.shape[-1] != count:
        raise DifftoolError(
            f"{function}: factors of shape {factors.shape} have {count} pivots, "
            f"not a tensor of shape {pivots.shape}",
            kind="shape",
            hint="give what lu_factor gave",
        )


# ----- The factors -----


def _triangle_shape(factors: Node, place: int) -> tuple[int, int]:
    rows, columns = factors.shape[-2:]
    count = min(rows, columns)
    return (count, columns) if place else (rows, count)


def _triangle_type(factors: Node, *, place: int, empty: bool) -> Type:
    outer = factors.shape[:-2]
    return Type((0,) if empty else (*outer, *_triangle_shape(factors, place)), factors.dtype)


def _triangle_kernel(factors: Array, *, place: int, empty: bool) -> Any:
    if empty:
        return np.empty((0,), factors.dtype)
    return upper_of(factors) if place else lower_of(factors)


def _triangle_rule(g: Node, out: Node, factors: Node, *, place: int, empty: bool) -> Node:
    """The triangle of the gradient, with zeros where the other factor stands."""
    if empty:
        return ops.zeros(factors.shape, dtype=g.dtype)
    own = ops.triu(g) if place else ops.tril(g, diagonal=-1)
    if g.shape == factors.shape:
        return own
    zeros = ops.zeros(factors.shape, dtype=g.dtype)
    rows, columns = own.shape[-2:]
    dim, end = (-1, columns) if columns != factors.shape[-1] else (-2, rows)
    gradient: Node = ops.slice_scatter(zeros, own, dim=dim, start=0, end=end)
    return gradient


def _triangle_axes(node: Node) -> axes.Axes:
    return axes.opaque(node) if node.parameters["empty"] else axes.matrices(node)


_triangle = Operation(
    ("lu_unpack(LU_data)",),
    _triangle_kernel,
    _triangle_type,
    (_triangle_rule,),
    grad_fn="LuUnpackBackward0",
    batch=batch.from_the_right,
    axes=_triangle_axes,
    scratch=1,
    joint=True,
    meaning="",
    example="",
)


@composite(
    "lu_unpack(LU_data, LU_pivots, unpack_data: bool = True, unpack_pivots: bool = True)",
    example="lu_unpack(eye(2), tensor([1, 2], dtype=int32)).L",
    checks=(
        Check("u = lu_unpack(x, tensor([1, 3, 3], dtype=int32)); u.P @ u.L @ u.U", {"x": (3, 3)}),
        Check("lu_unpack(x, tensor([1, 2], dtype=int32)).L", {"x": (3, 2)}),
        Check("lu_unpack(x, tensor([[1, 2], [2, 2]], dtype=int32)).U", {"x": (2, 2, 3)}),
    ),
)
def lu_unpack(
    LU_data: Node, LU_pivots: Node, unpack_data: bool = True, unpack_pivots: bool = True
) -> lu_unpack_result:
    """The factors that lu_factor packed in one matrix, and the permutation: (P, L, U)."""
    require_matrices(LU_data, "lu_unpack")
    p: Node
    if unpack_pivots:
        _require_pivots("lu_unpack", LU_data, LU_pivots)
        p = row_exchanges.matrix_of(LU_data, LU_pivots)
    else:
        p = ops.zeros((0,), dtype=LU_data.dtype)
    factors = [_triangle(LU_data, place=place, empty=not unpack_data) for place in (0, 1)]
    return lu_unpack_result(p, *factors)


# ----- Linear systems -----


def _solve_type(
    factors: Node, pivots: Node, b: Node, *, left: bool = True, adjoint: bool = False
) -> Type:
    require_system("lu_solve", factors, b, left)
    _require_pivots("lu_solve", factors, pivots)
    if pivots.shape != factors.shape[:-1]:
        raise DifftoolError(
            f"lu_solve: factors of shape {factors.shape} have pivots of shape "
            f"{factors.shape[:-1]}, not {pivots.shape}",
            kind="shape",
            hint="give what lu_factor gave",
        )
    shape = broadcast(factors.shape[:-2], b.shape[:-2]) + b.shape[-2:]
    return Type(shape, b.dtype, None, {"left": left, "adjoint": adjoint})


def _solve_kernel(factors: Array, pivots: Array, b: Array, *, left: bool, adjoint: bool) -> Any:
    if not left:
        turned = _solve_kernel(factors, pivots, np.swapaxes(b, -1, -2), left=True, adjoint=True)
        if not adjoint:
            return np.swapaxes(turned, -1, -2)
        turned = _solve_kernel(factors, pivots, np.swapaxes(b, -1, -2), left=True, adjoint=False)
        return np.swapaxes(turned, -1, -2)
    outer = np.broadcast_shapes(factors.shape[:-2], b.shape[:-2])
    order = row_exchanges.order_of(pivots, factors.shape[-2])[..., None]
    wide = np.broadcast_to(b, outer + b.shape[-2:])
    order = np.broadcast_to(order, (*outer, order.shape[-2], b.shape[-1]))
    if not adjoint:
        rows = np.take_along_axis(wide, order, -2)
        inner = solved(factors, rows, upper=False, unitriangular=True)
        return solved(factors, inner, upper=True)
    turned = np.swapaxes(factors, -1, -2)
    inner = solved(turned, wide, upper=False)
    rows = solved(turned, inner, upper=True, unitriangular=True)
    result = np.empty_like(rows)
    np.put_along_axis(result, order, rows, -2)
    return result


def _solve_from_sides(
    g: Node, out: Node, factors: Node, pivots: Node, b: Node, *, left: bool, adjoint: bool
) -> Node:
    back = linalg_lu_solve(factors, pivots, g, left=left, adjoint=not adjoint)
    return summed_to(back, b.shape)


def _solve_from_factors(
    g: Node, out: Node, factors: Node, pivots: Node, b: Node, *, left: bool, adjoint: bool
) -> Node:
    """That of A, handed on to L and U by dA = P (dL U + L dU)."""
    back = linalg_lu_solve(factors, pivots, g, left=left, adjoint=not adjoint)
    first, second = (back, out) if left != adjoint else (out, back)
    product = (
        ops.matmul(first, matrix_transpose(second))
        if left
        else ops.matmul(matrix_transpose(first), second)
    )
    p, lower, upper = lu_unpack(factors, pivots)
    of_matrix = ops.matmul(matrix_transpose(p), -product)
    of_lower = ops.tril(ops.matmul(of_matrix, matrix_transpose(upper)), diagonal=-1)
    of_upper = ops.triu(ops.matmul(matrix_transpose(lower), of_matrix))
    return summed_to(of_lower + of_upper, factors.shape)


def _solve_axes(node: Node) -> axes.Axes:
    """Whole systems; their batches broadcast."""
    factors, _, b = node.inputs
    outer = node.ndim - 2

    def labels(own: tuple[int, ...]) -> axes.Labels:
        missing = outer - len(own)
        return tuple(
            [
                axis + missing if length == node.shape[axis + missing] else None
                for axis, length in enumerate(own)
            ]
        )

    of_factors = labels(factors.shape[:-2])
    return axes.Axes(
        (*range(outer), None, None),
        ((*of_factors, None, None), (*of_factors, None), (*labels(b.shape[:-2]), None, None)),
    )


linalg_lu_solve = Operation(
    ("linalg.lu_solve(LU, pivots, B, *, left: bool = True, adjoint: bool = False)",),
    _solve_kernel,
    _solve_type,
    (_solve_from_factors, None, _solve_from_sides),
    grad_fn="LinalgLuSolveBackward0",
    layout=column_major,
    scratch=3,
    axes=_solve_axes,
    checks=(
        Check(
            "linalg.lu_solve(x + 3 * eye(3), tensor([2, 3, 3], dtype=int32), y)",
            {"x": (3, 3), "y": (3, 2)},
        ),
        Check(
            "linalg.lu_solve(x + 3 * eye(2), tensor([2, 2], dtype=int32), y, left=False)",
            {"x": (2, 2), "y": (2, 1, 2)},
        ),
        Check(
            "linalg.lu_solve(x + 3 * eye(2), tensor([2, 2], dtype=int32), y, adjoint=True)",
            {"x": (2, 2), "y": (2, 1)},
        ),
    ),
    meaning="The solution X of A X = B, or X A = B with left=False, from what lu_factor(A) gave.",
    example="linalg.lu_solve(2 * eye(2), tensor([1, 2], dtype=int32), ones(2, 1))",
)


@composite(
    "lu_solve(input, LU_data, LU_pivots)",
    example="lu_solve(ones(2, 1), 2 * eye(2), tensor([1, 2], dtype=int32))",
)
def lu_solve(input: Node, LU_data: Node, LU_pivots: Node) -> Node:
    """The solution X of A X = input, from what lu_factor(A) gave."""
    return linalg_lu_solve(LU_data, LU_pivots, input)
