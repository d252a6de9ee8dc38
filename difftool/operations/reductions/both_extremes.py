"""Both extremes of a tensor at once: `aminmax`, whose results share one backward function.

Each of them alone is in `extremes`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.declare import kept
from difftool.operations.reductions import picking
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import reduced_shape


class aminmax_result(NamedTuple):
    """The pair that `aminmax` gives."""

    min: Node
    max: Node


def _either_extreme_type(
    input: Node, *, dim: int | None, keepdim: bool, largest: bool
) -> Type:
    if dim is None:
        dims = tuple(range(input.ndim))
        shape = reduced_shape(input.shape, dims, keepdim)
    else:
        shape, dim = picking.along(input, dim, keepdim)
        dims = (dim,)
    for one in dims:
        picking.require_elements("aminmax", input, one)
    return Type(shape, input.dtype, None, {"dim": dim, "keepdim": keepdim, "largest": largest})


def _either_extreme(x: Array, *, dim: int | None, keepdim: bool, largest: bool) -> Any:
    return (np.max if largest else np.min)(x, axis=dim if x.ndim else None, keepdims=keepdim)


def _either_extreme_rule(
    g: Node, out: Node, x: Node, dim: int | None, keepdim: bool, largest: bool
) -> Node:
    """Ties share evenly."""
    dims = None if dim is None else (dim,)
    chosen: Node = ops.eq(x, kept(out, x, dims, keepdim))
    count: Node = ops.sum(chosen, dim=dims, keepdim=True)
    return (kept(g, x, dims, keepdim) / count) * chosen


_aminmax = Operation(
    ("aminmax(input)",),
    _either_extreme,
    _either_extreme_type,
    (_either_extreme_rule,),
    batch=batch.along,
    axes=axes.whole_reduction,
    joint=True,
    meaning="",
    example="",
)


@composite(
    "aminmax(input, *, dim: int | None = None, keepdim: bool = False)",
    example="aminmax([3, 1, 2])",
    checks=(
        Check("aminmax(x)[0] * aminmax(x)[1]", {"x": (2, 3)}),
        Check("aminmax(x, dim=1, keepdim=True).max * x", {"x": (2, 3)}),
        Check("aminmax(x, dim=0).min ^ 2", {"x": ()}),
    ),
)
def aminmax(input: Node, dim: int | None = None, keepdim: bool = False) -> aminmax_result:
    """The smallest and the largest element, of all or along dim; ties share the gradient."""
    form = {"dim": dim, "keepdim": keepdim}
    return aminmax_result(
        _aminmax(input, largest=False, **form), _aminmax(input, largest=True, **form)
    )
