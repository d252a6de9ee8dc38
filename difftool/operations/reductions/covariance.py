"""Covariance and correlation of variables, which are the rows of a matrix of observations."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean, int64, is_float
from difftool.graph.node import Node
from difftool.operations import with_number
from difftool.operations.declare import elementwise, promoted
from difftool.operations.registry import Array, Check, composite, constant, ops
from difftool.operations.shapes import dtype_name


def _free(total: Array, taken: Array) -> Any:
    """Degrees of freedom: never less than none."""
    return np.maximum(np.subtract(total, taken), 0)


_freedom = elementwise(
    "freedom(total, taken)",
    _free,
    (
        lambda g, out, total, taken: g * ops.gt(out, 0),
        lambda g, out, total, taken: -g * ops.gt(out, 0),
    ),
    infer=promoted,
    grad_fn="SubBackward0",
    checks=(),
    scratch=1,
    meaning="",
    example="",
)


def _require_weights(weights: Node, count: int, name: str, floating: bool) -> None:
    if weights.ndim > 1 or weights.size != count:
        raise DifftoolError(
            f"cov takes {count} {name}, not a tensor of shape {weights.shape}",
            kind="shape",
            hint="give one for each observation, a column of input",
        )
    if weights.dtype == boolean or is_float(weights.dtype) != floating:
        raise DifftoolError(
            f"{name} of cov are {'no ' if floating else ''}whole numbers, "
            f"not {dtype_name(weights.dtype)}",
            kind="dtype",
            hint="convert them with " + (".double()" if floating else ".long()"),
        )


@composite(
    "cov(input, *, correction: int = 1, fweights: IndexTensor | None = None, "
    "aweights: Tensor | None = None)",
    example="cov([[1., 2., 4.], [3., 1., 1.]])",
    checks=(
        Check("cov(x)", {"x": (2, 4)}),
        Check("cov(x, correction=0, fweights=tensor([1, 2, 1]))", {"x": (2, 3)}),
        Check("cov(x, aweights=y)", {"x": (2, 3), "y": (3,)}, domain=(0.5, 2.0)),
    ),
)
def cov(
    input: Node,
    correction: int = 1,
    fweights: Node | None = None,
    aweights: Node | None = None,
) -> Node:
    """The covariance matrix of the variables in the rows of input, with weights of columns."""
    if input.ndim > 2 or input.dtype == boolean:
        raise DifftoolError(
            f"cov takes numbers in at most two dimensions, not {dtype_name(input.dtype)} "
            f"of shape {input.shape}",
            kind="shape" if input.ndim > 2 else "dtype",
            hint="a row for each variable, a column for each observation",
        )
    rows = input if input.ndim == 2 else ops.view(input, shape=(1, -1))
    count = rows.shape[1]
    weights = None
    if fweights is not None:
        _require_weights(fweights, count, "fweights", floating=False)
        weights = fweights
    if aweights is not None:
        _require_weights(aweights, count, "aweights", floating=True)
        weights = aweights if weights is None else weights * aweights
    total = constant(np.array(count, int64)) if weights is None else ops.sum(weights)
    mean = ops.sum(rows if weights is None else rows * weights, dim=1) / total
    if weights is None:
        free: Node = constant(np.array(max(count - correction, 0), int64))
    elif correction == 0:
        free = total
    elif aweights is None:
        free = _freedom(total, constant(correction))
    else:
        taken = with_number.times(ops.sum(weights * aweights), correction) / total
        free = _freedom(total, taken)
    rows = rows - ops.unsqueeze(mean, dim=1)
    weighted = rows if weights is None else rows * weights
    products = ops.mm(rows, ops.t(weighted))
    matrix: Node = ops.squeeze(products / free)
    return matrix


@composite(
    "corrcoef(input)",
    example="corrcoef([[1., 2., 4.], [3., 1., 1.]])",
    checks=(Check("corrcoef(x)", {"x": (2, 4)}),),
)
def corrcoef(input: Node) -> Node:
    """The correlation matrix of the variables in the rows of input."""
    matrix: Node = ops.cov(input)
    if matrix.ndim == 0:
        return matrix / matrix
    deviation = ops.sqrt(ops.diagonal(matrix))
    matrix = matrix / ops.view(deviation, shape=(-1, 1))
    matrix = matrix / ops.view(deviation, shape=(1, -1))
    clamped: Node = ops.clamp(matrix, min=-1, max=1)
    return clamped
