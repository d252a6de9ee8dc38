"""Systems with triangular matrices, and those that are solved by a Cholesky factor.

Gradients: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation" (2008), section 2.2; of a triangular matrix only the triangle that
is read has one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.declare import zeros_for
from difftool.operations.linear.matrices import (
    column_major,
    matrix_transpose,
    require_dimensions,
    require_fit,
    require_matrices,
    require_square,
    require_system,
    summed_to,
    symmetric,
)
from difftool.operations.linear.triangular_kernel import solved
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import broadcast


def _of_triangle(x: Node, upper: bool, unitriangular: bool) -> Node:
    """The triangle of a gradient that the operation reads."""
    inside = 1 if unitriangular else 0
    return ops.triu(x, diagonal=inside) if upper else ops.tril(x, diagonal=-inside)


# ----- Triangular systems -----


def _solve_type(
    a: Node, b: Node, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Type:
    require_matrices(a, "solve_triangular")
    require_dimensions(b, "solve_triangular")
    require_fit("solve_triangular", a, b, left)
    shape = broadcast(a.shape[:-2], b.shape[:-2]) + b.shape[-2:]
    form = {"upper": upper, "left": left, "unitriangular": unitriangular}
    # As in PyTorch, the right side is brought to the dtype of the triangle.
    return Type(shape, a.dtype, a.dtype, form)


def _solve_from_triangle(
    g: Node, out: Node, a: Node, b: Node, *, upper: bool, left: bool, unitriangular: bool
) -> Node:
    form = {"upper": not upper, "left": left, "unitriangular": unitriangular}
    adjoint = ops.solve_triangular(matrix_transpose(a), g, **form)
    first, second = (adjoint, out) if left else (out, adjoint)
    product = (
        ops.matmul(first, matrix_transpose(second))
        if left
        else ops.matmul(matrix_transpose(first), second)
    )
    return summed_to(_of_triangle(-product, upper, unitriangular), a.shape)


def _solve_from_sides(
    g: Node, out: Node, a: Node, b: Node, *, upper: bool, left: bool, unitriangular: bool
) -> Node:
    form = {"upper": not upper, "left": left, "unitriangular": unitriangular}
    return summed_to(ops.solve_triangular(matrix_transpose(a), g, **form), b.shape)


solve_triangular = Operation(
    (
        "solve_triangular(input, B, *, upper: bool, left: bool = True, "
        "unitriangular: bool = False)",
    ),
    solved,
    _solve_type,
    (_solve_from_triangle, _solve_from_sides),
    grad_fn="LinalgSolveTriangularBackward0",
    layout=column_major,
    checks=(
        Check("solve_triangular(x + 3 * eye(3), y, upper=True)", {"x": (3, 3), "y": (3, 2)}),
        Check(
            "solve_triangular(x + 3 * eye(2), y, upper=False, left=False)",
            {"x": (2, 2), "y": (2, 1, 2)},
        ),
        Check(
            "solve_triangular(x, y, upper=True, unitriangular=True)",
            {"x": (2, 2, 2), "y": (2, 1)},
        ),
    ),
    batch=batch.elementwise,
    axes=axes.pairs_of_matrices,
    meaning="The solution X of A X = B, or X A = B with left=False, for a triangular A.",
    example="solve_triangular([[2., 0.], [1., 4.]], [[2.], [5.]], upper=False)",
    latex="{}^{{-1}} {}",
)


class triangular_solve_result(NamedTuple):
    """What `triangular_solve` gives."""

    solution: Node
    cloned_coefficient: Node


def _pair_type(
    b: Node, a: Node, *, place: int, upper: bool, transpose: bool, unitriangular: bool
) -> Type:
    require_system("triangular_solve", a, b, True)
    last = a.shape[-2:] if place else b.shape[-2:]
    return Type(broadcast(a.shape[:-2], b.shape[:-2]) + last, a.dtype)


def _pair_kernel(
    b: Array, a: Array, *, place: int, upper: bool, transpose: bool, unitriangular: bool
) -> Any:
    if place:
        outer = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        return np.array(np.broadcast_to(a, outer + a.shape[-2:]))
    if transpose:
        a, upper = np.swapaxes(a, -1, -2), not upper
    return solved(a, b, upper=upper, unitriangular=unitriangular)


def _adjoint(g: Node, a: Node, upper: bool, transpose: bool, unitriangular: bool) -> Node:
    turned = a if transpose else matrix_transpose(a)
    form = {"upper": upper if transpose else not upper, "unitriangular": unitriangular}
    result: Node = ops.solve_triangular(turned, g, left=True, **form)
    return result


def _pair_from_sides(
    g: Node, out: Node, b: Node, a: Node, *, place: int, **form: bool
) -> Node:
    if place:
        return zeros_for(g, b.shape)
    return summed_to(_adjoint(g, a, **form), b.shape)


def _pair_from_triangle(
    g: Node, out: Node, b: Node, a: Node, *, place: int, **form: bool
) -> Node:
    if place:
        return summed_to(g, a.shape)
    adjoint = _adjoint(g, a, **form)
    first, second = (out, adjoint) if form["transpose"] else (adjoint, out)
    product = -ops.matmul(first, matrix_transpose(second))
    return summed_to(_of_triangle(product, form["upper"], form["unitriangular"]), a.shape)


_pair = Operation(
    ("triangular_solve(input, A)",),
    _pair_kernel,
    _pair_type,
    (_pair_from_sides, _pair_from_triangle),
    grad_fn="TriangularSolveBackward0",
    layout=column_major,
    batch=batch.elementwise,
    axes=axes.pairs_of_matrices,
    joint=True,
    meaning="",
    example="",
)

_FORM = "upper: bool = True, transpose: bool = False, unitriangular: bool = False"


@composite(
    f"triangular_solve(input, A, {_FORM})",
    example="triangular_solve([[2.], [4.]], [[2., 1.], [0., 4.]]).solution",
    checks=(
        Check("triangular_solve(y, x + 3 * eye(3)).solution", {"x": (3, 3), "y": (3, 2)}),
        Check(
            "t = triangular_solve(y, x + 3 * eye(2), False, True); t[0] + t[1]",
            {"x": (2, 2), "y": (2, 2, 1)},
        ),
    ),
)
def triangular_solve(
    input: Node,
    A: Node,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
) -> triangular_solve_result:
    """X of A X = input for a triangular A, and a copy of A: (solution, cloned_coefficient)."""
    form = {"upper": upper, "transpose": transpose, "unitriangular": unitriangular}
    return triangular_solve_result(
        _pair(input, A, place=0, **form), _pair(input, A, place=1, **form)
    )


# ----- By a Cholesky factor -----


def _cholesky_solved(b: Array, factor: Array, *, upper: bool) -> Any:
    """X of L L^T X = B, or of R^T R X = B for an upper factor R."""
    turned = np.swapaxes(factor, -1, -2)
    first, second = (turned, factor) if upper else (factor, turned)
    return solved(second, solved(first, b, upper=False), upper=True)


def _cholesky_solve_type(b: Node, factor: Node, *, upper: bool = False) -> Type:
    require_system("cholesky_solve", factor, b, True)
    shape = broadcast(factor.shape[:-2], b.shape[:-2]) + b.shape[-2:]
    return Type(shape, b.dtype, None, {"upper": upper})


def _through_factor(common: Node, factor: Node, upper: bool) -> Node:
    """The gradient of the factor, from that of the product with itself: as PyTorch's, whole."""
    return -(ops.matmul(factor, common) if upper else ops.matmul(common, factor))


def _cholesky_from_factor(g: Node, out: Node, b: Node, factor: Node, *, upper: bool) -> Node:
    adjoint = ops.cholesky_solve(g, factor, upper=upper)
    common = symmetric(ops.matmul(adjoint, matrix_transpose(out)))
    return summed_to(_through_factor(common, factor, upper), factor.shape)


cholesky_solve = Operation(
    ("cholesky_solve(input, input2, upper: bool = False)",),
    _cholesky_solved,
    _cholesky_solve_type,
    (
        lambda g, out, b, factor, *, upper: summed_to(
            ops.cholesky_solve(g, factor, upper=upper), b.shape
        ),
        _cholesky_from_factor,
    ),
    layout=column_major,
    checks=(
        Check("cholesky_solve(y, tril(x) + 3 * eye(3))", {"x": (3, 3), "y": (3, 2)}),
        Check("cholesky_solve(y, triu(x) + 3 * eye(2), True)", {"x": (2, 2), "y": (2, 2, 1)}),
    ),
    scratch=3,
    batch=batch.elementwise,
    axes=axes.pairs_of_matrices,
    meaning="The solution X of A X = input, where input2 is the Cholesky factor of A.",
    example="cholesky_solve([[4.], [8.]], [[2., 0.], [0., 2.]])",
)


def _cholesky_inverse_type(factor: Node, *, upper: bool = False) -> Type:
    require_matrices(factor, "cholesky_inverse")
    require_square("cholesky_inverse")(factor)
    return Type(factor.shape, factor.dtype, None, {"upper": upper})


def _cholesky_inverse_rule(g: Node, out: Node, factor: Node, *, upper: bool) -> Node:
    common = ops.matmul(ops.matmul(out, symmetric(g)), out)
    return _through_factor(common, factor, upper)


cholesky_inverse = Operation(
    ("cholesky_inverse(input, upper: bool = False)",),
    lambda factor, *, upper: _cholesky_solved(
        np.eye(factor.shape[-1], dtype=factor.dtype), factor, upper=upper
    ),
    _cholesky_inverse_type,
    (_cholesky_inverse_rule,),
    layout=column_major,
    checks=(
        Check("cholesky_inverse(tril(x) + 3 * eye(3))", {"x": (3, 3)}),
        Check("cholesky_inverse(triu(x) + 3 * eye(2), upper=True)", {"x": (2, 2, 2)}),
    ),
    scratch=3,
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="The inverse of the matrix whose Cholesky factor is given.",
    example="cholesky_inverse([[2., 0.], [0., 2.]])",
)
