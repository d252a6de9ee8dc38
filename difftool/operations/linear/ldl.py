"""Factors of symmetric matrices that need not be positive definite, L D L^T, and systems by them.

As in PyTorch they have no gradients.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int32
from difftool.graph.node import Node, Shape
from difftool.operations import axes
from difftool.operations.linear.ldl_kernel import factored, solved
from difftool.operations.linear.matrices import (
    column_major,
    require_matrices,
    require_square,
    require_system,
)
from difftool.operations.linear.several_results import Several
from difftool.operations.registry import Array, Operation, Type, composite
from difftool.operations.shapes import broadcast, no_derivative


class linalg_ldl_factor_result(NamedTuple):
    """What `linalg.ldl_factor` gives."""

    LD: Node
    pivots: Node


class linalg_ldl_factor_ex_result(NamedTuple):
    """What `linalg.ldl_factor_ex` gives."""

    LD: Node
    pivots: Node
    info: Node


_require_square = require_square("ldl_factor")


def _require(x: Node, **parameters: Any) -> Shape:
    require_matrices(x, "ldl_factor")
    _require_square(x)
    return x.shape[:-2]


def _shapes(shape: Shape, *, check: bool) -> tuple[Shape, Shape, Shape]:
    return shape[-2:], shape[-1:], ()


def _kernel(x: Array, *, check: bool) -> tuple[Any, Any, Any]:
    factors, pivots, info = factored(x)
    if check and info.any():
        place = int(info[info > 0][0])
        raise DifftoolError(
            f"ldl_factor: D[{place}, {place}], counted from 1, is zero: the matrix is singular",
            kind="value",
            hint="linalg.ldl_factor_ex factors singular matrices",
        )
    return factors, pivots, info


def _no_rule(g: Node, parts: Any, x: Node, *, check: bool) -> Node:
    raise no_derivative("ldl_factor", "detach() the matrix first", x)


_factor = Several(
    "ldl_factor",
    _kernel,
    _require,
    _shapes,
    ((_no_rule, None, None),),
    grad_fn="NotImplemented",
    dtypes={1: int32, 2: int32},
    columns=(0,),
    scratch=3,
)


@composite(
    "linalg.ldl_factor(A, *, hermitian: bool = False)",
    example="linalg.ldl_factor([[1., 2.], [2., 3.]]).LD",
    aliases=("ldl_factor",),
)
def linalg_ldl_factor(A: Node, hermitian: bool = False) -> linalg_ldl_factor_result:
    """L and D of a symmetric A = L D L^T in one matrix, and the rows exchanged: (LD, pivots)."""
    return linalg_ldl_factor_result(*_factor(A, check=True)[:2])


@composite(
    "linalg.ldl_factor_ex(A, *, hermitian: bool = False, check_errors: bool = False)",
    example="linalg.ldl_factor_ex([[1., 2.], [2., 3.]]).info",
    aliases=("ldl_factor_ex",),
)
def linalg_ldl_factor_ex(
    A: Node, hermitian: bool = False, check_errors: bool = False
) -> linalg_ldl_factor_ex_result:
    """As ldl_factor, and which block of D is zero, from 1; 0: none."""
    return linalg_ldl_factor_ex_result(*_factor(A, check=check_errors))


def _solve_type(LD: Node, pivots: Node, B: Node) -> Type:
    require_system("ldl_solve", LD, B, True)
    if pivots.dtype.kind != "i" or pivots.shape != LD.shape[:-1]:
        raise DifftoolError(
            f"ldl_solve: factors of shape {LD.shape} have whole numbers of shape "
            f"{LD.shape[:-1]} as pivots, not a tensor of {pivots.dtype.name} of {pivots.shape}",
            kind="shape",
            hint="give what ldl_factor gave",
        )
    shape = broadcast(LD.shape[:-2], B.shape[:-2]) + B.shape[-2:]
    return Type(shape, B.dtype)


def _solve_kernel(factors: Array, pivots: Array, b: Array) -> Any:
    size = factors.shape[-1]
    if pivots.size and not np.isin(np.abs(pivots), np.arange(1, size + 1)).all():
        raise DifftoolError(
            f"ldl_solve takes pivots that count rows from 1 to {size}, or are the negatives",
            kind="value",
            hint="give what ldl_factor gave",
        )
    return solved(factors, pivots, b)


def _no_solve_rule(g: Node, out: Node, *operands: Node, **parameters: Any) -> Node:
    raise no_derivative("ldl_solve", "linalg.solve(A, B) has a gradient", out)


_solved = Operation(
    ("ldl_solve(LD, pivots, B)",),
    _solve_kernel,
    _solve_type,
    (_no_solve_rule, None, _no_solve_rule),
    grad_fn="NotImplemented",
    layout=column_major,
    scratch=2,
    axes=axes.opaque,
    meaning="",
    example="",
)


@composite(
    "linalg.ldl_solve(LD, pivots, B, *, hermitian: bool = False)",
    example="linalg.ldl_solve(2 * eye(2), tensor([1, 2], dtype=int32), ones(2, 1))",
    aliases=("ldl_solve",),
)
def linalg_ldl_solve(LD: Node, pivots: Node, B: Node, hermitian: bool = False) -> Node:
    """The solution X of A X = B for a symmetric A, from what ldl_factor(A) gave."""
    return _solved(LD, pivots, B)
