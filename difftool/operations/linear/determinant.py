"""Determinants of square matrices, for batches too.

The derivative of a determinant is the matrix of cofactors, which exists for singular matrices too;
it is computed through the singular value decomposition (N. Higham, "What Is the Adjugate of a
Matrix?", 2020).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch
from difftool.operations.linear.matrices import (
    in_lapack,
    matrix_of_each,
    matrix_transpose,
    number_of_each,
    over_matrices,
    require_square,
    well_conditioned,
    wide_enough,
)
from difftool.operations.linear.several_results import Several
from difftool.operations.registry import Array, Check, Operation, Type, composite, constant, ops


def _inner(x: Node, y: Node) -> Node:
    """The sum of the products of two matrices' elements, for each pair of a batch."""
    return ops.sum(x * y, dim=(-2, -1))


def _singular_values(x: Array) -> tuple[Any, Any, Any]:
    """The singular value decomposition; the values of a matrix that isn't finite are NaN.

    NumPy finds none for it, nor then for any other matrix of the batch.
    """
    finite: Any = np.isfinite(x).all((-2, -1))
    left, values, right = np.linalg.svd(np.where(finite[..., None, None], x, 0))
    return left, np.where(finite[..., None], values, np.nan), right


def _cofactor_kernel(x: Array) -> Any:
    """U diag(product of the other singular values) V^T, times the signs of U and V."""
    left, values, right = _singular_values(x)
    return (left * (_sign(left, right) * _products_of_others(values))[..., None, :]) @ right


def _sign(left: Array, right: Array) -> Any:
    return (np.linalg.det(left) * np.linalg.det(right))[..., None]


def _products_of_others(values: Array) -> Any:
    """For each entry of the last dimension the product of the others, without division."""
    before = np.cumprod(values, -1)
    after = np.flip(np.cumprod(np.flip(values, -1), -1), -1)
    ones = np.ones_like(values[..., :1])
    return np.concatenate((ones, before[..., :-1]), -1) * np.concatenate((after[..., 1:], ones), -1)


def _cofactor_derivative_kernel(x: Array, h: Array) -> Any:
    """The derivative of the cofactors along `h`, by products of all but two singular values."""
    left, values, right = _singular_values(x)
    turned = np.swapaxes(left, -1, -2) @ h @ np.swapaxes(right, -1, -2)
    size = values.shape[-1]
    others = np.where(np.eye(size, dtype=bool), 1, values[..., None, :])
    pairs = _products_of_others(others)  # [i, j]: all but i and j, for i != j
    pairs = pairs * ~np.eye(size, dtype=bool)
    diagonal = np.einsum("...ij,...jj->...i", pairs, turned)
    moved = -pairs * np.swapaxes(turned, -1, -2)
    moved = moved + diagonal[..., None] * np.eye(size, dtype=x.dtype)
    return left @ (moved * _sign(left, right)[..., None]) @ right


def _third_derivative(g: Node, out: Node, x: Node, h: Node) -> Node:
    """The gradient of <g, derivative of the cofactors along h>, for matrices with an inverse.

    With B the inverse it is det(A) (tr(BH) tr(BG) - tr(BHBG)) to be differentiated by A.
    """
    inverse = ops.inv(x)
    bh, bg = ops.matmul(inverse, h), ops.matmul(inverse, g)
    trace_h, trace_g = _inner(matrix_transpose(inverse), h), _inner(matrix_transpose(inverse), g)
    both = trace_h * trace_g - _inner(matrix_transpose(bh), bg)
    bhb, bgb = ops.matmul(bh, inverse), ops.matmul(bg, inverse)
    mixed = ops.matmul(bh, bgb) + ops.matmul(bg, bhb)
    parts = inverse * over_matrices(both) - bhb * over_matrices(trace_g)
    parts = parts - bgb * over_matrices(trace_h) + mixed
    return matrix_transpose(parts) * over_matrices(ops.det(x))


det = Operation(
    ("det(input)", "det(A)"),
    lambda x: np.linalg.det(wide_enough(x)),
    number_of_each("det"),
    (lambda g, out, x: over_matrices(g) * ops.cofactor(x),),
    grad_fn="LinalgDetBackward0",
    checks=well_conditioned("det({})", Check("det(x)", {"x": (1, 1)})),
    scratch=in_lapack(1),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="Determinant of square matrices.",
    example="det([[2, 0], [0, 3]])",
    latex=r"\det\left({}\right)",
)

cofactor = Operation(
    ("cofactor(input)",),
    lambda x: _cofactor_kernel(wide_enough(x)),
    matrix_of_each("cofactor"),
    (lambda g, out, x: ops.cofactor_derivative(x, g),),
    checks=well_conditioned("cofactor({})"),
    # The singular value decomposition: its operand, its two matrices and where it works.
    scratch=lambda node: max(3, in_lapack(5.75, before=2)(node)),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="Matrix of cofactors, the derivative of the determinant.",
    example="cofactor([[2, 0], [0, 3]])",
    latex=r"\operatorname{{cof}}\left({}\right)",
)


def _cofactor_derivative_type(x: Node, h: Node) -> Type:
    require_square("cofactor_derivative")(x)
    if h.shape != x.shape:
        raise DifftoolError(
            f"cofactor_derivative takes a direction of the matrix's shape {x.shape}, "
            f"not of {h.shape}",
            kind="shape",
            hint="a direction says how far each element moves",
        )
    return Type(x.shape, x.dtype)


cofactor_derivative = Operation(
    ("cofactor_derivative(input, direction)",),
    lambda x, h: _cofactor_derivative_kernel(wide_enough(x), wide_enough(h)),
    _cofactor_derivative_type,
    # It is the second derivative of the determinant along h, so symmetric in h and g.
    (_third_derivative, lambda g, out, x, h: ops.cofactor_derivative(x, g)),
    checks=(
        Check("cofactor_derivative(x + 3 * eye(3), y)", {"x": (3, 3), "y": (3, 3)}),
        Check("cofactor_derivative(x + 3 * eye(2), y)", {"x": (2, 2), "y": (2, 2)}),
    ),
    scratch=8,
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="Derivative of the matrix of cofactors along a direction.",
    example="cofactor_derivative([[2, 0], [0, 3]], eye(2))",
)


class slogdet_result(NamedTuple):
    """What `slogdet` gives."""

    sign: Node
    logabsdet: Node


class linalg_slogdet_result(NamedTuple):
    """What `linalg.slogdet` gives."""

    sign: Node
    logabsdet: Node


def _require_slogdet(x: Node) -> Shape:
    require_square("slogdet")(x)
    return x.shape[:-2]


_slogdet = Several(
    "slogdet",
    lambda x: tuple(np.linalg.slogdet(wide_enough(x))),
    _require_slogdet,
    lambda shape: ((), ()),
    (
        (
            lambda g, parts, x: ops.zeros(x.shape, dtype=g.dtype),
            lambda g, parts, x: over_matrices(g) * matrix_transpose(ops.inv(x)),
        ),
    ),
    grad_fn="LinalgSlogdetBackward0",
    scratch=in_lapack(1),
)


@composite(
    "slogdet(input)",
    example="slogdet([[2, 0], [0, 3]]).logabsdet",
    checks=well_conditioned("slogdet({}).logabsdet"),
)
def slogdet(input: Node) -> slogdet_result:
    """Sign of the determinant and logarithm of its absolute value: (sign, logabsdet)."""
    return slogdet_result(*_slogdet(input))


@composite("linalg.slogdet(A)", example="linalg.slogdet([[2, 0], [0, 3]]).logabsdet")
def linalg_slogdet(A: Node) -> linalg_slogdet_result:
    """Sign of the determinant and logarithm of its absolute value: (sign, logabsdet)."""
    return linalg_slogdet_result(*_slogdet(A))


@composite(
    "logdet(input)", example="logdet([[2, 0], [0, 3]])", checks=well_conditioned("logdet({})")
)
def logdet(input: Node) -> Node:
    """Logarithm of the determinant; NaN where it is negative."""
    sign, logarithm = slogdet(input)
    negative = ops.eq(ops.detach(sign), -1.0)
    return ops.where(negative, constant(float("nan"), input.dtype), logarithm)
