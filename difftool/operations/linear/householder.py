"""Products of Householder reflections, which LAPACK packs below the diagonal of a matrix.

The product of H_i = I - tau_i v_i v_i^T is I - V T V^T, where V has the columns v_i and T is the
inverse of diag(1 / tau) + triu(V^T V, 1) (C. Puglisi, "Modification of the Householder method based
on the compact WY representation", 1992); with D = diag(tau), T = (I + D triu(V^T V, 1))^-1 D holds
where a tau is 0 too. Gradients follow from that form by the rules of products and inverses.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch
from difftool.operations.linear.matrices import (
    as_column,
    column_major,
    joined,
    matrix_transpose,
    part,
    require_matrices,
    require_one_dtype,
    symmetric,
)
from difftool.operations.linear.several_results import Several
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops


class geqrf_result(NamedTuple):
    """What `geqrf` gives."""

    a: Node
    tau: Node


def _require(function: str, x: Node, tau: Node) -> None:
    require_matrices(x, function)
    require_one_dtype(function, x, tau)
    rows, columns = x.shape[-2:]
    if tau.shape[:-1] != x.shape[:-2] or tau.ndim == 0 or tau.shape[-1] > columns or rows < columns:
        raise DifftoolError(
            f"{function}: shapes {x.shape} and {tau.shape} are no reflections and their factors",
            kind="shape",
            hint="a matrix has no more columns than rows, and a factor for each column at most",
        )


# ----- V and T as arrays and as nodes -----


def _vectors(x: Array, tau: Array) -> tuple[Any, Any]:
    count = tau.shape[-1]
    v = np.tril(x[..., :count], -1) + np.eye(x.shape[-2], count, dtype=x.dtype)
    inner = np.triu(np.swapaxes(v, -1, -2) @ v, 1) * tau[..., None]
    identity = np.eye(count, dtype=x.dtype)
    return v, np.linalg.solve(identity + inner, identity * tau[..., None, :])


def _vector_nodes(x: Node, tau: Node) -> tuple[Node, Node, Node]:
    """V, triu(V^T V, 1) and T."""
    count = tau.shape[-1]
    v = ops.tril(part(x, -1, 0, count), diagonal=-1) + ops.eye(x.shape[-2], count, dtype=x.dtype)
    products = ops.triu(ops.matmul(matrix_transpose(v), v), diagonal=1)
    identity = ops.eye(count, dtype=x.dtype)
    inner = products * as_column(tau) + identity
    t = ops.solve_triangular(inner, identity * as_column(tau), upper=True)
    return v, products, t


def _through_t(g: Node, tau: Node, products: Node, t: Node) -> tuple[Node, Node]:
    """The gradient of T passed back: to V^T V, and to tau."""
    count = tau.shape[-1]
    inner = products * as_column(tau) + ops.eye(count, dtype=tau.dtype)
    of_side = ops.solve_triangular(matrix_transpose(inner), g, upper=False)
    of_inner = -ops.matmul(of_side, matrix_transpose(t))
    of_tau = ops.diagonal(of_side, dim1=-2, dim2=-1) + ops.sum(of_inner * products, dim=-1)
    return ops.triu(of_inner * as_column(tau), diagonal=1), of_tau


def _of_vectors(g: Node, v: Node, of_products: Node, x: Node) -> Node:
    """The gradient of V passed back to the matrix that holds it."""
    whole = ops.tril(g + ops.matmul(v, symmetric(of_products)), diagonal=-1)
    others = x.shape[-1] - whole.shape[-1]
    if not others:
        return whole
    zeros = ops.zeros((*x.shape[:-1], others), dtype=x.dtype)
    return joined((whole, zeros), -1)


# ----- The product -----


def _product_kernel(x: Array, tau: Array) -> Any:
    v, t = _vectors(x, tau)
    rows, columns = x.shape[-2:]
    top = np.swapaxes(v[..., :columns, :], -1, -2)
    return np.eye(rows, columns, dtype=x.dtype) - v @ (t @ top)


def _product_type(x: Node, tau: Node) -> Type:
    _require("householder_product", x, tau)
    return Type(x.shape, x.dtype)


def _product_rules(g: Node, x: Node, tau: Node) -> tuple[Node, Node]:
    """The gradients of E - V T V_n^T, where V_n are the first rows of V."""
    v, products, t = _vector_nodes(x, tau)
    rows, columns = x.shape[-2:]
    top = part(v, -2, 0, columns)
    turned = matrix_transpose(v)
    of_products, of_tau = _through_t(
        -ops.matmul(ops.matmul(turned, g), top), tau, products, t
    )
    of_v = -ops.matmul(ops.matmul(g, top), matrix_transpose(t))
    of_top = -ops.matmul(ops.matmul(matrix_transpose(g), v), t)
    if rows > columns:
        rest = ops.zeros((*x.shape[:-2], rows - columns, tau.shape[-1]), dtype=x.dtype)
        of_top = joined((of_top, rest), -2)
    return _of_vectors(of_v + of_top, v, of_products, x), of_tau


householder_product = Operation(
    ("householder_product(input, tau)",),
    _product_kernel,
    _product_type,
    (
        lambda g, out, x, tau: _product_rules(g, x, tau)[0],
        lambda g, out, x, tau: _product_rules(g, x, tau)[1],
    ),
    grad_fn="LinalgHouseholderProductBackward0",
    layout=column_major,
    scratch=4,
    batch=batch.from_the_right,
    axes=axes.matrices,
    checks=(
        Check("householder_product(x, y)", {"x": (3, 2), "y": (2,)}),
        Check("householder_product(x, y)", {"x": (2, 3, 3), "y": (2, 2)}),
    ),
    meaning="The first columns of a product of Householder reflections, as geqrf packs them.",
    example="householder_product(ones(3, 2), ones(2))",
)


@composite(
    "orgqr(input, input2)",
    example="orgqr(ones(3, 2), ones(2))",
    checks=(Check("orgqr(x, y)", {"x": (3, 2), "y": (2,)}),),
)
def orgqr(input: Node, input2: Node) -> Node:
    """The first columns of a product of Householder reflections: householder_product."""
    return householder_product(input, input2)


# ----- The product times a matrix -----


def _times_type(x: Node, tau: Node, other: Node, *, left: bool, transpose: bool) -> Type:
    _require("ormqr", x, tau)
    require_matrices(other, "ormqr")
    require_one_dtype("ormqr", x, other)
    size = other.shape[-2 if left else -1]
    if other.shape[:-2] != x.shape[:-2] or size != x.shape[-2]:
        raise DifftoolError(
            f"ormqr: shapes {x.shape} and {other.shape} can't be multiplied",
            kind="shape",
            hint=f"the reflections are {x.shape[-2]} by {x.shape[-2]}",
        )
    if tau.shape[-1] != min(size, x.shape[-1]):
        raise DifftoolError(
            f"ormqr needs a factor for each of the {min(size, x.shape[-1])} columns, "
            f"not {tau.shape[-1]}",
            kind="shape",
            hint="give the columns that have one",
        )
    return Type(other.shape, other.dtype)


def _times_kernel(x: Array, tau: Array, other: Array, *, left: bool, transpose: bool) -> Any:
    v, t = _vectors(x, tau)
    if left == transpose:
        t = np.swapaxes(t, -1, -2)
    c = other if left else np.swapaxes(other, -1, -2)
    result = c - v @ (t @ (np.swapaxes(v, -1, -2) @ c))
    return result if left else np.swapaxes(result, -1, -2)


def _times_rules(
    g: Node, x: Node, tau: Node, other: Node, left: bool, transpose: bool
) -> tuple[Node, Node]:
    """The gradients of C - V T V^T C; from the right both are transposed."""
    v, products, t = _vector_nodes(x, tau)
    turned = left == transpose
    middle = matrix_transpose(t) if turned else t
    c = other if left else matrix_transpose(other)
    g = g if left else matrix_transpose(g)
    of_g, of_c = [ops.matmul(matrix_transpose(v), each) for each in (g, c)]
    of_middle = -ops.matmul(of_g, matrix_transpose(of_c))
    of_products, of_tau = _through_t(
        matrix_transpose(of_middle) if turned else of_middle, tau, products, t
    )
    of_v = -ops.matmul(ops.matmul(g, matrix_transpose(of_c)), matrix_transpose(middle))
    of_v = of_v - ops.matmul(ops.matmul(c, matrix_transpose(of_g)), middle)
    return _of_vectors(of_v, v, of_products, x), of_tau


_times = Operation(
    ("ormqr(input, input2, input3)",),
    _times_kernel,
    _times_type,
    (
        lambda g, out, x, tau, other, *, left, transpose: _times_rules(
            g, x, tau, other, left, transpose
        )[0],
        lambda g, out, x, tau, other, *, left, transpose: _times_rules(
            g, x, tau, other, left, transpose
        )[1],
        lambda g, out, x, tau, other, *, left, transpose: ops.ormqr(
            x, tau, g, left=left, transpose=not transpose
        ),
    ),
    grad_fn="OrmqrBackward0",
    layout=column_major,
    scratch=4,
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="",
    example="",
)


@composite(
    "ormqr(input, input2, input3, left: bool = True, transpose: bool = False)",
    example="ormqr(ones(3, 2), ones(2), ones(3, 1))",
    checks=(
        Check("ormqr(x, y, z)", {"x": (3, 2), "y": (2,), "z": (3, 2)}),
        Check("ormqr(x, y, z, False, True)", {"x": (2, 3, 1), "y": (2, 1), "z": (2, 2, 3)}),
    ),
)
def ormqr(
    input: Node, input2: Node, input3: Node, left: bool = True, transpose: bool = False
) -> Node:
    """The product of a whole product of Householder reflections and a matrix."""
    return _times(input, input2, input3, left=left, transpose=transpose)


# ----- The reflections themselves -----


def _packed_shape(x: Node) -> Shape:
    require_matrices(x, "geqrf")
    return x.shape[:-2]


def _packed_kernel(x: Array) -> tuple[Any, Any]:
    columns, tau = np.linalg.qr(x, "raw")
    return np.swapaxes(columns, -1, -2), tau


def _no_derivative(*operands: Any, **parameters: Any) -> Node:
    raise DifftoolError(
        "the derivative of geqrf is not implemented, in PyTorch either",
        kind="unsupported",
        hint="linalg.qr has one",
    )


_geqrf = Several(
    "geqrf",
    _packed_kernel,
    _packed_shape,
    lambda shape: (shape[-2:], (min(shape[-2:]),)),
    ((_no_derivative, _no_derivative),),
    grad_fn="GeqrfBackward0",
    columns=(0,),
    scratch=0,
)


@composite("geqrf(input)", example="geqrf([[3., 1.], [4., 2.]]).tau")
def geqrf(input: Node) -> geqrf_result:
    """R of a QR decomposition, with Q as Householder reflections below it: (a, tau)."""
    return geqrf_result(*_geqrf(input))
