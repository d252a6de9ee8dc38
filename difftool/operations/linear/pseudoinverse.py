"""The pseudoinverse and the rank of matrices, for batches too: both by singular values.

A singular value counts as zero up to the larger of `atol` and `rtol` times the largest one.
Gradient: G. H. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least
squares problems whose variables separate" (1973), which holds while the rank stays the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64
from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.batch import from_the_right
from difftool.operations.linear.matrices import (
    in_lapack,
    matrix_transpose,
    require_matrices,
    require_square,
)
from difftool.operations.linear.singular_value_kernel import decomposed
from difftool.operations.registry import (
    Array,
    Check,
    Operation,
    Type,
    composite,
    constant,
    number_of,
    ops,
)
from difftool.operations.shapes import broadcast


def _tolerances(
    function: str, x: Node, atol: Node | None, rtol: Node | None, hermitian: bool
) -> tuple[Node, Node]:
    """Both tolerances; without rtol it is 0 where atol is given and positive, else as small as
    rounding allows."""
    require_matrices(x, function)
    if hermitian:
        require_square(function)(x)
    for name, given in (("atol", atol), ("rtol", rtol)):
        if given is not None and given.requires_grad:
            raise DifftoolError(
                f"{function} is not differentiable by {name}",
                kind="unsupported",
                hint="detach() the tolerance, or leave it out of --wrt",
            )
    rounding = max(x.shape[-2:]) * float(np.finfo(x.dtype.name).eps)
    if rtol is None:
        number = None if atol is None else number_of(atol)
        if atol is None or number is not None:
            rtol = constant(0.0 if number is not None and number > 0 else rounding, x.dtype)
        else:
            rtol = ops.where(ops.gt(atol, 0.0), 0.0, rounding)
    return (constant(0.0, x.dtype) if atol is None else atol), rtol


def _kept(values: Array, atol: Array, rtol: Array) -> Any:
    """Which of the absolute values in the last dimension count as more than zero."""
    largest = np.max(values, -1, keepdims=True, initial=0)
    return values > np.maximum(atol[..., None], rtol[..., None] * largest)


def _tolerance_axes(node: Node) -> axes.Axes:
    """Whole matrices; tolerances of the batch's shape are cut with it."""
    x, *tolerances = node.inputs
    outer = tuple(range(x.ndim - 2))

    def labels(tolerance: Node) -> axes.Labels:
        same = tolerance.shape == x.shape[:-2]
        return outer if same else (None,) * tolerance.ndim

    result = (*outer, *(None,) * (node.ndim - len(outer)))
    if node.shape[: len(outer)] != x.shape[:-2]:
        return axes.opaque(node)
    return axes.Axes(result, ((*outer, None, None), *[labels(one) for one in tolerances]))


# ----- The pseudoinverse -----


def _kernel(x: Array, atol: Array, rtol: Array, *, hermitian: bool) -> Any:
    if 0 in x.shape[-2:]:
        return np.zeros((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype)
    if hermitian:
        values, left = np.linalg.eigh(x)
        right = np.swapaxes(left, -1, -2)
    else:
        left, values, right = decomposed(x)
    kept = _kept(np.abs(values), atol, rtol)
    inverse = np.where(kept, 1 / np.where(kept, values, 1), 0)
    turned = np.swapaxes(right, -1, -2) * inverse[..., None, :]
    return (turned @ np.swapaxes(left, -1, -2)).astype(x.dtype)


def _type(x: Node, atol: Node, rtol: Node, *, hermitian: bool) -> Type:
    outer = broadcast(x.shape[:-2], atol.shape, rtol.shape)
    return Type((*outer, x.shape[-1], x.shape[-2]), x.dtype)


def gradient_of_pseudoinverse(g: Node, inverse: Node, x: Node) -> Node:
    """-P^T G P^T + (I - A P) G^T P P^T + P^T P G^T (I - P A), for P the pseudoinverse of A."""
    turned, g_turned = matrix_transpose(inverse), matrix_transpose(g)
    gradient = -ops.matmul(ops.matmul(turned, g), turned)
    inner = ops.matmul(ops.matmul(g_turned, inverse), turned)
    gradient = gradient + inner - ops.matmul(x, ops.matmul(inverse, inner))
    inner = ops.matmul(turned, ops.matmul(inverse, g_turned))
    return gradient + inner - ops.matmul(ops.matmul(inner, inverse), x)


def _rule(
    g: Node, out: Node, x: Node, atol: Node, rtol: Node, *, hermitian: bool
) -> Node:
    return gradient_of_pseudoinverse(g, out, x)


_pinv = Operation(
    ("pinv(input)",),
    _kernel,
    _type,
    (_rule, None, None),
    grad_fn="LinalgPinvBackward0",
    batch=from_the_right,
    axes=_tolerance_axes,
    scratch=in_lapack(2.5, before=4),
    meaning="",
    example="",
    latex="{}^{{+}}",
)


@composite(
    "pinv(input, *, atol: Tensor | None = None, rtol: Tensor | None = None, "
    "hermitian: bool = False)",
    "pinv(input, rcond: Tensor, hermitian: bool = False)",
    example="pinv([[2., 0.], [0., 4.], [0., 0.]])",
    checks=(
        Check("pinv(x)", {"x": (3, 2)}),
        Check("pinv(x)", {"x": (2, 2, 3)}),
        Check("pinv(x[:, None] * y)", {"x": (3,), "y": (2,)}, (0.5, 2.0)),
        Check("pinv(x + x.T + 6 * eye(2), hermitian=True)", {"x": (2, 2)}),
    ),
)
def pinv(
    input: Node,
    rcond: Node | None = None,
    hermitian: bool = False,
    atol: Node | None = None,
    rtol: Node | None = None,
) -> Node:
    """The pseudoinverse of matrices: the inverse by singular values that are not too small."""
    if rcond is not None:
        rtol = rcond
    return _pinv(input, *_tolerances("pinv", input, atol, rtol, hermitian), hermitian=hermitian)


@composite(
    "pinverse(input, rcond: float = 1e-15)",
    example="pinverse([[2., 0.], [0., 4.], [0., 0.]])",
    checks=(Check("pinverse(x)", {"x": (2, 3)}),),
)
def pinverse(input: Node, rcond: float = 1e-15) -> Node:
    """The pseudoinverse; singular values up to rcond times the largest count as zero."""
    inverse: Node = pinv(input, rcond=constant(rcond, input.dtype))
    return inverse


# ----- The rank -----


def _rank_kernel(x: Array, atol: Array, rtol: Array, *, hermitian: bool) -> Any:
    if 0 in x.shape[-2:]:
        return np.zeros(x.shape[:-2], np.int64)
    values = np.abs(np.linalg.eigvalsh(x)) if hermitian else np.linalg.svd(x, compute_uv=False)
    return np.count_nonzero(_kept(values, atol, rtol), axis=-1)


_rank = Operation(
    ("matrix_rank(input)",),
    _rank_kernel,
    lambda x, atol, rtol, *, hermitian: Type(
        broadcast(x.shape[:-2], atol.shape, rtol.shape), int64
    ),
    batch=from_the_right,
    axes=_tolerance_axes,
    scratch=in_lapack(3, before=1),
    meaning="",
    example="",
)


@composite(
    "linalg.matrix_rank(input, *, atol: Tensor | None = None, rtol: Tensor | None = None, "
    "hermitian: bool = False)",
    "linalg.matrix_rank(input, tol: Tensor, hermitian: bool = False)",
    example="linalg.matrix_rank([[1., 1.], [1., 1.]])",
)
def linalg_matrix_rank(
    input: Node,
    tol: Node | None = None,
    hermitian: bool = False,
    atol: Node | None = None,
    rtol: Node | None = None,
) -> Node:
    """The number of singular values that are not too small."""
    if tol is not None:
        atol, rtol = tol, constant(0.0, input.dtype)
    tolerances = _tolerances("matrix_rank", input, atol, rtol, hermitian)
    return _rank(input, *tolerances, hermitian=hermitian)
