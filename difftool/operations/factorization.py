"""Determinants, inverses, linear systems and the Cholesky factor, for batches of matrices.

The derivative of a determinant is the matrix of cofactors, which exists for singular matrices
too; it is computed through the singular value decomposition. Other formulas: M. B. Giles, "An
extended collection of matrix derivative results" (2008), and I. Murray, "Differentiation of the
Cholesky decomposition" (arXiv:1602.07527).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node, Shape
from difftool.operations.registry import Array, Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import broadcast, dtype_name, require_float


def _checks(call: str, *more: Check) -> tuple[Check, ...]:
    """Checks of a function of one well-conditioned matrix, `call` with {} for the matrix."""
    return (
        Check(call.format("x + 3 * eye(3)"), {"x": (3, 3)}),
        Check(call.format("x + 3 * eye(2)"), {"x": (2, 2, 2)}),
        *more,
    )


def _square(function: str) -> Callable[[Node], None]:
    def require(x: Node) -> None:
        if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
            raise DifftoolError(
                f"{function} takes square matrices, not a tensor of shape {x.shape}",
                kind="shape",
                hint="the last two dimensions must be equal",
            )
        require_float(x, function)

    return require


def _number_of_each(function: str) -> Callable[..., Type]:
    """The type rule of a function that gives one number for each matrix."""
    require = _square(function)

    def infer(x: Node) -> Type:
        require(x)
        return Type(x.shape[:-2], x.dtype)

    return infer


def _matrix_of_each(function: str) -> Callable[..., Type]:
    """The type rule of a function that gives a matrix of the same size for each matrix."""
    require = _square(function)

    def infer(x: Node, **parameters: Any) -> Type:
        require(x)
        return Type(x.shape, x.dtype)

    return infer


def _column_major(node: Node, *steps: Strides) -> Strides:
    """LAPACK's results stand column by column."""
    shape = (*node.shape[:-2], node.shape[-1], node.shape[-2])
    result = layout.contiguous(shape)
    return (*result[:-2], result[-1], result[-2])


def _wide_enough(x: Array) -> Array:
    """NumPy's linear algebra has no float16."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def _mT(x: Node) -> Node:
    return ops.transpose(x, dim0=-2, dim1=-1)


def _over_matrices(g: Node) -> Node:
    """A number for each matrix, ready to multiply the matrices."""
    return ops.unsqueeze(ops.unsqueeze(g, dim=-1), dim=-1)


def _inner(x: Node, y: Node) -> Node:
    """The sum of the products of two matrices' elements, for each pair of a batch."""
    return ops.sum(x * y, dim=(-2, -1))


# ----- Determinants -----


def _cofactor_kernel(x: Array) -> Any:
    """U diag(product of the other singular values) V^T, times the signs of U and V."""
    left, values, right = np.linalg.svd(x)
    return (left * (_sign(left, right) * _products_of_others(values))[..., None, :]) @ right


def _sign(left: Array, right: Array) -> Any:
    return (np.linalg.det(left) * np.linalg.det(right))[..., None]


def _products_of_others(values: Array) -> Any:
    """For each entry of the last dimension the product of the others, without division."""
    before = np.cumprod(values, -1)
    after = np.flip(np.cumprod(np.flip(values, -1), -1), -1)
    ones = np.ones_like(values[..., :1])
    return np.concatenate((ones, before[..., :-1]), -1) * np.concatenate(
        (after[..., 1:], ones), -1
    )


def _cofactor_derivative_kernel(x: Array, h: Array) -> Any:
    """The derivative of the cofactors along `h`, by products of all but two singular values."""
    left, values, right = np.linalg.svd(x)
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
    trace_h, trace_g = _inner(_mT(inverse), h), _inner(_mT(inverse), g)
    both = trace_h * trace_g - _inner(_mT(bh), bg)
    bhb, bgb = ops.matmul(bh, inverse), ops.matmul(bg, inverse)
    mixed = ops.matmul(bh, bgb) + ops.matmul(bg, bhb)
    parts = inverse * _over_matrices(both) - bhb * _over_matrices(trace_g)
    parts = parts - bgb * _over_matrices(trace_h) + mixed
    return _mT(parts) * _over_matrices(ops.det(x))


det = Operation(
    ("det(input)",),
    lambda x: np.linalg.det(_wide_enough(x)),
    _number_of_each("det"),
    (lambda g, out, x: _over_matrices(g) * ops.cofactor(x),),
    grad_fn="LinalgDetBackward0",
    checks=_checks("det({})", Check("det(x)", {"x": (1, 1)})),
    meaning="Determinant of square matrices.",
    example="det([[2, 0], [0, 3]])",
    latex=r"\det\left({}\right)",
)

cofactor = Operation(
    ("cofactor(input)",),
    lambda x: _cofactor_kernel(_wide_enough(x)),
    _matrix_of_each("cofactor"),
    (lambda g, out, x: ops.cofactor_derivative(x, g),),
    checks=_checks("cofactor({})"),
    meaning="Matrix of cofactors, the derivative of the determinant.",
    example="cofactor([[2, 0], [0, 3]])",
    latex=r"\operatorname{{cof}}\left({}\right)",
)


def _cofactor_derivative_type(x: Node, h: Node) -> Type:
    _square("cofactor_derivative")(x)
    return Type(x.shape, x.dtype)


cofactor_derivative = Operation(
    ("cofactor_derivative(input, direction)",),
    lambda x, h: _cofactor_derivative_kernel(_wide_enough(x), _wide_enough(h)),
    _cofactor_derivative_type,
    # It is the second derivative of the determinant along h, so symmetric in h and g.
    (_third_derivative, lambda g, out, x, h: ops.cofactor_derivative(x, g)),
    checks=(
        Check("cofactor_derivative(x + 3 * eye(3), y)", {"x": (3, 3), "y": (3, 3)}),
        Check("cofactor_derivative(x + 3 * eye(2), y)", {"x": (2, 2), "y": (2, 2)}),
    ),
    meaning="Derivative of the matrix of cofactors along a direction.",
    example="cofactor_derivative([[2, 0], [0, 3]], eye(2))",
)


class slogdet_result(NamedTuple):
    """What `slogdet` gives."""

    sign: Node
    logabsdet: Node


slogdet_sign = Operation(
    ("slogdet_sign(input)",),
    lambda x: np.linalg.slogdet(_wide_enough(x))[0],
    _number_of_each("slogdet"),
    (lambda g, out, x: constant(0.0, g.dtype),),
    grad_fn="LinalgSlogdetBackward0",
    checks=_checks("slogdet_sign({})"),
    meaning="Sign of the determinant; its gradient is zero.",
    example="slogdet_sign([[0, 1], [1, 0]])",
)

slogdet_logabsdet = Operation(
    ("slogdet_logabsdet(input)",),
    lambda x: np.linalg.slogdet(_wide_enough(x))[1],
    _number_of_each("slogdet"),
    (lambda g, out, x: _over_matrices(g) * _mT(ops.inv(x)),),
    grad_fn="LinalgSlogdetBackward0",
    checks=_checks("slogdet_logabsdet({})"),
    meaning="Logarithm of the determinant's absolute value.",
    example="slogdet_logabsdet([[2, 0], [0, 3]])",
    latex=r"\log\left|\det\left({}\right)\right|",
)


@composite("slogdet(input)", example="slogdet([[2, 0], [0, 3]]).logabsdet")
def slogdet(input: Node) -> slogdet_result:
    """Sign of the determinant and logarithm of its absolute value: (sign, logabsdet)."""
    return slogdet_result(slogdet_sign(input), slogdet_logabsdet(input))


@composite("logdet(input)", example="logdet([[2, 0], [0, 3]])", checks=_checks("logdet({})"))
def logdet(input: Node) -> Node:
    """Logarithm of the determinant; NaN where it is negative."""
    sign, logarithm = slogdet(input)
    negative = ops.eq(ops.detach(sign), -1.0)
    return ops.where(negative, constant(float("nan"), input.dtype), logarithm)


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
    return _or_singular("inv", lambda: np.linalg.inv(_wide_enough(x)))


inv = Operation(
    ("inv(A)",),
    _inverse_kernel,
    _matrix_of_each("inv"),
    (lambda g, out, x: -ops.matmul(ops.matmul(_mT(out), g), _mT(out)),),
    grad_fn="LinalgInvExBackward0",
    layout=_column_major,
    aliases=("inverse",),
    checks=_checks("inv({})"),
    meaning="Inverse of square matrices.",
    example="inv([[2, 0], [0, 4]])",
    latex="{}^{{-1}}",
)


def _is_vector(a: Shape, b: Shape) -> bool:
    """Whether the right side of a system is one vector for each matrix, as PyTorch decides it."""
    return len(b) == 1 or (len(b) == len(a) - 1 and b == a[:-1])


def _solve_type(a: Node, b: Node, *, left: bool = True) -> Type:
    _square("solve")(a)
    if a.dtype != b.dtype:
        raise DifftoolError(
            f"solve needs one dtype, not {dtype_name(a.dtype)} and {dtype_name(b.dtype)}",
            kind="dtype",
            hint="convert one with .double() or .float()",
        )
    vector = _is_vector(a.shape, b.shape)
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
    a, b = _wide_enough(a), _wide_enough(b)
    if not left:
        turned = _solve_kernel(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2), left=True)
        return np.swapaxes(turned, -1, -2)
    if _is_vector(a.shape, b.shape):
        columns = _or_singular("solve", lambda: np.linalg.solve(a, b[..., None]))
        return columns[..., 0]
    return _or_singular("solve", lambda: np.linalg.solve(a, b))


def _summed_to(node: Node, shape: Shape) -> Node:
    """Sum a gradient over the batch dimensions that `shape` was broadcast along."""
    missing = node.ndim - len(shape)
    dims = [axis for axis in range(missing)]
    dims += [
        axis + missing
        for axis, length in enumerate(shape)
        if length == 1 and node.shape[axis + missing] != 1
    ]
    if dims:
        node = ops.sum(node, dim=tuple(dims), keepdim=True)
    return ops.reshape(node, shape) if node.shape != shape else node


def _solve_left(g: Node, out: Node, a: Node, b: Node, *, left: bool) -> Node:
    """-W X^T for A X = B, and -X^T W for X A = B, where W is the gradient of B."""
    adjoint = ops.solve(_mT(a), g, left=left)
    if _is_vector(a.shape, b.shape):
        product = ops.unsqueeze(adjoint, dim=-1) * ops.unsqueeze(out, dim=-2)
    elif left:
        product = ops.matmul(adjoint, _mT(out))
    else:
        product = ops.matmul(_mT(out), adjoint)
    return _summed_to(-product, a.shape)


def _solve_right(g: Node, out: Node, a: Node, b: Node, *, left: bool) -> Node:
    return _summed_to(ops.solve(_mT(a), g, left=left), b.shape)


def _solve_layout(node: Node, *steps: Strides) -> Strides:
    vector = _is_vector(node.inputs[0].shape, node.inputs[1].shape)
    return layout.contiguous(node.shape) if vector else _column_major(node)


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
    meaning="The solution X of A X = B, or of X A = B with left=False.",
    example="solve([[2, 0], [0, 4]], [2, 4])",
    latex="{}^{{-1}} {}",
)


# ----- The Cholesky factor -----


def _cholesky_kernel(x: Array, *, upper: bool) -> Any:
    """LAPACK reads one triangle only: the one that is asked for."""
    x = _wide_enough(x)
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
    lower, g = (_mT(out), _mT(g)) if upper else (out, g)
    product = ops.matmul(_mT(lower), g)
    halved = (ops.tril(product) + ops.tril(product, diagonal=-1)) * 0.5
    inner = ops.solve(_mT(lower), halved)
    both = ops.solve(lower, inner, left=False)
    return (both + _mT(both)) * 0.5


def _cholesky_type(x: Node, *, upper: bool = False) -> Type:
    _square("cholesky")(x)
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
        layout=_column_major,
        checks=(
            Check(f"{name}(x @ x.mT + 3 * eye(3))", {"x": (3, 3)}),
            Check(f"{name}(x @ x.mT + 3 * eye(2), upper=True)", {"x": (2, 2, 2)}),
        ),
        meaning="The triangular L with L L^T = A, for positive-definite A.",
        example=f"{name}([[4, 2], [2, 5]])",
        latex=r"\operatorname{{chol}}\left({}\right)",
    )


cholesky = _cholesky("cholesky(input, upper: bool = False)", "CholeskyBackward0")
linalg_cholesky = _cholesky(
    "linalg.cholesky(A, *, upper: bool = False)", "LinalgCholeskyExBackward0"
)
