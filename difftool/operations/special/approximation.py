"""What the kernels of special functions share: chunks in double precision, regions, polynomials.

`in_double` makes a kernel of a function of vectors of doubles. The function sees some thousand
elements at a time, so that its many intermediate results stay in the cache and fill no memory,
and single and half precision are rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.operations.registry import Array

# The elements of a chunk.
_CHUNK = 4096


def in_double(function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel for arrays of any floating dtype, which broadcast, from a function of vectors.

    The function takes as many vectors of doubles as the kernel has operands, and its parameters by
    keyword; it may overwrite none of the vectors.
    """

    @wraps(function)
    def kernel(*operands: Array, out: Array | None = None, **parameters: Any) -> Array:
        if out is None:
            shape = np.broadcast_shapes(*[x.shape for x in operands])
            out = np.empty(shape, np.result_type(*operands))
        roles: Any = [["readonly"]] * len(operands) + [["writeonly", "no_broadcast"]]
        with np.nditer(
            [*operands, out],
            flags=["external_loop", "buffered", "zerosize_ok", "copy_if_overlap"],
            op_flags=roles,
            op_dtypes=[float64] * len(roles),
            casting="same_kind",
            buffersize=_CHUNK,
        ) as chunks:
            for vectors in chunks:
                vectors[-1][...] = function(*vectors[:-1], **parameters)
        return out

    return kernel


def polynomial(coefficients: Sequence[float], x: Array) -> Array:
    """Horner's rule; the coefficients from the constant one upwards, two at least."""
    *others, last = coefficients
    value = x * last
    value += others[-1]
    for coefficient in reversed(others[:-1]):
        value *= x
        value += coefficient
    return value


def power_series(coefficients: Sequence[float], x: Node) -> Node:
    """As `polynomial`, in graph operations, for derivative rules."""
    value = x * coefficients[-1]
    for coefficient in coefficients[-2:0:-1]:
        value = (value + coefficient) * x
    return value + coefficients[0]


Piece = tuple[Any, Callable[..., Any]]


def piecewise(operands: Sequence[Array], *pieces: Piece) -> Array:
    """A function of vectors put together of `(where, function)`, each computed only there.

    The first piece counts where several do; where none does the value is nan.
    """
    value = np.full(operands[0].shape, np.nan)
    missing = np.ones(operands[0].shape, bool)
    for where, function in pieces:
        chosen = where & missing
        if chosen.all():
            value[...] = function(*operands)
            break
        if chosen.any():
            value[chosen] = function(*[x[chosen] for x in operands])
            missing &= ~chosen
    return value
