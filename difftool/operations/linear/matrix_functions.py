"""The exponential of matrices, and inverses and solutions for tensors read as matrices.

The exponential: the Pade approximant of order 13 after scaling, squared back (N. J. Higham, "The
scaling and squaring method for the matrix exponential revisited", 2005). Its derivative along E at
A is the upper right block of the exponential of [[A, E], [0, A]] (A. H. Al-Mohy and N. J. Higham,
"Computing the Frechet derivative of the matrix exponential", 2009), and so on for derivatives along
several directions (N. J. Higham and S. D. Relton, "Higher order Frechet derivatives of matrix
functions and the level-2 condition number", 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.linear.matrices import matrix_of_each, matrix_transpose, wide_enough
from difftool.operations.registry import Array, Check, Operation, Rule, Type, composite, ops
from difftool.operations.shapes import distinct_dims

# Coefficients of the approximant and the norm up to which it is exact to rounding, in Higham's
# tables 2.3 and (2.16).
_PADE = (
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
)
_LARGEST_NORM = 5.371920351148152


def _exponential(x: Array) -> Any:
    x = wide_enough(x)
    if x.size == 0:
        return x.copy()
    norm = np.max(np.sum(np.abs(x), -2), -1)
    ratio = np.where(np.isfinite(norm), norm, 1) / _LARGEST_NORM
    squarings = np.ceil(np.log2(np.maximum(ratio, 1))).astype(int)[..., None, None]
    a = x * np.ldexp(np.ones((), x.dtype), -squarings)
    identity = np.eye(x.shape[-1], dtype=x.dtype)
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a2 @ a4
    b = [x.dtype.type(each) for each in _PADE]
    odd = a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2)
    odd = a @ (odd + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * identity)
    even = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2)
    even = even + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * identity
    result = np.linalg.solve(even - odd, even + odd)
    with np.errstate(over="ignore", invalid="ignore"):
        for done in range(int(squarings.max())):
            result = np.where(done < squarings, result @ result, result)
    return result


def _derivative_kernel(x: Array, *directions: Array) -> Any:
    """The matrix doubles with each direction, which stands right of the diagonal blocks."""
    outer = np.broadcast_shapes(*[each.shape for each in (x, *directions)])
    whole = np.broadcast_to(x, outer)
    size = outer[-1]
    for done, direction in enumerate(directions):
        repeated = np.kron(np.eye(2**done, dtype=x.dtype), direction)
        repeated = np.broadcast_to(repeated, whole.shape)
        above = np.concatenate((whole, repeated), -1)
        below = np.concatenate((np.zeros_like(whole), whole), -1)
        whole = np.concatenate((above, below), -2)
    return _exponential(whole)[..., :size, -size:]


def _derivative_rule(position: int) -> Rule:
    """The derivative is symmetric in its directions, and its adjoint is that at A^T along G."""

    def rule(g: Node, out: Node, x: Node, *directions: Node) -> Node:
        others = [
            matrix_transpose(each)
            for place, each in enumerate(directions, start=1)
            if place != position
        ]
        return _derivative(matrix_transpose(x), *others, g)

    return rule


_derivative = Operation(
    ("matrix_exp_derivative(input, directions: Tensors)",),
    _derivative_kernel,
    lambda x, *directions: Type(x.shape, x.dtype),
    _derivative_rule,
    scratch=lambda node: 12.0 * 4 ** (len(node.inputs) - 1),
    batch=batch.from_the_right,
    axes=axes.matrices,
    meaning="",
    example="",
)

matrix_exp = Operation(
    ("matrix_exp(input)",),
    _exponential,
    matrix_of_each("matrix_exp"),
    (lambda g, out, x: _derivative(matrix_transpose(x), g),),
    grad_fn="LinalgMatrixExpBackward0",
    scratch=8,
    batch=batch.from_the_right,
    axes=axes.matrices,
    checks=(
        Check("matrix_exp(x)", {"x": (3, 3)}),
        Check("matrix_exp(4 * x)", {"x": (2, 2, 2)}),
    ),
    meaning="The exponential of square matrices: the sum of A^k / k! over all k.",
    example="matrix_exp([[0., 1.], [0., 0.]])",
    latex=r"\exp\left({}\right)",
)


# ----- Tensors as matrices -----


def _require_even(function: str, x: Node, places: int) -> None:
    before, after = prod(x.shape[:places]), prod(x.shape[places:])
    if before != after:
        raise DifftoolError(
            f"{function}: a tensor of shape {x.shape} is no square matrix, but {before} by {after}",
            kind="shape",
            hint="the products of the sizes before and behind must be equal",
        )


@composite(
    "linalg.tensorinv(input, ind: int = 2)",
    example="linalg.tensorinv(eye(4).reshape(4, 2, 2), 1)",
    aliases=("tensorinv",),
    checks=(Check("linalg.tensorinv(reshape(x + 3 * eye(4), (2, 2, 4)))", {"x": (4, 4)}),),
)
def linalg_tensorinv(input: Node, ind: int = 2) -> Node:
    """The inverse of a tensor as a map from its dimensions behind ind to those before."""
    if ind < 1:
        raise DifftoolError(
            f"tensorinv takes a positive number of dimensions as ind, not {ind}",
            kind="argument",
            hint="that many dimensions are the rows of the matrix",
        )
    _require_even("tensorinv", input, ind)
    rows, columns = input.shape[:ind], input.shape[ind:]
    inverse = ops.inv(ops.reshape(input, (prod(rows), prod(columns))))
    result: Node = ops.reshape(inverse, (*columns, *rows))
    return result


@composite(
    "linalg.tensorsolve(input, other, dims: Size | None = None)",
    example="linalg.tensorsolve(eye(4).reshape(2, 2, 4), ones(2, 2))",
    aliases=("tensorsolve",),
    checks=(
        Check(
            "linalg.tensorsolve(reshape(x + 3 * eye(4), (2, 2, 4)), y)", {"x": (4, 4), "y": (2, 2)}
        ),
    ),
)
def linalg_tensorsolve(input: Node, other: Node, dims: Sequence[int] | None = None) -> Node:
    """X for which the product of input and X, summed over X's dimensions, is other."""
    if dims is not None:
        moved = distinct_dims(dims, input.ndim)
        order = [axis for axis in range(input.ndim) if axis not in moved]
        input = ops.permute(input, dims=(*order, *moved))
    shape = input.shape[other.ndim :]
    _require_even("tensorsolve", input, other.ndim)
    matrix = ops.reshape(input, (other.size, prod(shape)))
    result: Node = ops.reshape(ops.solve(matrix, ops.flatten(other)), shape)
    return result
