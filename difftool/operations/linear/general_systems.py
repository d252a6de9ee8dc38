"""Inverses, linear systems and the Cholesky factor, for batches of matrices.

`unchecked` has the forms that say whether they failed, `triangular_systems` what a factor solves.

Formulas: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation" (2008), and I. Murray, "Differentiation of the Cholesky
decomposition" (arXiv:1602.07527).
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch, batch_products
from difftool.operations.linear.matrices import (
    column_major,
    in_lapack,
    matrix_of_each,
    matrix_transpose,
    require_square,
    summed_to,
    well_conditioned,
    wide_enough,
)
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import broadcast, dtype_name

# ----- Inverse and linear systems -----


def _or_singular(function: str, compute: Callable[[], Any]) -> Any:
    try:
        return compute()
    except np.linalg.LinAlgError:
        raise DifftoolError(
            f"{function}: the matrix is singular",
            kind="value",
            hint="it has no inverse; check its rows, or add a multiple of eye(n)",
        ) from None


def _inverse_kernel(x: Array) -> Any:
    return _or_singular("inv", lambda: np.linalg.inv(wide_enough(x)))


inv = Operation(
    ("inv(A)", "inv(input)"),
    _inverse_kernel,
    matrix_of_each("inv"),
    (lambda g, out, x: -ops.matmul(ops.matmul(matrix_transpose(out), g), matrix_transpose(out)),),
    grad_fn="LinalgInvExBackward0",
    layout=column_major,
    aliases=("inverse",),
    checks=well_conditioned("inv({})"),
    scratch=in_lapack(2),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="Inverse of square matrices.",
    example="inv([[2, 0], [0, 4]])",
    latex="{}^{{-1}}",
)


def is_vector(a: Shape, b: Shape) -> bool:
    """Whether the right side of a system is one vector for each matrix, as PyTorch decides it."""
    return len(b) == 1 or (len(b) == len(a) - 1 and b == a[:-1])


def _solve_type(a: Node, b: Node, *, left: bool = True) -> Type:
    require_square("solve")(a)
    if a.dtype != b.dtype:
        raise DifftoolError(
            f"solve needs one dtype, not {dtype_name(a.dtype)} and {dtype_name(b.dtype)}",
            kind="dtype",
            hint="convert one with .double() or .float()",
        )
    vector = is_vector(a.shape, b.shape)
    if b.ndim == 0 or (vector and not left):
        raise DifftoolError(
            f"solve can't take a right side of shape {b.shape}" + ("" if left else " on the left"),
            kind="shape",
            hint="give a vector or matrices; left=False takes matrices only",
        )
    rows = b.shape[-1] if vector or not left else b.shape[-2]
    if rows != a.shape[-1]:
        equation = "A X = B" if left else "X A = B"
        raise DifftoolError(
            f"solve: shapes {a.shape} and {b.shape} don't fit the equation {equation}",
            kind="shape",
            hint=f"A is {a.shape[-1]} by {a.shape[-1]}, B has {rows} "
            + ("rows" if left else "columns"),
        )
    if vector:
        shape = broadcast(a.shape[:-2], b.shape[:-1]) + (rows,)
    else:
        shape = broadcast(a.shape[:-2], b.shape[:-2]) + b.shape[-2:]
    return Type(shape, a.dtype, None, {"left": left})


def _solve_kernel(a: Array, b: Array, *, left: bool) -> Any:
    a, b = wide_enough(a), wide_enough(b)
    if not left:
        turned = _solve_kernel(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2), left=True)
        return np.swapaxes(turned, -1, -2)
    if is_vector(a.shape, b.shape):
        columns = _or_singular("solve", lambda: np.linalg.solve(a, b[..., None]))
        return columns[..., 0]
    return _or_singular("solve", lambda: np.linalg.solve(a, b))


def _solve_left(g: Node, out: Node, a: Node, b: Node, *, left: bool) -> Node:
    """-W X^T for A X = B, and -X^T W for X A = B, where W is the gradient of B."""
    adjoint = ops.solve(matrix_transpose(a), g, left=left)
    if is_vector(a.shape, b.shape):
        product = ops.unsqueeze(adjoint, dim=-1) * ops.unsqueeze(out, dim=-2)
    elif left:
        product = ops.matmul(adjoint, matrix_transpose(out))
    else:
        product = ops.matmul(matrix_transpose(out), adjoint)
    return summed_to(-product, a.shape)


def _solve_right(g: Node, out: Node, a: Node, b: Node, *, left: bool) -> Node:
    return summed_to(ops.solve(matrix_transpose(a), g, left=left), b.shape)


def _solve_axes(node: Node) -> axes.Axes:
    """Whole systems; their batches broadcast."""
    a, b = node.inputs
    vector = is_vector(a.shape, b.shape)
    if not vector and b.ndim == a.ndim - 1:
        # A block of such a batch could be taken for one vector for each matrix.
        return axes.opaque(node)
    own = 1 if vector else 2
    ndim = node.ndim - own

    def labels(source: Node, own: int) -> axes.Labels:
        missing = ndim - (source.ndim - own)
        batch = [
            axis + missing if length == node.shape[axis + missing] else None
            for axis, length in enumerate(source.shape[: source.ndim - own])
        ]
        return (*batch, *(None,) * own)

    return axes.Axes((*range(ndim), *(None,) * own), (labels(a, 2), labels(b, own)))


def _solve_layout(node: Node, *steps: Strides) -> Strides:
    vector = is_vector(node.inputs[0].shape, node.inputs[1].shape)
    return layout.contiguous(node.shape) if vector else column_major(node)


def _systems(node: Node) -> float:
    """LAPACK works in a copy of one matrix and of its right side."""
    sizes = [source.size for source in node.inputs]
    own = 1 if is_vector(*[source.shape for source in node.inputs]) else 2
    return sum(sizes) / max(*sizes, 1) / max(prod(node.shape[: node.ndim - own]), 1)


solve = Operation(
    ("solve(A, B, *, left: bool = True)",),
    _solve_kernel,
    _solve_type,
    (_solve_left, _solve_right),
    grad_fn="LinalgSolveExBackward0",
    layout=_solve_layout,
    checks=(
        Check("solve(x + 3 * eye(3), y)", {"x": (3, 3), "y": (3,)}),
        Check("solve(x + 3 * eye(2), y)", {"x": (2, 2), "y": (2, 3)}),
        Check("solve(x + 3 * eye(2), y)", {"x": (2, 2, 2), "y": (2, 1)}),
        Check("solve(x + 3 * eye(2), y)", {"x": (2, 2, 2), "y": (2, 2)}),
        Check("solve(x + 3 * eye(2), y, left=False)", {"x": (2, 2), "y": (3, 2)}),
    ),
    scratch=_systems,
    batch=batch_products.solve,
    axes=_solve_axes,
    meaning="The solution X of A X = B, or of X A = B with left=False.",
    example="solve([[2, 0], [0, 4]], [2, 4])",
    latex="{}^{{-1}} {}",
)


# ----- The Cholesky factor -----


def _cholesky_kernel(x: Array, *, upper: bool) -> Any:
    """LAPACK reads one triangle only: the one that is asked for."""
    x = wide_enough(x)
    try:
        if upper:
            return np.swapaxes(np.linalg.cholesky(np.swapaxes(x, -1, -2)), -1, -2)
        return np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        raise DifftoolError(
            "cholesky: the matrix is not positive-definite",
            kind="value",
            hint="A @ A.mT + eye(n) is, for any square A",
        ) from None


def _cholesky_rule(g: Node, out: Node, x: Node, *, upper: bool) -> Node:
    """The symmetric part of L^-T P(L^T G) L^-1; P takes the lower triangle, its diagonal halved."""
    lower, g = (matrix_transpose(out), matrix_transpose(g)) if upper else (out, g)
    product = ops.matmul(matrix_transpose(lower), g)
    halved = (ops.tril(product) + ops.tril(product, diagonal=-1)) * 0.5
    inner = ops.solve(matrix_transpose(lower), halved)
    both = ops.solve(lower, inner, left=False)
    return (both + matrix_transpose(both)) * 0.5


def _cholesky_type(x: Node, *, upper: bool = False) -> Type:
    require_square("cholesky")(x)
    return Type(x.shape, x.dtype, None, {"upper": upper})


def _cholesky(signature: str, grad_fn: str) -> Operation:
    """PyTorch has two functions that differ in the name of their backward function."""
    name = signature.partition("(")[0]
    return Operation(
        (signature,),
        _cholesky_kernel,
        _cholesky_type,
        (_cholesky_rule,),
        grad_fn=grad_fn,
        layout=column_major,
        scratch=in_lapack(1),
        checks=(
            Check(f"{name}(x @ x.mT + 3 * eye(3))", {"x": (3, 3)}),
            Check(f"{name}(x @ x.mT + 3 * eye(2), upper=True)", {"x": (2, 2, 2)}),
        ),
        batch=batch.from_the_right,
        axes=axes.matrices,
        meaning="The triangular L with L L^T = A, for positive-definite A.",
        example=f"{name}([[4, 2], [2, 5]])",
        latex=r"\operatorname{{chol}}\left({}\right)",
    )


cholesky = _cholesky("cholesky(input, upper: bool = False)", "CholeskyBackward0")
linalg_cholesky = _cholesky(
    "linalg.cholesky(input, *, upper: bool = False)", "LinalgCholeskyExBackward0"
)
