"""The condition number of matrices: how much an inverse can magnify errors."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.node import Node, Number
from difftool.operations.declare import elementwise, same
from difftool.operations.linear.matrices import over_matrices, require_matrices, require_square
from difftool.operations.registry import Check, composite, ops

# Infinity times zero is infinity here, as in NumPy.
_without_nan = elementwise(
    "nan_to_num(input)",
    lambda x: np.where(np.isnan(x), inf, x),
    (lambda g, out, x: ops.where(ops.logical_or(ops.ne(x, x), ops.eq(ops.abs(x), inf)), 0, g),),
    infer=same,
    grad_fn="NanToNumBackward0",
    checks=(),
    meaning="",
    example="",
)


@composite(
    "linalg.cond(input, p: Number | None = None)",
    "linalg.cond(input, p: str)",
    example="linalg.cond([[2., 0.], [0., 4.]])",
    checks=(
        Check("linalg.cond(x)", {"x": (3, 2)}),
        Check("linalg.cond(x + 3 * eye(2), -2)", {"x": (2, 2, 2)}),
        Check("linalg.cond(x + 3 * eye(2), 'fro')", {"x": (2, 2)}),
        Check("linalg.cond(x + 3 * eye(2), 'nuc')", {"x": (2, 2)}),
        Check("linalg.cond(x + 3 * eye(2), inf)", {"x": (2, 2)}),
    ),
)
def linalg_cond(input: Node, p: Number | str | None = None) -> Node:
    """The norm p of matrices times that of their inverses; 2 and -2 are for any shape."""
    require_matrices(input, "cond")
    if p not in (None, 2, -2, 1, -1, inf, -inf, "fro", "nuc"):
        raise DifftoolError(
            f"there is no condition number by a norm {p!r}",
            kind="argument",
            hint="p is one of None, 2, -2, 1, -1, inf, -inf, 'fro', 'nuc'",
        )
    result: Node
    if 0 in input.shape:
        result = ops.zeros(input.shape[:-2], dtype=input.dtype)
        return result
    if p in (None, 2, -2):
        values = ops.svdvals(input)
        largest = ops.slice(values, dim=-1, start=0, end=1)
        smallest = ops.slice(values, dim=-1, start=values.shape[-1] - 1, end=values.shape[-1])
        ratio = smallest / largest if p == -2 else largest / smallest
        result = ops.squeeze(ratio, dim=-1)
        return result
    require_square("cond")(input)
    if p == "nuc":
        values = ops.svdvals(input)
        return ops.sum(values, dim=-1) * ops.sum(ops.reciprocal(values), dim=-1)
    inverse, info = _inverse_ex(input)
    inverse = ops.masked_fill(inverse, over_matrices(ops.gt(info, 0)), inf)
    product = ops.matrix_norm(input, p) * ops.matrix_norm(inverse, p)
    return _without_nan(product)


def _inverse_ex(x: Node) -> Any:
    return ops.inv_ex(x)
