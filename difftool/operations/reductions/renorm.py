"""`renorm`: parts of a tensor shortened to a largest norm.

`vector_norm` has the norms themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, float32, float64
from difftool.graph.node import Node, Number
from difftool.operations import axes
from difftool.operations.reductions.vector_norm import norm_kernel, norm_rule
from difftool.operations.registry import Array, Check, Operation, Type, ops
from difftool.operations.shapes import normal_dim, require_float

# PyTorch adds it to a norm that it divides by.
_TINY = 1e-7


def _renorm_type(input: Node, *, p: Number, dim: int, maxnorm: Number) -> Type:
    require_float(input, "renorm")
    if input.ndim < 2 or p <= 0 or maxnorm < 0:
        raise DifftoolError(
            f"renorm takes a tensor of two dimensions or more, p > 0 and maxnorm >= 0, "
            f"not shape {input.shape}, p={p} and maxnorm={maxnorm}",
            kind="argument",
            hint="renorm(input, p, dim, maxnorm) limits the norm of each part along dim",
        )
    parameters = {"p": p, "dim": normal_dim(dim, input.ndim), "maxnorm": maxnorm}
    return Type(input.shape, input.dtype, None, parameters)


def _others(x: Any, dim: int) -> tuple[int, ...]:
    return tuple([axis for axis in range(x.ndim) if axis != dim])


def _renorm(x: Array, *, p: Number, dim: int, maxnorm: Number) -> Any:
    exact: DType = float64 if x.dtype == float32 else x.dtype
    wide = x.astype(exact, copy=False)
    norm = norm_kernel(wide, ord=p, dim=_others(x, dim), keepdim=True, dtype=None)
    factor = np.where(norm > maxnorm, maxnorm / (norm + _TINY), 1)
    return x * factor.astype(x.dtype, copy=False)


def _renorm_rule(g: Node, out: Node, x: Node, p: Number, dim: int, maxnorm: Number) -> Node:
    """Where the norm is limited, that of maxnorm x / norm."""
    form: dict[str, Any] = {"dim": _others(x, dim), "keepdim": True}
    norm: Node = ops.vector_norm(x, ord=p, **form)
    of_norm = norm_rule(ops.sum(x * g, **form), norm, x, ord=p, dtype=None, **form)
    inverse = ops.reciprocal(norm + _TINY)
    gradient: Node = ops.where(
        ops.gt(norm, maxnorm), maxnorm * inverse * (g - inverse * of_norm), g
    )
    return gradient


def _renorm_axes(node: Node) -> axes.Axes:
    """Each part is seen whole."""
    dim = node.parameters["dim"]
    labels = tuple([axis if axis == dim else None for axis in range(node.ndim)])
    return axes.Axes(labels, (labels,))


renorm = Operation(
    ("renorm(input, p: Number, dim: int, maxnorm: Number)",),
    _renorm,
    _renorm_type,
    (_renorm_rule,),
    axes=_renorm_axes,
    scratch=lambda node: 0 if node.dtype == float64 else 3,
    meaning="input with each part along dim shortened to p-norm maxnorm if it is longer.",
    example="renorm([[3., 4.], [0.3, 0.4]], 2, 0, 1.)",
    checks=(
        Check("renorm(x, 2, 0, 1.) ^ 2", {"x": (2, 3)}),
        Check("renorm(x, 1, 1, 2.) ^ 2", {"x": (2, 2)}, kinks=(0.0,)),
        Check("renorm(x, 3, -1, 0.5) ^ 2", {"x": (2, 1, 2)}, kinks=(0.0,)),
    ),
)
