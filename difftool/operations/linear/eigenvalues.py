"""Eigenvalues and eigenvectors of symmetric matrices, for batches too; and why there are no others.

Gradients: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation" (2008), section 3.1, for a symmetric matrix.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.linear.eigenvalue_kernel import decomposed
from difftool.operations.linear.matrices import (
    as_column,
    as_row,
    in_lapack,
    matrix_transpose,
    require_matrices,
    require_square,
)
from difftool.operations.linear.several_results import Several
from difftool.operations.registry import Array, Check, composite, ops

Parts = tuple[Node, ...]


class linalg_eigh_result(NamedTuple):
    """What `linalg.eigh` gives."""

    eigenvalues: Node
    eigenvectors: Node


def _require(x: Node, *, UPLO: str) -> Shape:
    require_matrices(x, "eigh")
    require_square("eigh")(x)
    if UPLO.upper() not in ("L", "U"):
        raise DifftoolError(
            f"eigh takes 'L' or 'U' as UPLO, not {UPLO!r}",
            kind="argument",
            hint="it names the triangle that is read",
        )
    return x.shape[:-2]


def _kernel(x: Array, *, UPLO: str) -> tuple[Any, Any]:
    return decomposed(x, UPLO in "Uu")


def _gaps(values: Node) -> Node:
    """The differences of a vector's elements, columns minus rows, and ones on the diagonal."""
    identity = ops.eye(values.shape[-1], dtype=values.dtype)
    return as_row(values) - as_column(values) + identity


def _from_values(g: Node, parts: Parts, x: Node, *, UPLO: str) -> Node:
    vectors = parts[1]
    return ops.matmul(vectors * as_row(g), matrix_transpose(vectors))


def _from_vectors(g: Node, parts: Parts, x: Node, *, UPLO: str) -> Node:
    """V (V^T G / E) V^T, where E are the differences of the eigenvalues and V^T G is made skew."""
    values, vectors = parts
    turned = matrix_transpose(vectors)
    product = ops.matmul(turned, g)
    inner = (product - matrix_transpose(product)) * 0.5 / _gaps(values)
    return ops.matmul(ops.matmul(vectors, inner), turned)


_eigh = Several(
    "eigh",
    _kernel,
    _require,
    lambda shape, *, UPLO: (shape[-1:], shape[-2:]),
    ((_from_values, _from_vectors),),
    grad_fn="LinalgEighBackward0",
    columns=(1,),
    scratch=in_lapack(2, before=1),
)


@composite(
    "linalg.eigh(input, UPLO: str = 'L')",
    example="linalg.eigh([[2., 1.], [1., 2.]]).eigenvalues",
    aliases=("eigh",),
    checks=(
        Check("linalg.eigh(x + x.mT).eigenvectors", {"x": (3, 3)}),
        Check("linalg.eigh(x @ x.mT).eigenvalues", {"x": (2, 2, 2)}),
    ),
)
def linalg_eigh(input: Node, UPLO: str = "L") -> linalg_eigh_result:
    """Ascending eigenvalues and orthonormal eigenvectors of symmetric matrices."""
    return linalg_eigh_result(*_eigh(input, UPLO=UPLO))


@composite(
    "eigvalsh(input, UPLO: str = 'L')",
    example="eigvalsh([[2., 1.], [1., 2.]])",
    checks=(Check("eigvalsh(x + x.mT)", {"x": (3, 3)}),),
)
def eigvalsh(input: Node, UPLO: str = "L") -> Node:
    """Ascending eigenvalues of symmetric matrices."""
    return _eigh(input, UPLO=UPLO)[0]
