"""Sums and means over the elements that are there: without NaN; and how many are not zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.graph.dtype import DType, int64, is_float
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.accumulation import Accumulation
from difftool.operations.declare import accumulator, kept, reduces
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import refuse_integer_gradient, require_float

Dims = tuple[int, ...] | None

_reduced = reduces()
_counted = reduces(lambda input: int64)


# ----- Sum and mean -----


def _nansum_type(input: Node, *, dtype: DType | None = None, **parameters: Any) -> Type:
    result = dtype or (input.dtype if is_float(input.dtype) else int64)
    refuse_integer_gradient(input, result, "nansum")
    shape, _, _, canonical = _reduced(input, **parameters)
    return Type(shape, result, None, {**(canonical or {}), "dtype": dtype})


def _nansum(x: Array, *, dim: Dims, keepdim: bool, dtype: DType | None) -> Any:
    if x.dtype.kind == "f":
        x = np.where(np.isnan(x), 0, x)
    result = dtype or (x.dtype if x.dtype.kind == "f" else int64)
    return np.sum(x, axis=dim, keepdims=keepdim, dtype=accumulator(result, x.shape, dim))


def _nansum_rule(
    g: Node, out: Node, x: Node, dim: Dims, keepdim: bool, dtype: DType | None
) -> Node:
    """That of the sum, for the elements that count."""
    there: Node = ops.logical_not(ops.isnan(x))
    return kept(g, x, dim, keepdim) * there


nansum = Operation(
    (
        "nansum(input, dim: Dims | None = None, keepdim: bool = False, *, "
        "dtype: DType | None = None)",
    ),
    _nansum,
    _nansum_type,
    (_nansum_rule,),
    batch=batch.reduction,
    axes=axes.reduction,
    accumulation=Accumulation(_nansum),
    scratch=lambda node: 1.125 if is_float(node.inputs[0].dtype) else 0,
    meaning="Sum of all elements that are not NaN, or over dim.",
    example="nansum([1., nan, 2.])",
    checks=(
        Check("nansum(x)", {"x": ()}),
        Check("nansum(x ^ 2, (0, 2), True)", {"x": (2, 3, 2)}),
        Check("nansum(where(x > 0, x ^ 2, nan), 1)", {"x": (2, 3)}, kinks=(0.0,)),
    ),
)


@composite(
    "nanmean(input, dim: Dims | None = None, keepdim: bool = False, *, "
    "dtype: DType | None = None)",
    example="nanmean([1., nan, 2.])",
    checks=(Check("nanmean(x ^ 2, 1)", {"x": (2, 3)}),),
)
def nanmean(
    input: Node,
    dim: int | tuple[int, ...] | None = None,
    keepdim: bool = False,
    dtype: DType | None = None,
) -> Node:
    """Mean of all elements that are not NaN, or over dim."""
    require_float(input, "nanmean")
    total: Node = ops.nansum(input, dim=dim, keepdim=keepdim, dtype=dtype)
    there = ops.logical_not(ops.isnan(ops.detach(input)))
    return total / ops.sum(there, dim=dim, keepdim=keepdim)


# ----- A count -----


def _count(x: Array, *, dim: Dims, keepdim: bool) -> Any:
    return np.count_nonzero(x, axis=dim)


count_nonzero = Operation(
    ("count_nonzero(input, dim: Dims | None = None)", "count_nonzero(input, *dim: int)"),
    _count,
    _counted,
    batch=batch.reduction,
    axes=axes.reduction,
    accumulation=Accumulation(_count),
    scratch=lambda node: 0.125,
    meaning="How many elements are not zero, of all or over dim.",
    example="count_nonzero([0, 1, 2])",
)
