"""What functions of square matrices share, for a matrix or a batch of them."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations.registry import Array, Check, Type, ops
from difftool.operations.shapes import require_float


def well_conditioned(call: str, *more: Check) -> tuple[Check, ...]:
    """Checks of a function of one well-conditioned matrix, `call` with {} for the matrix."""
    return (
        Check(call.format("x + 3 * eye(3)"), {"x": (3, 3)}),
        Check(call.format("x + 3 * eye(2)"), {"x": (2, 2, 2)}),
        *more,
    )


def require_square(function: str) -> Callable[[Node], None]:
    def require(x: Node) -> None:
        if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
            raise DifftoolError(
                f"{function} takes square matrices, not a tensor of shape {x.shape}",
                kind="shape",
                hint="the last two dimensions must be equal",
            )
        require_float(x, function)

    return require


def number_of_each(function: str) -> Callable[..., Type]:
    """The type rule of a function that gives one number for each matrix."""
    require = require_square(function)

    def infer(x: Node) -> Type:
        require(x)
        return Type(x.shape[:-2], x.dtype)

    return infer


def matrix_of_each(function: str) -> Callable[..., Type]:
    """The type rule of a function that gives a matrix of the same size for each matrix."""
    require = require_square(function)

    def infer(x: Node, **parameters: Any) -> Type:
        require(x)
        return Type(x.shape, x.dtype)

    return infer


def column_major(node: Node, *steps: Strides) -> Strides:
    """LAPACK's results stand column by column."""
    shape = (*node.shape[:-2], node.shape[-1], node.shape[-2])
    result = layout.contiguous(shape)
    return (*result[:-2], result[-1], result[-2])


def in_lapack(copies: float, before: float = 0) -> Callable[[Node], float]:
    """The scratch of LAPACK, which works in `copies` of one matrix of a batch after the other.

    Args:
        before: how many arrays of the whole batch there are besides.
    """

    def scratch(node: Node) -> float:
        batch = max(prod(node.inputs[0].shape[:-2]), 1)
        return before + copies / batch

    return scratch


def wide_enough(x: Array) -> Array:
    """NumPy's linear algebra has no float16."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def matrix_transpose(x: Node) -> Node:
    return ops.transpose(x, dim0=-2, dim1=-1)


def over_matrices(g: Node) -> Node:
    """A number for each matrix, ready to multiply the matrices."""
    return ops.unsqueeze(ops.unsqueeze(g, dim=-1), dim=-1)
