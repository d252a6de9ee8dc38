"""Fused operations: several in one pass over memory, for derivative graphs and blocks.

No text makes them and no family of the language holds them: `execute.rewrite` puts them in the
place of what they fuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from difftool.graph.node import Node
from difftool.operations import axes
from difftool.operations.accumulation import Accumulation
from difftool.operations.registry import Array, Operation, Type
from difftool.operations.shapes import reduced_shape

Dims = tuple[int, ...] | None

# Terms that are added up at once before their sums are added pairwise.
RUN = 256

# Elements that are multiplied at once where they don't stand in one row.
PIECE = 2**14

# The longest last dimension whose products are added up at once: in float32 more lose digits.
LONGEST = 1024


def _pieces(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """Parts of two arrays along their longest dimension, whose products take little memory."""
    axis = int(np.argmax(x.shape))
    count = max(1, min(x.shape[axis], x.size // PIECE))
    return zip(np.array_split(x, count, axis), np.array_split(y, count, axis), strict=True)


def _sum_of_products(x: Array, y: Array, *, dim: Dims, keepdim: bool) -> Any:
    if dim is not None:
        sums = np.vecdot(x, y)
        return sums[..., None] if keepdim else sums
    if not (x.flags.c_contiguous and y.flags.c_contiguous):
        total = np.sum([np.sum(first * second) for first, second in _pieces(x, y)])
        return np.reshape(total, (1,) * x.ndim) if keepdim else total
    first, second = x.reshape(-1), y.reshape(-1)
    whole = first.size // RUN * RUN
    sums = np.vecdot(first[:whole].reshape(-1, RUN), second[:whole].reshape(-1, RUN))
    total = np.sum(sums) + np.vecdot(first[whole:], second[whole:])
    return np.reshape(total, (1,) * x.ndim) if keepdim else total


def _sum_of_products_type(x: Node, y: Node, *, dim: Dims, keepdim: bool) -> Type:
    return Type(reduced_shape(x.shape, range(x.ndim) if dim is None else dim, keepdim), x.dtype)


# Over all elements, or over the last dimension if that is no longer than LONGEST.
sum_of_products = Operation(
    ("sum_of_products(input, other, dim: Dims | None, keepdim: bool)",),
    _sum_of_products,
    _sum_of_products_type,
    axes=axes.reduction,
    accumulation=Accumulation(_sum_of_products),
    meaning="Sum of x * y, without an array of the products.",
    example="",
)
