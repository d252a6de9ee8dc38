"""The norm of a difference: how far two tensors lie apart as a whole.

`linear.point_distances` has those between rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import boolean
from difftool.graph.node import Node, Number, Shape
from difftool.operations import axes
from difftool.operations.declare import promoted
from difftool.operations.reductions.vector_norm import norm_kernel, norm_rule
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import dtype_name, require_tensors


def _dist_type(input: Node, other: Node, *, p: Number = 2) -> Type:
    require_tensors("dist", input, other)
    shape, dtype, operand_dtype, _ = promoted(input, other)
    if dtype.kind != "f" or boolean in (input.dtype, other.dtype):
        raise DifftoolError(
            f"dist needs floating-point tensors, not {dtype_name(input.dtype)} and "
            f"{dtype_name(other.dtype)}",
            kind="dtype",
            hint="write the numbers with a point (2.0), or convert with .double()",
        )
    if not np.prod(shape) and (p < 0 or p == np.inf):
        raise DifftoolError(
            f"the {p}-norm of no elements is not defined", kind="shape", hint="give some elements"
        )
    return Type((), dtype, operand_dtype, {"p": p})


def _dist(x: Array, y: Array, *, p: Number) -> Any:
    difference = np.asarray(x - y)
    return norm_kernel(difference, ord=p, dim=None, keepdim=False, dtype=None)


def _summed(gradient: Node, shape: Shape) -> Node:
    """A gradient summed over the dimensions along which `shape` was broadcast to it."""
    missing = gradient.ndim - len(shape)
    padded = (1,) * missing + shape
    dims = [axis for axis, length in enumerate(gradient.shape) if length != padded[axis]]
    dims = sorted({*range(missing), *dims})
    if not dims:
        return gradient
    total: Node = ops.reshape(ops.sum(gradient, dim=tuple(dims)), shape)
    return total


def _difference_rule(g: Node, out: Node, x: Node, y: Node, p: Number) -> Node:
    return norm_rule(g, out, x - y, ord=p, dim=None, keepdim=False, dtype=None)


dist = Operation(
    ("dist(input, other, p: Number = 2)",),
    _dist,
    _dist_type,
    (
        lambda g, out, x, y, p: _summed(_difference_rule(g, out, x, y, p), x.shape),
        lambda g, out, x, y, p: _summed(-_difference_rule(g, out, x, y, p), y.shape),
    ),
    axes=axes.opaque,
    scratch=2,
    meaning="The p-norm of input - other.",
    example="dist([3., 4.], [0., 0.])",
    checks=(
        Check("dist(x, y)", {"x": (2, 3), "y": (3,)}),
        Check("dist(x, y, 3)", {"x": (3,), "y": ()}),
        Check("dist(x, y, 1.5)", {"x": (2,), "y": (2,)}),
    ),
)
