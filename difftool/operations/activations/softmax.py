"""The softmax family: shares of 1 along a dimension, by exponentials.

Kernels subtract the largest element first, so that none overflows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.graph.dtype import DType, float16, float32
from difftool.graph.node import Node, Operand
from difftool.operations import axes, batch
from difftool.operations.declare import (
    accumulator,
    overwriting,
    room,
)
from difftool.operations.registry import Array, Check, Operation, Type, composite, ops
from difftool.operations.shapes import normal_dim, require_float


class _AlongDim(Operation):
    """With `dtype` the tensor is converted first, by a node of its own."""

    def __call__(self, *operands: Operand, **parameters: Any) -> Node:
        dtype = parameters.pop("dtype", None)
        if dtype is not None:
            operands = tuple([ops.to(operand, dtype=dtype) for operand in operands])
        return super().__call__(*operands, **parameters)


def _along_dim(input: Node, *, dim: int) -> Type:
    require_float(input, "softmax")
    parameters = {"dim": normal_dim(dim, input.ndim)}
    operand_dtype = float32 if input.dtype == float16 else None
    return Type(input.shape, input.dtype, operand_dtype, parameters)


def _total(powers: Array, dim: int | None) -> Any:
    dtype = accumulator(powers.dtype, powers.shape, None if dim is None else (dim,))
    return np.sum(powers, axis=dim, keepdims=True, dtype=dtype).astype(powers.dtype)


def _shifted(x: Array, dim: int | None, out: Array | None) -> Array:
    """x less its maximum along dim."""
    shifted: Array = np.subtract(x, np.max(x, axis=dim, keepdims=True), out=out)
    return shifted


@overwriting
def _softmax(x: Array, dim: int, out: Array | None = None) -> Any:
    if x.size == 0:
        return x
    axis = dim if x.ndim else None
    out = room(x, out)
    powers = np.exp(_shifted(x, axis, out), out=out)
    return np.divide(powers, _total(powers, axis), out=out)


def _log_softmax(x: Array, dim: int, out: Array | None = None) -> Any:
    if x.size == 0:
        return x
    axis = dim if x.ndim else None
    out = room(x, out)
    shifted = _shifted(x, axis, out)
    return np.subtract(shifted, np.log(_total(np.exp(shifted), axis)), out=out)


def _softmax_parts(x: Node, dim: int) -> Node:
    """Exponentials of what each element is below the largest, over their sum."""
    powers: Node = ops.exp(x - ops.amax(x, dim=dim, keepdim=True))
    return powers / ops.sum(powers, dim=dim, keepdim=True)


softmax = _AlongDim(
    ("softmax(input, dim: int, dtype: DType | None = None)",),
    _softmax,
    _along_dim,
    (lambda g, out, x, dim: out * (g - ops.sum(g * out, dim=dim, keepdim=True)),),
    checks=(
        Check("softmax(x, 1)", {"x": (2, 3)}),
        Check("softmax(x, 0)", {"x": (3, 2, 2)}),
        Check("softmax(x, -1)", {"x": ()}),
    ),
    batch=batch.along,
    axes=axes.along,
    parts=_softmax_parts,
    meaning="exp(x) divided by its sum along dim.",
    example="softmax([[1., 2.], [3., 3.]], dim=1)",
    latex=r"\operatorname{{softmax}}\left({}\right)",
)

log_softmax = _AlongDim(
    ("log_softmax(input, dim: int, dtype: DType | None = None)",),
    _log_softmax,
    _along_dim,
    (lambda g, out, x, dim: g - ops.exp(out) * ops.sum(g, dim=dim, keepdim=True),),
    checks=(
        Check("log_softmax(x, 1)", {"x": (2, 3)}),
        Check("log_softmax(x, 0)", {"x": (3, 2, 2)}),
        Check("log_softmax(x, -1)", {"x": ()}),
    ),
    batch=batch.along,
    axes=axes.along,
    parts=lambda x, dim: x - ops.logsumexp(x, dim=dim, keepdim=True),
    scratch=1,
    meaning="The logarithm of softmax along dim.",
    example="log_softmax([[1., 2.], [3., 3.]], dim=1)",
    latex=r"\ln\operatorname{{softmax}}\left({}\right)",
)


# ----- As torch.nn.functional has them -----


def _implicit(dim: int | None, input: Node) -> int:
    """The dimension that torch.nn.functional takes where none is given."""
    if dim is not None:
        return dim
    return 0 if input.ndim in (0, 1, 3) else 1


@composite(
    "functional.softmax(input, dim: int | None = None, _stacklevel: int = 3, "
    "dtype: DType | None = None)",
    example="torch.nn.functional.softmax([[1., 2.], [3., 3.]])",
    aliases=("F.softmax",),
)
def functional_softmax(
    input: Node, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
) -> Node:
    """softmax along dim; without dim along 0 of a vector or of 3 dimensions, else along 1."""
    result: Node = ops.softmax(input, dim=_implicit(dim, input), dtype=dtype)
    return result


@composite(
    "functional.log_softmax(input, dim: int | None = None, _stacklevel: int = 3, "
    "dtype: DType | None = None)",
    example="torch.nn.functional.log_softmax([[1., 2.], [3., 3.]])",
    aliases=("F.log_softmax",),
)
def functional_log_softmax(
    input: Node, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
) -> Node:
    """The logarithm of functional.softmax."""
    result: Node = ops.log_softmax(input, dim=_implicit(dim, input), dtype=dtype)
    return result


@composite(
    "softmin(input, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None)",
    example="softmin([[1., 2.], [3., 3.]], dim=1)",
    checks=(Check("softmin(x, 1)", {"x": (2, 3)}),),
)
def softmin(
    input: Node, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
) -> Node:
    """softmax of -x."""
    result: Node = ops.softmax(-input, dim=_implicit(dim, input), dtype=dtype)
    return result
