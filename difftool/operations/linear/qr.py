"""The QR decomposition of matrices, for batches too.

Gradients: S. F. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions
with application in optimum experimental design" (arXiv:1001.1654), for the first columns of a wide
matrix as for a square one; the others are Q times their columns of R.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Shape
from difftool.operations.declare import zeros_for
from difftool.operations.linear.matrices import (
    in_lapack,
    joined,
    matrix_transpose,
    part,
    require_matrices,
)
from difftool.operations.linear.several_results import Several
from difftool.operations.registry import Array, Check, composite, ops

Parts = tuple[Node, ...]

MODES = ("reduced", "complete", "r")


class qr_result(NamedTuple):
    """What `qr` gives."""

    Q: Node
    R: Node


class linalg_qr_result(NamedTuple):
    """What `linalg.qr` gives."""

    Q: Node
    R: Node


def _require(x: Node, *, mode: str) -> Shape:
    require_matrices(x, "qr")
    if mode not in MODES:
        raise DifftoolError(
            f"qr has no mode {mode!r}", kind="argument", hint=f"mode is one of {', '.join(MODES)}"
        )
    return x.shape[:-2]


def _shapes(shape: Shape, *, mode: str) -> tuple[Shape | None, Shape]:
    rows, columns = shape[-2:]
    inner = rows if mode == "complete" else min(rows, columns)
    return None if mode == "r" else (rows, inner), (inner, columns)


def _kernel(x: Array, *, mode: str) -> tuple[Any, Any]:
    if mode == "r":
        return None, np.linalg.qr(x, "r")
    q, r = np.linalg.qr(x, "complete" if mode == "complete" else "reduced")
    return q, r


def _require_differentiable(x: Node, mode: str) -> None:
    rows, columns = x.shape[-2:]
    if mode == "r":
        raise DifftoolError(
            "the derivative of qr needs Q, which mode='r' leaves out",
            kind="unsupported",
            hint="take linalg.qr(A).R, of mode='reduced'",
        )
    if mode == "complete" and rows > columns:
        raise DifftoolError(
            "a complete qr of a matrix with more rows than columns has no derivative",
            kind="unsupported",
            hint="take mode='reduced': the other columns of Q are any that complete a basis",
        )


def _of_square(q: Node, r: Node, product: Node, g: Node | None) -> Node:
    """(Q (T + T^T, its diagonal halved) + G) R^-T, where T is the upper triangle of `product`."""
    both = ops.triu(product) + matrix_transpose(ops.triu(product, diagonal=1))
    inner = ops.matmul(q, both)
    if g is not None:
        inner = inner + g
    result: Node = ops.solve_triangular(matrix_transpose(r), inner, upper=False, left=False)
    return result


def _from_q(g: Node, parts: Parts, x: Node, *, mode: str) -> Node:
    _require_differentiable(x, mode)
    q, r = parts
    rows, columns = x.shape[-2:]
    square = part(r, -1, 0, min(rows, columns))
    gradient = _of_square(q, square, -ops.matmul(matrix_transpose(q), g), g)
    if rows >= columns:
        return gradient
    return joined((gradient, zeros_for(g, (*x.shape[:-1], columns - rows))), -1)


def _from_r(g: Node, parts: Parts, x: Node, *, mode: str) -> Node:
    _require_differentiable(x, mode)
    q, r = parts
    rows, columns = x.shape[-2:]
    if rows >= columns:
        return _of_square(q, r, ops.matmul(g, matrix_transpose(r)), None)
    square, g_square = part(r, -1, 0, rows), part(g, -1, 0, rows)
    g_others = part(g, -1, rows, columns)
    # The others, R = Q^T A, pass a gradient to Q.
    of_q = ops.matmul(part(x, -1, rows, columns), matrix_transpose(g_others))
    product = ops.matmul(g_square, matrix_transpose(square))
    product = product - ops.matmul(matrix_transpose(q), of_q)
    return joined((_of_square(q, square, product, of_q), ops.matmul(q, g_others)), -1)


_qr = Several(
    "qr",
    _kernel,
    _require,
    _shapes,
    ((_from_q, _from_r),),
    grad_fn="LinalgQrBackward0",
    columns=(0, 1),
    scratch=in_lapack(1),
)


@composite(
    "linalg.qr(A, mode: str = 'reduced')",
    example="linalg.qr([[1., 2.], [3., 4.]]).R",
    checks=(
        Check("linalg.qr(x).Q", {"x": (3, 2)}),
        Check("linalg.qr(x).R", {"x": (2, 3)}),
        Check("q = linalg.qr(x); q.Q * q.R", {"x": (2, 2, 2)}),
        Check("linalg.qr(x, 'complete').Q", {"x": (2, 3)}),
    ),
)
def linalg_qr(A: Node, mode: str = "reduced") -> linalg_qr_result:
    """A = Q R with orthonormal columns in Q and an upper triangular R: (Q, R)."""
    return linalg_qr_result(*_qr(A, mode=mode))


@composite(
    "qr(input, some: bool = True)",
    example="qr([[1., 2.], [3., 4.]]).Q",
    checks=(Check("qr(x).Q * 2", {"x": (3, 2)}),),
)
def qr(input: Node, some: bool = True) -> qr_result:
    """A = Q R; some=False gives a square Q: (Q, R)."""
    return qr_result(*_qr(input, mode="reduced" if some else "complete"))
